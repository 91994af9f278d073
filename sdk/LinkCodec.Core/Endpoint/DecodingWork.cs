using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Data frames that a receiver has to decode, in the order in which they came, as far as the contexts that they start
/// from are there.
/// </summary>
internal sealed class DecodingWork(
    object owner, Predictor predictor, ReceiverContext? context, IReadOnlyList<DataFrame> frames, int maxExpansion)
    : CodingWork(owner, predictor)
{
    /// <summary>The batch that the decoders run, once the work was prepared: the first of the frames.</summary>
    public DecodingBatch Batch { get; private set; } = null!;

    /// <summary>The frames that were asked for.</summary>
    public IReadOnlyList<DataFrame> Frames => frames;

    /// <summary>
    /// The number of frames that were taken; those behind them start from what these hold, and their turn comes next.
    /// </summary>
    public int Taken { get; private set; }

    /// <summary>
    /// Whether the first frame that was not taken names messages that this end does not have; it counts as taken.
    /// </summary>
    public LinkErrorCode ContextError { get; private set; }

    public override long MessageBytes => Batch.Results.Where(frame => frame.Frame.IsCoded)
        .Sum(frame => frame.Messages.Sum(message => (long)message.Length));

    public override void Prepare(CancellationToken cancellationToken)
    {
        List<DataFrame> decodable = [];
        List<StreamContext?> contexts = [];
        HashSet<ulong> bases = [];
        for (; Taken < frames.Count; Taken++)
        {
            DataFrame frame = frames[Taken];
            if (bases.Add(frame.Base) && bases.Count > ContextLimits.Versions + 1)
            {
                break; // No honest sender has more at a time; each takes memory.
            }

            StreamContext? start = null;
            LinkErrorCode code = frame.Base == 0
                ? LinkErrorCode.None
                : context?.TryGet(frame.Base, out start, cancellationToken) ?? LinkErrorCode.Malformed;
            if (code != LinkErrorCode.None)
            {
                // What a frame starts from came before it, but perhaps in this very batch.
                (ContextError, Taken) = decodable.Count > 0 ? (LinkErrorCode.None, Taken) : (code, Taken + 1);
                break;
            }

            decodable.Add(frame);
            contexts.Add(start);
        }

        Batch = new DecodingBatch(decodable, contexts, maxExpansion);
    }
}
