using System.Diagnostics;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>Pieces in file order, each coded from the context that the ones before it have left behind, decoded from
/// the other end's and compared.</summary>
/// <remarks>A stream on one thread, as it would be on a link that is never ahead of what was acknowledged.</remarks>
internal static class AckedMeasurement
{
    /// <summary>Measures; null when the model keeps no context.</summary>
    /// <param name="model">The snapshot's predictor.</param>
    /// <param name="pieces">The pieces in the order of the stream.</param>
    /// <param name="uncounted">Pieces at the start that only teach the model.</param>
    public static AckedFigures? Measure(Predictor model, IReadOnlyList<byte[]> pieces, int uncounted = 0)
    {
        if (!model.KeepsContext)
        {
            return null;
        }

        using MessageChain chain = new(model);
        long start = Stopwatch.GetTimestamp();
        long coded = 0;
        int stored = 0;
        for (int i = 0; i < pieces.Count; i++)
        {
            CodedMessages message = chain.Add(new OutgoingMessage((ulong)i, pieces[i]));
            if (i >= uncounted)
            {
                coded += ColdMeasurement.Cost(message);
                stored += message.IsStored ? 1 : 0;
            }
        }

        return new AckedFigures(pieces.Count - uncounted, pieces.Skip(uncounted).Sum(piece => (long)piece.Length),
            coded, stored, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Decodes messages, each in units of its own, from the context that they were coded from, and
    /// compares.</summary>
    public static void Verify(FrameDecoder decoder, CodedMessages[] encoded, StreamContext context)
    {
        foreach (CodedMessages message in encoded)
        {
            IReadOnlyList<IReadOnlyList<Core.Framing.DataFrame>> units = Samples.Units([message]);
            DecodingBatch batch = new(units,
                [.. units.Select(unit => unit.Any(frame => frame.Base != 0) ? context : null)]);
            decoder.Run(batch);
            byte[] came = [.. batch.Results.SelectMany(frame => frame.Messages).SelectMany(part => part.ToArray())];
            if (!message.Sources[0].Content.Span.SequenceEqual(came))
            {
                throw new InvalidOperationException(
                    $"Message {message.Sources[0].Number} did not come back as it was.");
            }
        }
    }
}
