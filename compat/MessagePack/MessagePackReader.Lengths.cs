using System.Buffers;

namespace MessagePack;

public ref partial struct MessagePackReader
{
    private const long NanosecondsPerTick = 100;

    public DateTime ReadDateTime() => ReadDateTime(ReadExtensionFormatHeader());

    /// <summary>A timestamp whose header was read before; finer than 100 ns is cut off.</summary>
    public DateTime ReadDateTime(ExtensionHeader header)
    {
        if (header.TypeCode != ReservedMessagePackExtensionTypeCode.DateTime)
        {
            throw new MessagePackSerializationException($"Extension TypeCode is invalid. typeCode: {header.TypeCode}");
        }

        ulong nanoseconds = 0;
        long seconds;
        switch (header.Length)
        {
            case 4:
                seconds = (long)ReadBigEndian(4);
                break;
            case 8:
                ulong both = ReadBigEndian(8);
                nanoseconds = both >> 34;
                seconds = (long)(both & 0x3_FFFF_FFFF);
                break;
            case 12:
                nanoseconds = ReadBigEndian(4);
                seconds = (long)ReadBigEndian(8);
                break;
            default:
                throw new MessagePackSerializationException($"Length of extension was {header.Length}. Either 4, 8 or 12 were expected.");
        }

        return DateTime.UnixEpoch.AddSeconds(seconds).AddTicks((long)nanoseconds / NanosecondsPerTick);
    }

    public ExtensionResult ReadExtensionFormat()
    {
        ExtensionHeader header = ReadExtensionFormatHeader();
        return new ExtensionResult(header.TypeCode, ReadRaw(header.Length));
    }

    /// <summary>Type and length; refuses a length that the bytes which are left cannot hold.</summary>
    public ExtensionHeader ReadExtensionFormatHeader()
    {
        RequireBytes(TryReadExtensionFormatHeader(out ExtensionHeader header));
        RequireBytes(_reader.Remaining >= header.Length);
        return header;
    }

    public bool TryReadExtensionFormatHeader(out ExtensionHeader extensionHeader)
    {
        extensionHeader = default;
        if (!_reader.TryPeek(out byte code))
        {
            return false;
        }

        Expect(MessagePackCode.ToMessagePackType(code) == MessagePackType.Extension);
        _reader.Advance(1);
        ulong length;
        if (code >= MessagePackCode.FixExt1)
        {
            length = 1UL << (code - MessagePackCode.FixExt1);
        }
        else if (!TryReadBigEndian(1 << (code - MessagePackCode.Ext8), out length))
        {
            return false;
        }

        if (!_reader.TryRead(out byte type))
        {
            return false;
        }

        extensionHeader = new ExtensionHeader((sbyte)type, (uint)length);
        return true;
    }

    /// <summary>Passes the next value with all that it contains. Needs no stack, however deep the value nests.</summary>
    public void Skip()
    {
        // Values still to pass. Each takes at least a byte, so that the sum of all counts stays far under 2^63 before the bytes end.
        for (long left = 1; left > 0; left--)
        {
            byte code = NextCode;
            switch (MessagePackCode.ToMessagePackType(code))
            {
                case MessagePackType.Nil or MessagePackType.Boolean:
                    _reader.Advance(1);
                    break;
                case MessagePackType.Integer:
                    ReadInteger(out _);
                    break;
                case MessagePackType.Float:
                    ReadBigEndianAfterCode(code == MessagePackCode.Float32 ? 4 : 8);
                    break;
                case MessagePackType.String:
                    ReadRaw(ReadStringLength());
                    break;
                case MessagePackType.Binary:
                    ReadRaw(ReadBytesLength());
                    break;
                case MessagePackType.Extension:
                    ReadRaw(ReadExtensionFormatHeader().Length);
                    break;
                case MessagePackType.Array:
                    left += ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    left += 2L * ReadMapHeader();
                    break;
                default:
                    throw Unexpected(code);
            }
        }
    }

    private ulong ReadBigEndian(int size)
    {
        RequireBytes(TryReadBigEndian(size, out ulong value));
        return value;
    }

    private int ReadStringLength()
    {
        byte code = NextCode;
        Expect(MessagePackCode.ToMessagePackType(code) == MessagePackType.String);
        return code <= MessagePackCode.MaxFixStr
            ? ReadShortLength(code)
            : checked((int)ReadBigEndianAfterCode(1 << (code - MessagePackCode.Str8)));
    }

    /// <summary>Binary, or a string: writers of the old specification had no other form for bytes.</summary>
    private int ReadBytesLength()
    {
        byte code = NextCode;
        if (code is MessagePackCode.Bin8 or MessagePackCode.Bin16 or MessagePackCode.Bin32)
        {
            return checked((int)ReadBigEndianAfterCode(1 << (code - MessagePackCode.Bin8)));
        }

        Expect(code != MessagePackCode.Str8);
        return ReadStringLength();
    }

    private int ReadShortLength(byte code)
    {
        _reader.Advance(1);
        return code & 0x1f;
    }

    private bool TryReadCount(MessagePackType type, byte code16, byte code32, out int count)
    {
        count = -1;
        if (!_reader.TryPeek(out byte code))
        {
            return false;
        }

        Expect(MessagePackCode.ToMessagePackType(code) == type);
        _reader.Advance(1);
        ulong value = (ulong)(code & 0x0f);
        if ((code == code16 && !TryReadBigEndian(2, out value)) || (code == code32 && !TryReadBigEndian(4, out value)))
        {
            return false;
        }

        count = checked((int)value);
        return true;
    }
}
