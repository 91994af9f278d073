using System.Diagnostics;
using LinkCodec.Baselines;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tool.Comparison;

/// <summary>
/// A baseline over the messages: each compressed alone, and stored in the frames and segments that LinkCodec takes for
/// what it does not code.
/// </summary>
internal static class BaselineRun
{
    private const byte Expanded = 0;

    /// <summary>Measures, and verifies every message by taking the segments apart and decompressing.</summary>
    /// <remarks>
    /// A message that a baseline would expand by more than a byte travels as one byte that says so and the raw bytes.
    /// </remarks>
    /// <exception cref="LinkException">A message did not come back as it was.</exception>
    public static CodecFigures Measure(IBaselineCodec baseline, IReadOnlyList<byte[]> messages, int mtu,
        Action<int> onMessage, CancellationToken cancellationToken)
    {
        SegmentCount segments = new(mtu);
        bool[] isRaw = new bool[messages.Count];
        Verifier verifier = new(baseline.Name, messages,
            (i, coded) => isRaw[i] ? coded[1..] : Decompress(baseline, coded.Span, messages[i].Length));
        Stopwatch watch = new();
        long payload = 0;
        List<OutgoingMessage> stored = [];
        for (int i = 0; i < messages.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[] message = messages[i];
            watch.Start();
            byte[] coded = baseline.Compress(message);
            watch.Stop();
            isRaw[i] = coded.Length > message.Length + 1;
            coded = isRaw[i] ? [Expanded, .. message] : coded;
            payload += coded.Length;
            stored.Add(new OutgoingMessage((ulong)i, coded));
            onMessage(i + 1);
        }

        List<IReadOnlyList<DataFrame>> units =
            [.. StoredContent.Pack(stored, SegmentCount.UnitSize(mtu)).Select(segments.Add)];
        foreach (DecodedFrame frame in new DecodingBatch(units).Results)
        {
            verifier.Add(frame);
        }

        verifier.Finish();
        return new CodecFigures(baseline.Name, payload, segments.WireBytes, segments.Segments,
            watch.Elapsed.TotalSeconds);
    }

    private static byte[] Decompress(IBaselineCodec baseline, ReadOnlySpan<byte> coded, int length)
    {
        try
        {
            return baseline.Decompress(coded, length);
        }
        catch (BaselineException e)
        {
            throw new LinkException(LinkErrorCode.Malformed,
                $"{baseline.Name} did not give a message back: {e.Message}", e);
        }
    }
}
