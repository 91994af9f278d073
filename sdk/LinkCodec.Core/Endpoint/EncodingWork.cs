using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Endpoint;

/// <summary>Messages that a sender has to code.</summary>
/// <param name="owner">The part of the endpoint that waits for the work.</param>
/// <param name="predictor">The model.</param>
/// <param name="messages">The messages.</param>
/// <param name="batch">The batch that the encoders run.</param>
internal sealed class EncodingWork(
    object owner, Predictor predictor, IReadOnlyList<OutgoingMessage> messages, EncodingBatch batch)
    : CodingWork(owner, predictor)
{
    /// <summary>The batch that the encoders run.</summary>
    public EncodingBatch Batch => batch;

    /// <summary>The messages.</summary>
    public IReadOnlyList<OutgoingMessage> Messages => messages;

    public override long MessageBytes => messages.Sum(message => (long)message.Content.Length);
}
