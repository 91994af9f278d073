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

    /// <summary>Measures on this thread; throws when a piece does not come back as it was.</summary>
    public static ColdFigures Measure(Predictor model, IReadOnlyList<byte[]> pieces)
    {
        long start = Stopwatch.GetTimestamp();
        EncodedMessage[] encoded = Encode(model, pieces);
        Verify(model, pieces, Samples.Frames(encoded, model.FrequencyBits));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new ColdFigures(
            pieces.Count, pieces.Sum(piece => (long)piece.Length), encoded.Sum(Cost),
            encoded.Count(message => message.IsStored), Wire(encoded, model.FrequencyBits), seconds);
    }

    /// <summary>Codes messages from the start state, numbered from 0.</summary>
    public static EncodedMessage[] Encode(Predictor model, IReadOnlyList<byte[]> messages, int lanes = Lanes)
    {
        using MessageEncoder encoder = new(model, lanes, Samples.UnitSize);
        EncodingBatch batch = new([.. messages.Select((message, i) => new OutgoingMessage((ulong)i, message))]);
        encoder.Run(batch);
        return batch.ToArray();
    }

    /// <summary>
    /// Whole bytes of a message's own code; a stored one says in a byte that it is, as a baseline's does.
    /// </summary>
    public static long Cost(EncodedMessage message) => message.CodedLength + (message.IsStored ? 1 : 0);

    /// <summary>Decodes frames and compares what they hold, in order, with the messages.</summary>
    public static void Verify(Predictor model, IReadOnlyList<byte[]> messages, IReadOnlyList<DataFrame> frames,
        int lanes = Lanes)
    {
        using FrameDecoder decoder = new(model, lanes);
        DecodingBatch batch = new(frames);
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

    private static long Wire(EncodedMessage[] encoded, int frequencyBits)
    {
        UnitPacker packer = new(Samples.UnitSize, frequencyBits);
        Array.ForEach(encoded, packer.Add);
        long wire = 0;
        while (packer.HasPending)
        {
            wire += packer.Build().Data.Length + SegmentSealer.Overhead;
        }

        return wire;
    }
}
