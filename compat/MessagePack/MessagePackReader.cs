using System.Buffers;
using System.Text;

namespace MessagePack;

/// <summary>Reads MessagePack values one after another.</summary>
/// <exception cref="MessagePackSerializationException">Another kind of value stands there.</exception>
/// <exception cref="EndOfStreamException">The bytes end before the value does.</exception>
/// <exception cref="OverflowException">The number does not fit the type that was asked for.</exception>
public ref partial struct MessagePackReader
{
    private SequenceReader<byte> _reader;

    public MessagePackReader(ReadOnlyMemory<byte> memory)
    {
        _reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(memory));
        CancellationToken = default;
        Depth = 0;
    }

    public MessagePackReader(in ReadOnlySequence<byte> readOnlySequence)
    {
        _reader = new SequenceReader<byte>(readOnlySequence);
        CancellationToken = default;
        Depth = 0;
    }

    public CancellationToken CancellationToken { get; set; }

    /// <summary>How deep the caller is; see <see cref="MessagePackSecurity.DepthStep"/>.</summary>
    public int Depth { get; set; }

    public ReadOnlySequence<byte> Sequence => _reader.Sequence;

    public SequencePosition Position => _reader.Position;

    public long Consumed => _reader.Consumed;

    public bool End => _reader.End;

    public bool IsNil => NextCode == MessagePackCode.Nil;

    public MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    public byte NextCode
    {
        get
        {
            RequireBytes(_reader.TryPeek(out byte code));
            return code;
        }
    }

    public MessagePackReader Clone(in ReadOnlySequence<byte> readOnlySequence) => new(readOnlySequence)
    {
        CancellationToken = CancellationToken,
        Depth = Depth,
    };

    public MessagePackReader CreatePeekReader() => this;

    public Nil ReadNil()
    {
        Expect(NextCode == MessagePackCode.Nil);
        _reader.Advance(1);
        return Nil.Default;
    }

    public bool TryReadNil()
    {
        if (NextCode != MessagePackCode.Nil)
        {
            return false;
        }

        _reader.Advance(1);
        return true;
    }

    public bool ReadBoolean()
    {
        byte code = NextCode;
        Expect(code is MessagePackCode.True or MessagePackCode.False);
        _reader.Advance(1);
        return code == MessagePackCode.True;
    }

    /// <summary>The number of elements; refuses a count that the bytes which are left cannot hold.</summary>
    public int ReadArrayHeader()
    {
        RequireBytes(TryReadArrayHeader(out int count));
        RequireBytes(_reader.Remaining >= count); // At least one byte each: nobody allocates for elements that cannot be there.
        return count;
    }

    public bool TryReadArrayHeader(out int count) =>
        TryReadCount(MessagePackType.Array, MessagePackCode.Array16, MessagePackCode.Array32, out count);

    /// <summary>The number of pairs; refuses a count that the bytes which are left cannot hold.</summary>
    public int ReadMapHeader()
    {
        RequireBytes(TryReadMapHeader(out int count));
        RequireBytes(_reader.Remaining >= 2L * count);
        return count;
    }

    public bool TryReadMapHeader(out int count) =>
        TryReadCount(MessagePackType.Map, MessagePackCode.Map16, MessagePackCode.Map32, out count);

    public ReadOnlySequence<byte>? ReadBytes() => TryReadNil() ? null : ReadRaw(ReadBytesLength());

    public ReadOnlySequence<byte>? ReadStringSequence() => TryReadNil() ? null : ReadRaw(ReadStringLength());

    /// <summary>The UTF-8 bytes of a string that lies in one piece; otherwise nothing is consumed.</summary>
    public bool TryReadStringSpan(out ReadOnlySpan<byte> span)
    {
        span = default;
        if (IsNil)
        {
            return false;
        }

        SequenceReader<byte> before = _reader;
        int length = ReadStringLength();
        RequireBytes(_reader.Remaining >= length);
        if (_reader.UnreadSpan.Length < length)
        {
            _reader = before;
            return false;
        }

        span = _reader.UnreadSpan[..length];
        _reader.Advance(length);
        return true;
    }

    public string? ReadString()
    {
        ReadOnlySequence<byte>? bytes = ReadStringSequence();
        return bytes is { } utf8 ? Encoding.UTF8.GetString(utf8) : null;
    }

    public ReadOnlySequence<byte> ReadRaw(long length)
    {
        RequireBytes(length >= 0 && _reader.Remaining >= length);
        ReadOnlySequence<byte> result = _reader.Sequence.Slice(_reader.Position, length);
        _reader.Advance(length);
        return result;
    }

    /// <summary>The next value with all that it contains, undecoded.</summary>
    public ReadOnlySequence<byte> ReadRaw()
    {
        SequencePosition start = Position;
        Skip();
        return Sequence.Slice(start, Position);
    }

    private static void RequireBytes(bool enough)
    {
        if (!enough)
        {
            throw new EndOfStreamException();
        }
    }

    private void Expect(bool matches)
    {
        if (!matches)
        {
            throw Unexpected(NextCode);
        }
    }

    private static MessagePackSerializationException Unexpected(byte code) =>
        new($"Unexpected msgpack code {code} ({MessagePackCode.ToFormatName(code)}) encountered.");
}
