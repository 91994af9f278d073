using System.Text;
using LinkCodec.Core.Prediction;
using LinkCodec.ModelBuilder.Training;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>
/// English messages of 40 to 160 characters, as people write them, with everything that the codec adds.
/// </summary>
internal static class ShortMessages
{
    public const int Shortest = 40;
    public const int Longest = 160;

    /// <summary>Messages that share a frame.</summary>
    public const int Together = 10;

    private const int MostOfAFile = 100;

    /// <summary>
    /// Up to 100 messages of a file, a multiple of ten, drawn with the seed; whole ones, never pieces.
    /// </summary>
    public static List<byte[]> Draw(DevContent whole)
    {
        List<byte[]> fit =
            [.. whole.Pieces.Where(message => Encoding.UTF8.GetCharCount(message) is >= Shortest and <= Longest)];
        new PythonRandom(DevOptions.Seed).Shuffle(fit);
        return [.. fit.Take(Math.Min(MostOfAFile, fit.Count / Together * Together))];
    }

    /// <summary>Measures, and verifies both ways of framing by decoding.</summary>
    public static ShortFigures Measure(Predictor model, List<byte[]> messages, byte[]? dictionary)
    {
        CodedMessages[] alone = ColdMeasurement.Encode(model, messages);
        CodedMessages[] beside = ColdMeasurement.Encode(model, messages, together: Together);
        ColdMeasurement.Verify(model, messages, Samples.Units(alone));
        ColdMeasurement.Verify(model, messages, Samples.Units(beside));
        return new ShortFigures(
            messages.Count,
            messages.Sum(message => (long)Encoding.UTF8.GetCharCount(message)),
            alone.Sum(message => message.FramedLength),
            beside.Sum(group => group.FramedLength),
            alone.Sum(ColdMeasurement.Cost),
            BaselineColumns.Measure(messages, dictionary));
    }
}
