using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Endpoint;

/// <summary>Messages that a sender has to code, from one context.</summary>
internal sealed class EncodingWork(
    object owner, Predictor predictor, int maxUnitSize, SenderContext? context, IReadOnlyList<OutgoingMessage> messages,
    ContentHint hint)
    : CodingWork(owner, predictor)
{
    /// <summary>Bytes that data frames may take in one segment.</summary>
    public int MaxUnitSize => maxUnitSize;

    /// <summary>The messages.</summary>
    public IReadOnlyList<OutgoingMessage> Messages => messages;

    /// <summary>The batch that the encoders run, once the work was prepared.</summary>
    public EncodingBatch Batch { get; private set; } = null!;

    public override long MessageBytes => messages.Sum(message => (long)message.Content.Length);

    /// <summary>The coded messages, once the encoders have returned.</summary>
    public IEnumerable<EncodedMessage> Coded => hint == ContentHint.Compressed
        ? messages.Select(message => EncodedMessage.Store(message, maxUnitSize))
        : Batch.ToArray();

    public override void Prepare(CancellationToken cancellationToken)
    {
        context?.Advance(cancellationToken);
        Batch = new EncodingBatch(hint == ContentHint.Compressed ? [] : messages, context?.Current, context?.Base ?? 0)
        {
            Hint = hint,
        };
    }
}
