using System.Diagnostics;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tool.Comparison;

/// <summary>LinkCodec over the messages, every segment decodable alone, as it goes over a link.</summary>
internal static class LinkCodecRun
{
    private const int MaxBatchBytes = 4 << 20;

    /// <summary>Measures, and verifies every message by taking the segments apart and decoding.</summary>
    /// <exception cref="LinkException">A message did not come back as it was.</exception>
    public static async Task<CodecFigures> MeasureAsync(
        string name, Predictor predictor, IReadOnlyList<byte[]> messages, int mtu, int threads, Action<int> onMessage, CancellationToken cancellationToken)
    {
        using MessageCodec codec = new(predictor, SegmentCount.UnitSize(mtu), threads);
        SegmentCount segments = new(mtu, predictor.FrequencyBits);
        Verifier verifier = new(name, messages, (_, message) => message);
        Stopwatch watch = new();
        long payload = 0;
        for (int next = 0; next < messages.Count;)
        {
            List<OutgoingMessage> batch = [];
            for (int bytes = 0; next < messages.Count && bytes < MaxBatchBytes; bytes += messages[next++].Length)
            {
                batch.Add(new OutgoingMessage((ulong)next, messages[next]));
            }

            watch.Start();
            EncodedMessage[] encoded = await codec.EncodeAsync(batch, cancellationToken);
            foreach (EncodedMessage message in encoded)
            {
                payload += message.CodedLength;
                segments.Add(message);
            }

            List<ReceivedFrame> frames = segments.Take(all: next == messages.Count);
            watch.Stop();
            foreach (DecodedFrame frame in await codec.DecodeAsync(frames, cancellationToken))
            {
                verifier.Add(frame);
            }

            onMessage(next);
        }

        verifier.Finish();
        return new CodecFigures(name, payload, segments.WireBytes, segments.Segments, watch.Elapsed.TotalSeconds);
    }
}
