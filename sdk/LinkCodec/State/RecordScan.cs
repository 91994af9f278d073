using System.Buffers.Binary;
using LinkCodec.Core.Primitives;

namespace LinkCodec.State;

/// <summary>Reads the records of a file, one after the other. Not thread-safe.</summary>
/// <param name="file">The file; the caller closes it.</param>
/// <param name="at">Where the first record begins.</param>
internal sealed class RecordScan(IStateFile file, long at)
{
    private const int Chunk = 1 << 16;

    private byte[] _buffer = new byte[Chunk];
    private int _start;
    private int _end;

    /// <summary>Where the next record begins.</summary>
    public long At { get; private set; } = at;

    /// <summary>Reads the next record.</summary>
    /// <param name="end">Where the records that are to be read end.</param>
    /// <param name="record">The record; valid until the next call.</param>
    /// <returns>False at the end, and where no whole record stands whose checksum is right.</returns>
    public bool TryNext(long end, out Record record)
    {
        record = default;
        if (!Fill(RecordBuffer.HeaderLength, end))
        {
            return false;
        }

        ReadOnlySpan<byte> head = _buffer.AsSpan(_start, RecordBuffer.HeaderLength);
        int length = BinaryPrimitives.ReadInt32LittleEndian(head);
        uint check = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        if (length < 1 || length > end - At - RecordBuffer.HeaderLength
            || !Fill(RecordBuffer.HeaderLength + length, end))
        {
            return false;
        }

        ReadOnlySpan<byte> whole = _buffer.AsSpan(_start, RecordBuffer.HeaderLength + length);
        ReadOnlyMemory<byte> body = _buffer.AsMemory(_start + RecordBuffer.HeaderLength, length);
        if (RecordBuffer.Crc32C(RecordBuffer.Crc32C(0, whole[..4]), body.Span) != check)
        {
            return false;
        }

        record = new Record(body);
        _start += whole.Length;
        At += whole.Length;
        return true;
    }

    // The next bytes of the file, in the buffer.
    private bool Fill(int wanted, long end)
    {
        if (_end - _start >= wanted)
        {
            return true;
        }

        if (end - At < wanted)
        {
            return false;
        }

        byte[] target = wanted > _buffer.Length ? new byte[wanted] : _buffer;
        _buffer.AsSpan(_start.._end).CopyTo(target);
        (_end, _start, _buffer) = (_end - _start, 0, target);
        int most = (int)Math.Min(_buffer.Length - _end, end - At - _end);
        _end += file.Read(_buffer.AsSpan(_end, most), At + _end);
        return _end >= wanted;
    }
}

/// <summary>A record of a log: its type, numbers and bytes, read in their order.</summary>
internal ref struct Record
{
    private ReadOnlySpan<byte> _rest;

    public Record(ReadOnlyMemory<byte> body)
    {
        Type = body.Span[0];
        _rest = body.Span[1..];
    }

    /// <summary>The type.</summary>
    public byte Type { get; }

    /// <summary>The bytes behind the numbers that were read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Reads the next number.</summary>
    /// <exception cref="LinkStateException">There is none: its checksum is right, but the record is not.</exception>
    public ulong ReadNumber()
    {
        if (!VarInt.TryRead(_rest, out ulong number, out int length))
        {
            throw new LinkStateException("A record of the state is not what this version writes.");
        }

        _rest = _rest[length..];
        return number;
    }
}
