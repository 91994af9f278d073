using System.Text.Unicode;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Framing;

/// <summary>A cursor over the frames of one segment's plaintext. Peer bytes: never throws, never allocates.</summary>
/// <remarks>
/// <c>while (reader.TryRead(out Frame frame)) { ... } if (reader.Error != LinkErrorCode.None) { ... }</c>.
/// A caller that must not act on half a segment walks it twice: <see cref="Validate"/> first (spec 4.1-1).
/// </remarks>
internal ref struct FrameReader
{
    private readonly int _length;
    private ReadOnlySpan<byte> _rest;
    private bool _inUnit;

    /// <summary>A cursor at the first frame of <paramref name="plaintext"/>.</summary>
    public FrameReader(ReadOnlySpan<byte> plaintext)
    {
        _rest = plaintext;
        _length = plaintext.Length;
    }

    /// <summary><see cref="LinkErrorCode.Malformed"/> once the bytes broke the spec; the cursor then stands still.</summary>
    public LinkErrorCode Error { get; private set; }

    /// <summary>Bytes of the segment that were read.</summary>
    public readonly int Consumed => _length - _rest.Length;

    /// <summary>Walks a whole segment: <see cref="LinkErrorCode.None"/> when each of its bytes belongs to a frame that the spec knows.</summary>
    public static LinkErrorCode Validate(ReadOnlySpan<byte> plaintext)
    {
        FrameReader reader = new(plaintext);
        while (reader.TryRead(out _))
        {
        }

        return reader.Error;
    }

    /// <summary>Reads the next frame; <see langword="false"/> at the end of the segment or at the first malformed byte, see <see cref="Error"/>.</summary>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        if (_rest.IsEmpty || Error != LinkErrorCode.None)
        {
            return false;
        }

        bool isData = DataFrameReader.IsDataFrame(_rest[0]);

        // spec 4.1-2: what follows a data frame is a data frame.
        bool read = (isData || !_inUnit) && (isData ? TryReadData(out frame) : TryReadOther(out frame));
        _inUnit |= isData;
        if (!read)
        {
            frame = default;
            Error = LinkErrorCode.Malformed; // spec 4.1-1
        }

        return read;
    }

    private bool TryReadData(out Frame frame)
    {
        ReadOnlySpan<byte> after = _rest;
        if (!DataFrameReader.TryRead(ref after, out _))
        {
            frame = default;
            return false;
        }

        frame = new Frame { Type = (FrameType)_rest[0], Bytes = _rest[..^after.Length] };
        _rest = after;
        return true;
    }

    private bool TryReadOther(out Frame frame)
    {
        FrameType type = (FrameType)_rest[0];
        switch (type)
        {
            case FrameType.Padding or FrameType.Ping:
                frame = new Frame { Type = type };
                _rest = _rest[1..];
                return true;
            case FrameType.End:
                return TryReadEnd(out frame);
            case FrameType.Report:
                return TryReadReport(out frame);
            case FrameType.Close:
                return TryReadClose(out frame);
            case FrameType.Control:
                return TryReadControl(out frame);
            default:
                frame = default;
                return false; // Unknown, or reserved for repairs.
        }
    }

    private bool TryReadEnd(out Frame frame)
    {
        bool read = TryReadInteger(1, out ulong total, out int at);
        frame = new Frame { Type = FrameType.End, Value = total };
        _rest = read ? _rest[at..] : _rest;
        return read;
    }

    private bool TryReadReport(out Frame frame)
    {
        frame = default;
        if (!TryReadInteger(1, out ulong largest, out int at) || at == _rest.Length)
        {
            return false;
        }

        int length = _rest[at++];

        // spec 4.2-1: bounded, no spare zero byte, no counter under zero.
        if (length > FrameLimits.MaxReportBitmap || length > _rest.Length - at)
        {
            return false;
        }

        ReadOnlySpan<byte> bitmap = _rest.Slice(at, length);
        if (length > 0)
        {
            ulong deepest = (ulong)((8 * (length - 1)) + int.Log2(bitmap[^1] | 1)) + 1;
            if (bitmap[^1] == 0 || deepest > largest)
            {
                return false;
            }
        }

        frame = new Frame { Type = FrameType.Report, Value = largest, Bytes = bitmap };
        _rest = _rest[(at + length)..];
        return true;
    }

    private bool TryReadClose(out Frame frame)
    {
        frame = default;
        if (!TryReadInteger(1, out ulong code, out int at) || at == _rest.Length)
        {
            return false;
        }

        int length = _rest[at++];

        // spec 4.2-2
        if (length > FrameLimits.MaxCloseText || length > _rest.Length - at || !Utf8.IsValid(_rest.Slice(at, length)))
        {
            return false;
        }

        frame = new Frame { Type = FrameType.Close, Value = code, Bytes = _rest.Slice(at, length) };
        _rest = _rest[(at + length)..];
        return true;
    }

    private bool TryReadControl(out Frame frame)
    {
        frame = default;

        // spec 4.2-3
        if (!TryReadInteger(1, out ulong length, out int at) || length > FrameLimits.MaxControl || length > (ulong)(_rest.Length - at))
        {
            return false;
        }

        frame = new Frame { Type = FrameType.Control, Bytes = _rest.Slice(at, (int)length) };
        _rest = _rest[(at + (int)length)..];
        return true;
    }

    private readonly bool TryReadInteger(int start, out ulong value, out int end)
    {
        bool read = VarInt.TryRead(_rest[start..], out value, out int size);
        end = start + size;
        return read;
    }
}
