using System.Buffers;
using System.Buffers.Binary;

namespace MessagePack;

public ref partial struct MessagePackReader
{
    public byte ReadByte() => checked((byte)ReadUInt64());

    public ushort ReadUInt16() => checked((ushort)ReadUInt64());

    public uint ReadUInt32() => checked((uint)ReadUInt64());

    public ulong ReadUInt64()
    {
        ulong value = ReadInteger(out bool negative);
        return negative ? throw new OverflowException() : value;
    }

    public sbyte ReadSByte() => checked((sbyte)ReadInt64());

    public short ReadInt16() => checked((short)ReadInt64());

    public int ReadInt32() => checked((int)ReadInt64());

    public long ReadInt64()
    {
        ulong value = ReadInteger(out bool negative);
        return negative ? (long)value : checked((long)value);
    }

    public char ReadChar() => (char)ReadUInt16();

    public float ReadSingle() => NextCode switch
    {
        MessagePackCode.Float32 => BitConverter.UInt32BitsToSingle((uint)ReadBigEndianAfterCode(4)),
        MessagePackCode.Float64 => (float)ReadDouble(),
        _ => ReadInteger(out bool negative) is ulong value && negative ? (long)value : value,
    };

    public double ReadDouble() => NextCode switch
    {
        MessagePackCode.Float32 => ReadSingle(),
        MessagePackCode.Float64 => BitConverter.UInt64BitsToDouble(ReadBigEndianAfterCode(8)),
        _ => ReadInteger(out bool negative) is ulong value && negative ? (long)value : value,
    };

    /// <summary>An integer of any encoding: its value, or its two's complement when negative.</summary>
    private ulong ReadInteger(out bool negative)
    {
        byte code = NextCode;
        negative = false;
        if (code <= MessagePackCode.MaxFixInt)
        {
            _reader.Advance(1);
            return code;
        }

        if (code is >= MessagePackCode.UInt8 and <= MessagePackCode.UInt64)
        {
            return ReadBigEndianAfterCode(1 << (code - MessagePackCode.UInt8));
        }

        long value;
        if (code >= MessagePackCode.MinNegativeFixInt)
        {
            _reader.Advance(1);
            value = (sbyte)code;
        }
        else
        {
            Expect(code is >= MessagePackCode.Int8 and <= MessagePackCode.Int64);
            int size = 1 << (code - MessagePackCode.Int8);
            int unused = 64 - (8 * size);
            value = (long)(ReadBigEndianAfterCode(size) << unused) >> unused;
        }

        negative = value < 0;
        return (ulong)value;
    }

    private ulong ReadBigEndianAfterCode(int size)
    {
        RequireBytes(_reader.Remaining > size);
        _reader.Advance(1);
        RequireBytes(TryReadBigEndian(size, out ulong value));
        return value;
    }

    private bool TryReadBigEndian(int size, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        bool read = _reader.TryCopyTo(bytes[(8 - size)..]);
        if (read)
        {
            _reader.Advance(size);
        }

        value = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return read;
    }
}
