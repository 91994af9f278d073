using System.Diagnostics;
using LinkCodec.Codec;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tool.Comparison;

/// <summary>LinkCodec over the messages, as they go over a link.</summary>
internal static class LinkCodecRun
{
    private const int MaxBatchBytes = 4 << 20;

    /// <summary>
    /// Measures with every segment decodable alone, and verifies every message by taking the segments apart and
    /// decoding.
    /// </summary>
    /// <exception cref="LinkException">A message did not come back as it was.</exception>
    public static async Task<CodecFigures> MeasureAsync(
        string name, Predictor predictor, IReadOnlyList<byte[]> messages, int mtu, int threads, Action<int> onMessage,
        CancellationToken cancellationToken)
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

            List<DataFrame> frames = segments.Take(all: next == messages.Count);
            watch.Stop();
            foreach (DecodedFrame frame in await codec.DecodeAsync(frames, cancellationToken))
            {
                verifier.Add(frame);
            }

            onMessage(next);
        }

        verifier.Finish();
        return new CodecFigures(name, payload, segments.WireBytes, segments.Segments, watch.Elapsed.TotalSeconds,
            Packing.Segments);
    }

    /// <summary>
    /// Measures with each message coded from all before it, as on a link whose receiver has acknowledged them, and
    /// verifies as the other does.
    /// </summary>
    /// <remarks>The messages are coded one after the other: the speed of a single stream.</remarks>
    /// <returns>The figures; null when the predictor learns nothing from message to message.</returns>
    /// <exception cref="LinkException">A message did not come back as it was.</exception>
    public static async Task<CodecFigures?> MeasureAckedAsync(
        string name, Predictor predictor, IReadOnlyList<byte[]> messages, int mtu, int threads, Action<int> onMessage,
        CancellationToken cancellationToken)
    {
        using SenderContext? sender = SenderContext.For(predictor, everyMessage: true);
        using ReceiverContext? receiver = ReceiverContext.For(predictor);
        if (sender is null || receiver is null)
        {
            return null;
        }

        using MessageCodec codec = new(predictor, SegmentCount.UnitSize(mtu), threads);
        SegmentCount segments = new(mtu, predictor.FrequencyBits);
        Verifier verifier = new(name, messages, (_, message) => message, receiver.Add);
        Stopwatch watch = new();
        long payload = 0;
        for (int next = 0; next < messages.Count; next++)
        {
            watch.Start();
            sender.Advance(cancellationToken);
            OutgoingMessage message = new((ulong)next, messages[next]);
            EncodedMessage encoded = (await codec.EncodeAsync(new EncodingBatch([message], sender.Current, sender.Base),
                cancellationToken))[0];
            payload += encoded.CodedLength;
            segments.Add(encoded);
            sender.Add(message);
            sender.OnAcknowledged(sender.Next);
            List<DataFrame> frames = segments.Take(all: next == messages.Count - 1);
            watch.Stop();

            // In their order, since a frame may start from the messages of the one before it.
            foreach (DataFrame frame in frames)
            {
                StreamContext? context = null;
                LinkErrorCode code = frame.Base == 0
                    ? LinkErrorCode.None
                    : receiver.TryGet(frame.Base, out context, cancellationToken);
                verifier.Add(code == LinkErrorCode.None
                    ? (await codec.DecodeAsync(new DecodingBatch([frame], [context]), cancellationToken))[0]
                    : new DecodedFrame(frame, code, []));
                receiver.Recycle();
            }

            onMessage(next + 1);
        }

        verifier.Finish();
        return new CodecFigures(name, payload, segments.WireBytes, segments.Segments, watch.Elapsed.TotalSeconds,
            Packing.Segments);
    }
}
