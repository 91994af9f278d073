using System.Buffers;
using System.Buffers.Binary;

namespace MessagePack;

/// <summary>Writes MessagePack values, each in its smallest form; <see cref="Flush"/> hands the bytes to the buffer writer.</summary>
public ref partial struct MessagePackWriter
{
    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _buffered;

    public MessagePackWriter(IBufferWriter<byte> writer)
    {
        _output = writer;
        _span = default;
        _buffered = 0;
        CancellationToken = default;
        OldSpec = false;
    }

    public CancellationToken CancellationToken { get; set; }

    /// <summary>Whether to write without the formats that came with the binary type.</summary>
    public bool OldSpec { get; set; }

    public readonly MessagePackWriter Clone(IBufferWriter<byte> writer) => new(writer)
    {
        OldSpec = OldSpec,
        CancellationToken = CancellationToken,
    };

    /// <summary>Hands over everything that was written since the last call.</summary>
    public void Flush()
    {
        if (_buffered > 0)
        {
            _output.Advance(_buffered);
        }

        _buffered = 0;
        _span = default;
    }

    /// <summary>At least <paramref name="length"/> bytes to fill, then to <see cref="Advance"/> over.</summary>
    public Span<byte> GetSpan(int length)
    {
        if (_span.Length - _buffered < length || _span.IsEmpty)
        {
            Flush();
            _span = _output.GetSpan(length);
        }

        return _span[_buffered..];
    }

    public void Advance(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _span.Length - _buffered);
        _buffered += length;
    }

    public void WriteNil() => WriteCode(MessagePackCode.Nil);

    public void Write(bool value) => WriteCode(value ? MessagePackCode.True : MessagePackCode.False);

    public void WriteRaw(ReadOnlySpan<byte> rawMessagePackBlock)
    {
        if (!rawMessagePackBlock.IsEmpty)
        {
            rawMessagePackBlock.CopyTo(GetSpan(rawMessagePackBlock.Length));
            Advance(rawMessagePackBlock.Length);
        }
    }

    public void WriteRaw(in ReadOnlySequence<byte> rawMessagePackBlock)
    {
        foreach (ReadOnlyMemory<byte> segment in rawMessagePackBlock)
        {
            WriteRaw(segment.Span);
        }
    }

    public void WriteArrayHeader(int count) => WriteArrayHeader((uint)count);

    public void WriteArrayHeader(uint count) =>
        WriteCount(count, MessagePackCode.MinFixArray, MessagePackRange.MaxFixArrayCount, MessagePackCode.Array16);

    public void WriteMapHeader(int count) => WriteMapHeader((uint)count);

    public void WriteMapHeader(uint count) =>
        WriteCount(count, MessagePackCode.MinFixMap, MessagePackRange.MaxFixMapCount, MessagePackCode.Map16);

    private void WriteCount(uint count, byte fix, int fixMax, byte code16)
    {
        if (count <= fixMax)
        {
            WriteCode((byte)(fix | count));
        }
        else if (count <= ushort.MaxValue)
        {
            WriteBigEndian(code16, count, 2);
        }
        else
        {
            WriteBigEndian((byte)(code16 + 1), count, 4);
        }
    }

    private void WriteCode(byte code)
    {
        GetSpan(1)[0] = code;
        Advance(1);
    }

    /// <summary>A first byte and the low <paramref name="size"/> bytes of a number.</summary>
    private void WriteBigEndian(byte code, ulong value, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Span<byte> span = GetSpan(1 + size);
        span[0] = code;
        bytes[(8 - size)..].CopyTo(span[1..]);
        Advance(1 + size);
    }
}
