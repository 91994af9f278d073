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
    private int _leftOver;

    /// <summary>The batch that the encoders run; null where <see cref="PackBlocks"/> is to be called instead.</summary>
    public EncodingBatch? Batch => batch;

    /// <summary>The messages.</summary>
    public IReadOnlyList<OutgoingMessage> Messages => messages;

    /// <summary>The effort that was chosen.</summary>
    public Effort Effort { get; init; }

    /// <summary>When the work was handed out.</summary>
    public Primitives.Timestamp StartedAt { get; init; }

    /// <summary>Bytes of a unit at most.</summary>
    public int MaxUnitSize { get; init; }

    /// <summary>Whether the last block need not be full.</summary>
    public bool EndsShort { get; init; }

    /// <summary>The units of blocks; empty otherwise.</summary>
    public IReadOnlyList<PackedUnit> Blocks { get; private set; } = [];

    /// <summary>The messages that were not packed, because they fill no block.</summary>
    public IEnumerable<OutgoingMessage> LeftOver => messages.Skip(messages.Count - _leftOver);

    public override long MessageBytes => messages.SkipLast(_leftOver).Sum(message => (long)message.Content.Length);

    /// <summary>Makes blocks of the messages.</summary>
    public void PackBlocks(BlockUnits packer) => Blocks = packer.Pack(messages, MaxUnitSize, EndsShort, out _leftOver);
}
