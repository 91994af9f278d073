using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>A row of frames that small messages could travel in: those that are closed, and the last one, which may
/// still grow.</summary>
internal readonly record struct PackingWay
{
    private const long Never = long.MaxValue / 4;

    // Bytes are counted here of the frames but the last with their lengths, of the last frame's content (where it is
    // stored, with all lengths but the last), of its last message, and of its first message's code, were it alone.
    private readonly long _closed;
    private readonly int _bytes;
    private readonly int _last;
    private readonly int _alone;
    private readonly ulong _first;
    private readonly ulong _base;
    private readonly long _information;
    private readonly bool _isCoded;
    private readonly int _count;

    private PackingWay(EncodedMessage first, bool isCoded, long closed)
    {
        (_first, _base, _isCoded, _closed) = (first.Source.Number, first.Base, isCoded, closed);
        (_count, _information, _alone) = (1, first.Information, first.CodeLength);
        _bytes = _last = first.Source.Content.Length;
    }

    private PackingWay(in PackingWay before, EncodedMessage next)
    {
        this = before;
        _last = next.Source.Content.Length;
        _bytes += _last + (_isCoded ? 0 : VarInt.Length((ulong)before._last));
        _information += next.Information;
        _count++;
    }

    /// <summary>Bytes of all frames, of which the last runs to the end of the segment; more than anything else where
    /// there is no such way.</summary>
    public long Size => Measure(toEnd: true);

    /// <summary>The way with one more message, in the same frame if that can be.</summary>
    public PackingWay Add(EncodedMessage message, bool isCoded, int maxUnitSize)
    {
        OutgoingMessage source = message.Source;
        bool isPossible = isCoded
            ? message.Decisions is not null
            : source.Content.Length + DataFrameWriter.HeaderLength(DataFrameKind.Stored, source.Number) <= maxUnitSize;
        if (!isPossible)
        {
            return new PackingWay(message, isCoded, Never);
        }

        // spec 5.5-2
        bool hasItsBase = !isCoded || message.Base == _base;
        bool isSame = _count is > 0 and < CompressionLimits.FrameMessages && isCoded == _isCoded && hasItsBase;
        return isSame ? new PackingWay(this, message) : new PackingWay(message, isCoded, Measure(toEnd: false));
    }

    private long Measure(bool toEnd)
    {
        if (_count == 0 || _closed >= Never)
        {
            return _count == 0 ? 0 : Never;
        }

        DataFrameKind stored = _count == 1 ? DataFrameKind.Stored : DataFrameKind.StoredMany;

        // A code takes at most a byte more than it tells, and each message tells a tenth of a bit more than it says.
        long code = _count == 1 ? _alone : 1 + ((_information + (26L * _count)) / PackingCost.Byte);
        int payload = _isCoded ? (int)Math.Max(code, CompressionLimits.Payload(_bytes, _count)) : _bytes;
        int length = toEnd ? DataFrameWriter.ToEnd : payload;
        DataFrameKind kind = _isCoded ? DataFrameKind.Coded : stored;
        return _closed + payload + DataFrameWriter.HeaderLength(kind, _first, 0, length, _base);
    }
}
