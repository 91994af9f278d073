using System.Diagnostics;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Benchmarks.Language;

/// <summary>Packed in batch 32 and in batch 1, which must give the same frames; unpacked in the other batch, which must give the same bytes.</summary>
internal static class RoundTrip
{
    private const int Batch = 32;

    /// <summary>Packs and unpacks messages.</summary>
    /// <exception cref="InvalidOperationException">Something did not come back as it was.</exception>
    public static RoundTripFigures Measure(Predictor model, IReadOnlyList<byte[]> messages)
    {
        long start = Stopwatch.GetTimestamp();
        List<ReceivedFrame> together = Pack(model, messages, Batch);
        List<ReceivedFrame> alone = Pack(model, messages, 1);
        if (together.Count != alone.Count || !together.Zip(alone).All(pair => pair.First.Payload.Span.SequenceEqual(pair.Second.Payload.Span)))
        {
            throw new InvalidOperationException($"Batches of {Batch} and of 1 gave other frames.");
        }

        Unpack(model, messages, together, 1);
        Unpack(model, messages, alone, Batch);
        return new RoundTripFigures(messages.Sum(message => (long)message.Length), together.Sum(frame => (long)frame.Payload.Length), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    // A frame a message, so that many are side by side.
    private static List<ReceivedFrame> Pack(Predictor model, IReadOnlyList<byte[]> messages, int lanes)
    {
        using MessageEncoder encoder = new(model, lanes, Samples.UnitSize);
        EncodingBatch batch = new([.. messages.Select((message, i) => new OutgoingMessage((ulong)i, message))]);
        encoder.Run(batch);
        return Samples.Frames(batch.ToArray(), model.FrequencyBits);
    }

    private static void Unpack(Predictor model, IReadOnlyList<byte[]> messages, List<ReceivedFrame> frames, int lanes)
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
                    throw new InvalidOperationException($"Message {message.Number} did not come back as it was from batch {lanes}.");
                }
            }
        }

        if (next != messages.Count)
        {
            throw new InvalidOperationException($"{messages.Count - next} messages did not come back from batch {lanes}.");
        }
    }
}
