using System.Diagnostics;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// Pieces in file order, each coded from the context that has absorbed all before it, decoded from the same and
/// compared.
/// </summary>
/// <remarks>
/// A stream on one thread, as it would be on a link. Both ends share the context here; that each makes the same of the
/// same messages is for the tests.
/// </remarks>
internal static class AckedMeasurement
{
    /// <summary>Measures; null when the model keeps no context.</summary>
    /// <param name="model">The snapshot's predictor.</param>
    /// <param name="pieces">The pieces in the order of the stream.</param>
    /// <param name="uncounted">Pieces at the start that are only absorbed.</param>
    public static AckedFigures? Measure(Predictor model, IReadOnlyList<byte[]> pieces, int uncounted = 0)
    {
        using SenderContext? context = SenderContext.For(model, everyMessage: true);
        if (context is null)
        {
            return null;
        }

        using MessageEncoder encoder = new(model, 1, Samples.UnitSize);
        using FrameDecoder decoder = new(model, 1);
        long start = Stopwatch.GetTimestamp();
        long coded = 0;
        int stored = 0;
        for (int i = 0; i < pieces.Count; i++)
        {
            context.Advance();
            OutgoingMessage message = new(context.Next, pieces[i]);
            if (i >= uncounted)
            {
                EncodingBatch batch = new([message], context.Current, context.Base);
                encoder.Run(batch);
                EncodedMessage encoded = batch.ToArray()[0];
                coded += ColdMeasurement.Cost(encoded);
                stored += encoded.IsStored ? 1 : 0;
                Verify(decoder, [encoded], context.Current, model.FrequencyBits);
            }

            context.Add(message);
            context.OnAcknowledged(context.Next);
        }

        return new AckedFigures(pieces.Count - uncounted, pieces.Skip(uncounted).Sum(piece => (long)piece.Length),
            coded, stored, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>
    /// Decodes messages, each in a frame of its own, from the context that they were coded from, and compares.
    /// </summary>
    public static void Verify(FrameDecoder decoder, EncodedMessage[] encoded, StreamContext? context, int frequencyBits)
    {
        List<DataFrame> frames = Samples.Frames(encoded, frequencyBits);
        DecodingBatch batch = new(frames, [.. frames.Select(frame => frame.Base == 0 ? null : context)]);
        decoder.Run(batch);
        for (int i = 0; i < encoded.Length; i++)
        {
            DecodedFrame decoded = batch.Results[i];
            if (decoded.Error != LinkErrorCode.None
                || !decoded.Messages[0].Span.SequenceEqual(encoded[i].Source.Content.Span))
            {
                throw new InvalidOperationException(
                    $"Message {encoded[i].Source.Number} did not come back as it was: {decoded.Error}.");
            }
        }
    }
}
