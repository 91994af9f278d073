using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>A row of frames that small messages could travel in: those that are closed, and the last one, which may still grow.</summary>
internal readonly record struct PackingWay
{
    private const long Never = long.MaxValue / 4;

    private readonly long _closed; // Bytes of the frames but the last, with their lengths.
    private readonly ulong _first;
    private readonly ulong _base;
    private readonly long _information;
    private readonly bool _isCoded;
    private readonly int _count;
    private readonly int _bytes;  // Of content, where it is stored with all lengths but the last.
    private readonly int _last;   // Bytes of the last message.
    private readonly int _alone;  // Bytes of the first message's code, were it alone.

    private PackingWay(EncodedMessage first, bool isCoded, long closed)
    {
        (_first, _base, _information, _isCoded, _closed) = (first.Source.Number, first.Base, first.Information, isCoded, closed);
        (_count, _bytes, _last, _alone) = (1, first.Source.Content.Length, first.Source.Content.Length, first.CodeLength);
    }

    private PackingWay(in PackingWay before, EncodedMessage next)
    {
        this = before;
        _last = next.Source.Content.Length;
        _bytes += _last + (_isCoded ? 0 : VarInt.Length((ulong)before._last));
        _information += next.Information;
        _count++;
    }

    /// <summary>Bytes of all frames, of which the last runs to the end of the segment; more than anything else where there is no such way.</summary>
    public long Size => Measure(toEnd: true);

    /// <summary>The way with one more message, in the same frame if that can be.</summary>
    public PackingWay Add(EncodedMessage message, bool isCoded, int maxUnitSize)
    {
        bool isPossible = isCoded
            ? message.Decisions is not null
            : message.Source.Content.Length + DataFrameWriter.HeaderLength(DataFrameKind.Stored, message.Source.Number) <= maxUnitSize;
        bool isSame = _count is > 0 and < CompressionLimits.FrameMessages && isCoded == _isCoded && (!isCoded || message.Base == _base); // spec 5.5-2
        return !isPossible ? new PackingWay(message, isCoded, Never) : isSame ? new PackingWay(this, message) : new PackingWay(message, isCoded, Measure(toEnd: false));
    }

    private long Measure(bool toEnd)
    {
        if (_count == 0 || _closed >= Never)
        {
            return _count == 0 ? 0 : Never;
        }

        DataFrameKind kind = _isCoded ? DataFrameKind.Coded : _count == 1 ? DataFrameKind.Stored : DataFrameKind.StoredMany;

        // A code takes a byte more than what it tells, at most, and each message tells a tenth of a bit more than it says.
        long code = _count == 1 ? _alone : 1 + ((_information + (26L * _count)) / PackingCost.Byte);
        int payload = _isCoded ? (int)Math.Max(code, CompressionLimits.Payload(_bytes, _count)) : _bytes;
        return _closed + payload + DataFrameWriter.HeaderLength(kind, _first, 0, toEnd ? DataFrameWriter.ToEnd : payload, _base);
    }
}
