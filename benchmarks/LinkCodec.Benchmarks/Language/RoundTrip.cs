using System.Diagnostics;
using LinkCodec.Benchmarks.Dev;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Language;

/// <summary>
/// Packed in batch 32 and in batch 1, which must give the same frames; unpacked in the other batch, which must give the
/// same bytes.
/// </summary>
internal static class RoundTrip
{
    private const int Batch = 32;

    /// <summary>Packs and unpacks messages.</summary>
    /// <exception cref="InvalidOperationException">Something did not come back as it was.</exception>
    public static RoundTripFigures Measure(Predictor model, IReadOnlyList<byte[]> messages)
    {
        long start = Stopwatch.GetTimestamp();
        List<IReadOnlyList<DataFrame>> together = Pack(model, messages, Batch);
        List<IReadOnlyList<DataFrame>> alone = Pack(model, messages, 1);
        if (!Payloads(together).SequenceEqual(Payloads(alone)))
        {
            throw new InvalidOperationException($"Batches of {Batch} and of 1 gave other frames.");
        }

        ColdMeasurement.Verify(model, messages, together, 1);
        ColdMeasurement.Verify(model, messages, alone, Batch);
        return new RoundTripFigures(messages.Sum(message => (long)message.Length),
            together.Sum(unit => unit.Sum(frame => (long)frame.Payload.Length)),
            Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static List<IReadOnlyList<DataFrame>> Pack(Predictor model, IReadOnlyList<byte[]> messages, int lanes) =>
        Samples.Units(ColdMeasurement.Encode(model, messages, lanes));

    private static IEnumerable<string> Payloads(List<IReadOnlyList<DataFrame>> units) =>
        units.SelectMany(unit => unit).Select(frame => Convert.ToHexString(frame.Payload.Span));
}
