using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Endpoint;

/// <summary>
/// Units that a receiver has to decode, in the order in which they came, as far as the contexts that they start from
/// are there.
/// </summary>
internal sealed class DecodingWork : CodingWork
{
    // A frame that keeps its context takes memory.
    private const int MostKept = ReceiverContexts.Slots;

    private readonly int _decodable;

    /// <summary>Takes as many units as can be decoded side by side.</summary>
    /// <param name="owner">The part of the endpoint that waits for the work.</param>
    /// <param name="predictor">The model.</param>
    /// <param name="contexts">The contexts that units start from; null where there are none.</param>
    /// <param name="units">The units that wait.</param>
    /// <param name="maxExpansion">Bytes of content that a byte of code may stand for.</param>
    /// <param name="compressors">Makes what restores blocks; null where blocks are refused.</param>
    public DecodingWork(
        object owner, Predictor predictor, ReceiverContexts? contexts, IReadOnlyList<IReadOnlyList<DataFrame>> units,
        int maxExpansion, BlockCompressorFactory? compressors = null)
        : base(owner, predictor, compressors)
    {
        Units = units;
        List<IReadOnlyList<DataFrame>> decodable = [];
        List<StreamContext?> starts = [];
        HashSet<int> kept = [];
        int keeping = 0;
        for (; Taken < units.Count; Taken++)
        {
            DataFrame first = units[Taken].FirstOrDefault(frame => frame.IsCoded);
            if (kept.Contains(first.Base) || keeping >= MostKept)
            {
                break; // What it starts from is decoded in this very batch.
            }

            StreamContext? start = null;
            LinkErrorCode code = first.Base == 0
                ? LinkErrorCode.None
                : contexts?.TryGet(units[Taken], out start) ?? LinkErrorCode.Malformed;
            if (code != LinkErrorCode.None)
            {
                // An earlier unit of the batch may turn out to be refused: then nothing behind it counts.
                (ContextError, Taken) = decodable.Count > 0 ? (LinkErrorCode.None, Taken) : (code, Taken + 1);
                break;
            }

            decodable.Add(units[Taken]);
            starts.Add(start);
            foreach (DataFrame frame in units[Taken].Where(frame => frame.Keep != 0))
            {
                kept.Add(frame.Keep);
                keeping++;
            }
        }

        _decodable = decodable.Count;
        Batch = new DecodingBatch(decodable, starts, contexts?.Pool, maxExpansion);
    }

    /// <summary>The batch that the decoders run: the first of the units.</summary>
    public DecodingBatch Batch { get; }

    /// <summary>The content of the units that were taken, unit by unit, once the decoders have returned.</summary>
    public IEnumerable<IEnumerable<DecodedFrame>> Decoded
    {
        get
        {
            int at = 0;
            foreach (IReadOnlyList<DataFrame> unit in Units.Take(_decodable))
            {
                yield return Batch.Results.Skip(at).Take(unit.Count);
                at += unit.Count;
            }
        }
    }

    /// <summary>The units that were asked for.</summary>
    public IReadOnlyList<IReadOnlyList<DataFrame>> Units { get; }

    /// <summary>
    /// The number of units that were taken; those behind them start from what these leave behind, and their turn comes
    /// next.
    /// </summary>
    public int Taken { get; }

    /// <summary>
    /// Whether the first unit that was not taken starts from what this end does not have; it counts as taken.
    /// </summary>
    public LinkErrorCode ContextError { get; }

    public override long MessageBytes => Batch.Results.Where(frame => frame.Frame.IsCoded)
        .Sum(frame => frame.Messages.Sum(message => (long)message.Length));
}
