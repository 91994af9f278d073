using System.Diagnostics;
using LinkCodec.Codec;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tool.Comparison;

/// <summary>LinkCodec over the messages, as they go over a link.</summary>
internal static class LinkCodecRun
{
    private const int MaxBatchBytes = 4 << 20;
    private const int LeastShare = 64 << 10;
    private const int MostShares = 16;

    /// <summary>
    /// Measures with every segment decodable alone, or with each going on from the one before it, as on a link whose
    /// receiver has acknowledged them, and verifies every message by taking the segments apart and decoding.
    /// </summary>
    /// <returns>The figures; null where segments are to go on and the predictor learns nothing from message to
    /// message.</returns>
    /// <exception cref="LinkException">A message did not come back as it was.</exception>
    public static async Task<CodecFigures?> MeasureAsync(
        string name, Predictor predictor, IReadOnlyList<byte[]> messages, int mtu, int threads, bool isChained,
        Action<int> onMessage, CancellationToken cancellationToken)
    {
        if (isChained && !predictor.KeepsContext)
        {
            return null;
        }

        using MessageCodec codec = new(predictor, threads);
        using ContextPool pool = new(predictor);
        using ReceiverContexts receiver = new(pool, isChained: true);
        SegmentCount segments = new(mtu);
        Verifier verifier = new(name, messages, (_, message) => message);
        UnitStream stream = new(predictor, pool, SegmentCount.UnitSize(mtu), isChained);
        Stopwatch watch = new();
        for (int next = 0; next < messages.Count;)
        {
            List<OutgoingMessage> batch = [];
            for (int bytes = 0; next < messages.Count && bytes < MaxBatchBytes; bytes += messages[next++].Length)
            {
                batch.Add(new OutgoingMessage((ulong)next, messages[next]));
            }

            watch.Start();
            int shares = (int)Math.Clamp(batch.Sum(one => (long)one.Content.Length) / LeastShare, 1, MostShares);
            EncodingBatch coded = stream.Begin(batch, shares, ContentHint.Auto);
            await codec.EncodeAsync(coded, cancellationToken);
            stream.End(coded);
            List<IReadOnlyList<DataFrame>> units = [];
            while (stream.TryTake(mayClose: next == messages.Count, out PackedUnit? unit))
            {
                units.Add(segments.Add(unit));
            }

            watch.Stop();
            await DecodeAsync(units, codec, isChained ? receiver : null, verifier, cancellationToken);
            onMessage(next);
        }

        verifier.Finish();
        return new CodecFigures(
            name, segments.PayloadBytes, segments.WireBytes, segments.Segments, watch.Elapsed.TotalSeconds,
            Packing.Segments);
    }

    // Chained segments in their order, since each starts where the one before it has ended.
    private static async Task DecodeAsync(
        List<IReadOnlyList<DataFrame>> units, MessageCodec codec, ReceiverContexts? contexts, Verifier verifier,
        CancellationToken cancellationToken)
    {
        int size = contexts is null ? Math.Max(1, units.Count) : 1;
        foreach (IReadOnlyList<DataFrame>[] part in units.Chunk(size))
        {
            DecodingWork work = new(codec, codec.Predictor, contexts, part, CompressionLimits.FrameExpansion);
            IReadOnlyList<DecodedFrame> frames = await codec.DecodeAsync(work.Batch, cancellationToken);
            contexts?.Keep(frames);
            foreach (DecodedFrame frame in frames)
            {
                verifier.Add(frame);
            }

            if (work.Taken != part.Length || work.ContextError != LinkErrorCode.None)
            {
                throw new LinkException(LinkErrorCode.Malformed, "A segment starts from what was not kept.");
            }
        }
    }
}
