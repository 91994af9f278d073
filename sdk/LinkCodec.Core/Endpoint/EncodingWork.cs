using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Endpoint;

/// <summary>Messages that a sender has to code.</summary>
/// <param name="owner">The part of the endpoint that waits for the work.</param>
/// <param name="predictor">The model.</param>
/// <param name="compressors">Makes the compressors of blocks; null where there are none.</param>
/// <param name="messages">The messages.</param>
/// <param name="batch">The batch that the encoders run; null where the messages become blocks.</param>
internal sealed class EncodingWork(
    object owner, Predictor predictor, BlockCompressorFactory? compressors, IReadOnlyList<OutgoingMessage> messages,
    EncodingBatch? batch)
    : CodingWork(owner, predictor, compressors)
{
    // A share ends with a block that need not be full: of so many bytes it is one in fifty.
    private const int LeastShare = 128 << 10;
    private const int LeastPrimedShare = 256 << 10;

    private int[] _ends = [];
    private List<PackedUnit>[] _blocks = [];
    private int _leftOver;

    /// <summary>The batch that the encoders run; null where <see cref="PackBlocks"/> is to be called instead.</summary>
    public EncodingBatch? Batch => batch;

    /// <summary>The messages.</summary>
    public IReadOnlyList<OutgoingMessage> Messages => messages;

    /// <summary>The parts of a message that holds samples, which are to be coded instead; null for other
    /// messages.</summary>
    public MediaBatch? Media { get; init; }

    /// <summary>Whether the messages were left out before, and go before all that is coded by now.</summary>
    public bool IsEarlier { get; init; }

    /// <summary>The effort that was chosen.</summary>
    public Effort Effort { get; init; }

    /// <summary>When the work was handed out.</summary>
    public Primitives.Timestamp StartedAt { get; init; }

    /// <summary>Bytes of a unit at most.</summary>
    public int MaxUnitSize { get; init; }

    /// <summary>Whether the last block need not be full.</summary>
    public bool EndsShort { get; init; }

    /// <summary>The units of blocks, or of codes of primed mixing; empty otherwise.</summary>
    public IReadOnlyList<PackedUnit> Blocks => [.. _blocks.SelectMany(units => units)];

    /// <summary>The messages that were not packed, because they fill no block.</summary>
    public IEnumerable<OutgoingMessage> LeftOver => messages.Skip(messages.Count - _leftOver);

    public override long MessageBytes => Media?.MessageBytes
        ?? messages.SkipLast(_leftOver).Sum(message => (long)message.Length);

    /// <summary>Divides the messages among workers, each of which calls <see cref="PackBlocks"/> for a share.</summary>
    /// <param name="most">The most shares, one at least.</param>
    /// <returns>The number of shares.</returns>
    public int Divide(int most)
    {
        long all = messages.Sum(message => (long)message.Length);
        int shares = (int)Math.Clamp(all / (Effort == Effort.Primed ? LeastPrimedShare : LeastShare), 1, most);
        List<int> ends = [];
        long bytes = 0;
        for (int i = 0; i < messages.Count && ends.Count < shares - 1; i++)
        {
            bytes += messages[i].Length;
            if (bytes >= all * (ends.Count + 1) / shares)
            {
                ends.Add(i + 1);
            }
        }

        _ends = [.. ends, messages.Count];
        _blocks = new List<PackedUnit>[_ends.Length];
        return _ends.Length;
    }

    /// <summary>Makes blocks of a share of the messages; the shares may be packed at the same time.</summary>
    public void PackBlocks(int share, BlockUnits packer)
    {
        OutgoingMessage[] own = ShareOf(share, out bool isLast);
        _blocks[share] = packer.Pack(own, MaxUnitSize, EndsShort || !isLast, out int leftOver);
        if (isLast)
        {
            _leftOver = leftOver; // the only share that may write it
        }
    }

    /// <summary>Makes codes of primed mixing of a share of the messages; the shares may be packed at the same
    /// time.</summary>
    public void PackPrimed(int share, PrimedUnits packer)
    {
        OutgoingMessage[] own = ShareOf(share, out bool isLast);
        _blocks[share] = packer.Pack(own, MaxUnitSize, EndsShort || !isLast, out int leftOver);
        if (isLast)
        {
            _leftOver = leftOver; // the only share that may write it
        }
    }

    private OutgoingMessage[] ShareOf(int share, out bool isLast)
    {
        int first = share == 0 ? 0 : _ends[share - 1];
        isLast = share == _ends.Length - 1;
        return [.. messages.Skip(first).Take(_ends[share] - first)];
    }
}
