using System.Diagnostics;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// Pieces through the codec, each alone: coded, put into a frame of its own, decoded from that and compared.
/// </summary>
internal static class ColdMeasurement
{
    private const int Lanes = 32;
    private const int LeastShare = 16 << 10;
    private const int MostShares = 16;

    /// <summary>Measures on this thread; throws when a piece does not come back as it was.</summary>
    public static ColdFigures Measure(Predictor model, IReadOnlyList<byte[]> pieces)
    {
        long start = Stopwatch.GetTimestamp();
        CodedMessages[] encoded = Encode(model, pieces);
        Verify(model, pieces, Samples.Units(encoded));
        long wire = Wire(model, pieces);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new ColdFigures(
            pieces.Count, pieces.Sum(piece => (long)piece.Length), encoded.Sum(Cost),
            encoded.Count(message => message.IsStored), wire, seconds);
    }

    /// <summary>
    /// Codes messages, each alone from the start state or so many after one another, numbered from 0.
    /// </summary>
    public static CodedMessages[] Encode(
        Predictor model, IReadOnlyList<byte[]> messages, int lanes = Lanes, int together = 1)
    {
        using MessageEncoder encoder = new(model, lanes);
        LoneMessages batch = new(model, Number(messages), together: together);
        encoder.Run(batch);
        return batch.Take();
    }

    /// <summary>Whole bytes of a message's own code; a stored one says in a byte that it is, as a baseline's
    /// does.</summary>
    public static long Cost(CodedMessages message) => message.CodedLength + (message.IsStored ? 1 : 0);

    /// <summary>Numbers messages from 0 on.</summary>
    public static OutgoingMessage[] Number(IReadOnlyList<byte[]> messages) =>
        [.. messages.Select((message, i) => new OutgoingMessage((ulong)i, message))];

    /// <summary>Decodes units and compares what they hold, in order, with the messages.</summary>
    public static void Verify(Predictor model, IReadOnlyList<byte[]> messages,
        IReadOnlyList<IReadOnlyList<DataFrame>> units, int lanes = Lanes)
    {
        using FrameDecoder decoder = new(model, lanes);
        DecodingBatch batch = new(units);
        decoder.Run(batch);
        MessageAssembler assembler = new(ordered: true);
        int next = 0;
        foreach (DecodedFrame frame in batch.Results)
        {
            if (frame.Error != LinkErrorCode.None || assembler.Add(frame) != LinkErrorCode.None)
            {
                throw new InvalidOperationException($"A frame did not decode in batch {lanes}: {frame.Error}.");
            }

            while (assembler.TryTake(out ReceivedMessage message))
            {
                if (!message.Content.Span.SequenceEqual(messages[next++]))
                {
                    throw new InvalidOperationException(
                        $"Message {message.Number} did not come back as it was from batch {lanes}.");
                }
            }
        }

        if (next != messages.Count)
        {
            throw new InvalidOperationException(
                $"{messages.Count - next} messages did not come back from batch {lanes}.");
        }
    }

    // As on a link that hears nothing back.
    private static long Wire(Predictor model, IReadOnlyList<byte[]> messages)
    {
        using ContextPool contexts = new(model);
        using UnitStream stream = new(model, contexts, Samples.UnitSize, isChained: false);
        using MessageEncoder encoder = new(model, Lanes);
        int shares = (int)Math.Clamp(messages.Sum(message => (long)message.Length) / LeastShare, 1, MostShares);
        EncodingBatch batch = stream.Begin(Number(messages), shares, ContentHint.Auto);
        encoder.Run(batch);
        stream.End(batch);
        long wire = 0;
        while (stream.TryTake(mayClose: true, out PackedUnit? unit))
        {
            wire += unit.ToBytes(isShort: false, Samples.UnitSize).Length + SegmentSealer.Overhead;
            contexts.Return(unit.State);
        }

        return wire;
    }
}
