using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MessagePack;

public ref partial struct MessagePackWriter
{
    public void Write(byte value) => Write((ulong)value);

    public void Write(ushort value) => Write((ulong)value);

    public void Write(uint value) => Write((ulong)value);

    public void Write(char value) => Write((ulong)value);

    public void Write(ulong value)
    {
        switch (value)
        {
            case <= MessagePackRange.MaxFixPositiveInt: WriteCode((byte)value); break;
            case <= byte.MaxValue: WriteUInt8((byte)value); break;
            case <= ushort.MaxValue: WriteUInt16((ushort)value); break;
            case <= uint.MaxValue: WriteUInt32((uint)value); break;
            default: WriteUInt64(value); break;
        }
    }

    public void Write(sbyte value) => Write((long)value);

    public void Write(short value) => Write((long)value);

    public void Write(int value) => Write((long)value);

    public void Write(long value)
    {
        switch (value)
        {
            case >= 0: Write((ulong)value); break;
            case >= MessagePackRange.MinFixNegativeInt: WriteCode((byte)value); break;
            case >= sbyte.MinValue: WriteInt8((sbyte)value); break;
            case >= short.MinValue: WriteInt16((short)value); break;
            case >= int.MinValue: WriteInt32((int)value); break;
            default: WriteInt64(value); break;
        }
    }

    public void WriteUInt8(byte value) => WriteBigEndian(MessagePackCode.UInt8, value, 1);

    public void WriteUInt16(ushort value) => WriteBigEndian(MessagePackCode.UInt16, value, 2);

    public void WriteUInt32(uint value) => WriteBigEndian(MessagePackCode.UInt32, value, 4);

    public void WriteUInt64(ulong value) => WriteBigEndian(MessagePackCode.UInt64, value, 8);

    public void WriteInt8(sbyte value) => WriteBigEndian(MessagePackCode.Int8, (ulong)value, 1);

    public void WriteInt16(short value) => WriteBigEndian(MessagePackCode.Int16, (ulong)value, 2);

    public void WriteInt32(int value) => WriteBigEndian(MessagePackCode.Int32, (ulong)value, 4);

    public void WriteInt64(long value) => WriteBigEndian(MessagePackCode.Int64, (ulong)value, 8);

    public void Write(float value) => WriteBigEndian(MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value), 4);

    public void Write(double value) => WriteBigEndian(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value), 8);

    /// <summary>A timestamp in the shortest of its three forms; local time becomes UTC.</summary>
    public void Write(DateTime dateTime)
    {
        if (OldSpec)
        {
            throw new NotSupportedException("The MsgPack spec does not define a format for DateTime in OldSpec mode.");
        }

        if (dateTime.Kind == DateTimeKind.Local)
        {
            dateTime = dateTime.ToUniversalTime();
        }

        (long seconds, long ticks) = Math.DivRem(dateTime.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);
        if (ticks < 0)
        {
            (seconds, ticks) = (seconds - 1, ticks + TimeSpan.TicksPerSecond);
        }

        ulong nanoseconds = (ulong)ticks * NanosecondsPerTick;
        Span<byte> payload = stackalloc byte[12];
        if (seconds >> 34 != 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(payload[4..], seconds);
        }
        else if (nanoseconds == 0 && seconds <= uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)seconds);
            payload = payload[..4];
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(payload, (nanoseconds << 34) | (ulong)seconds);
            payload = payload[..8];
        }

        WriteExtensionFormatHeader(new ExtensionHeader(ReservedMessagePackExtensionTypeCode.DateTime, payload.Length));
        payload.CopyTo(GetSpan(payload.Length));
        Advance(payload.Length);
    }

    public void Write(byte[]? src)
    {
        if (src is null)
        {
            WriteNil();
        }
        else
        {
            Write(src.AsSpan());
        }
    }

    public void Write(ReadOnlySpan<byte> src)
    {
        WriteBinHeader(src.Length);
        WriteRaw(src);
    }

    public void Write(in ReadOnlySequence<byte> src)
    {
        WriteBinHeader(checked((int)src.Length));
        WriteRaw(src);
    }

    public void WriteBinHeader(int length)
    {
        if (OldSpec)
        {
            WriteStringHeader(length);
        }
        else
        {
            WriteLength((uint)length, MessagePackCode.Bin8);
        }
    }

    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
        }
        else
        {
            Write(value.AsSpan());
        }
    }

    public void Write(ReadOnlySpan<char> value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(length);
        if (length > 0)
        {
            Encoding.UTF8.GetBytes(value, GetSpan(length));
            Advance(length);
        }
    }

    public void WriteString(ReadOnlySpan<byte> utf8stringBytes)
    {
        WriteStringHeader(utf8stringBytes.Length);
        WriteRaw(utf8stringBytes);
    }

    public void WriteString(in ReadOnlySequence<byte> utf8stringBytes)
    {
        WriteStringHeader(checked((int)utf8stringBytes.Length));
        WriteRaw(utf8stringBytes);
    }

    public void WriteStringHeader(int byteCount)
    {
        if (byteCount <= MessagePackRange.MaxFixStringLength)
        {
            WriteCode((byte)(MessagePackCode.MinFixStr | byteCount));
        }
        else if (OldSpec && byteCount <= byte.MaxValue)
        {
            WriteBigEndian(MessagePackCode.Str16, (uint)byteCount, 2);
        }
        else
        {
            WriteLength((uint)byteCount, MessagePackCode.Str8);
        }
    }

    public void WriteExtensionFormatHeader(ExtensionHeader extensionHeader)
    {
        uint length = extensionHeader.Length;
        if (length is 1 or 2 or 4 or 8 or 16)
        {
            WriteCode((byte)(MessagePackCode.FixExt1 + uint.Log2(length)));
        }
        else
        {
            WriteLength(length, MessagePackCode.Ext8);
        }

        WriteCode((byte)extensionHeader.TypeCode);
    }

    public void WriteExtensionFormat(ExtensionResult extensionData)
    {
        WriteExtensionFormatHeader(extensionData.Header);
        WriteRaw(extensionData.Data);
    }

    private const ulong NanosecondsPerTick = 100;

    private void WriteLength(uint length, byte code8)
    {
        switch (length)
        {
            case <= byte.MaxValue: WriteBigEndian(code8, length, 1); break;
            case <= ushort.MaxValue: WriteBigEndian((byte)(code8 + 1), length, 2); break;
            default: WriteBigEndian((byte)(code8 + 2), length, 4); break;
        }
    }
}
