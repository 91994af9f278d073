using ZstdSharp;

namespace LinkCodec.Baselines;

/// <summary>Trains a Zstandard dictionary from example messages.</summary>
internal static class ZstdDictionary
{
    /// <summary>The size that the zstd command uses by default, in bytes.</summary>
    public const int MaxLength = 112_640;

    private const int MinLength = 1_024;
    private const int MaxSampleBytes = 12_000_000;
    private const int SegmentSampleBytes = 4_000;
    private const int LeastSegmentSamples = 200;

    /// <summary>
    /// A dictionary for blocks of messages: trained on examples that are joined as <see cref="MessageBlock"/> joins
    /// messages, so that it holds what goes on from one to the next. Up to 8 % shorter than one of single messages, on
    /// logs.
    /// </summary>
    /// <exception cref="BaselineException">The examples are too few to train any dictionary.</exception>
    public static byte[] TrainForSegments(IReadOnlyCollection<byte[]> examples)
    {
        // Of few examples shorter samples are made: training needs many.
        long wanted = Math.Min(SegmentSampleBytes, examples.Sum(example => (long)example.Length) / LeastSegmentSamples);
        List<ReadOnlyMemory<byte>> messages = [.. examples.Select(example => (ReadOnlyMemory<byte>)example)];
        List<byte[]> samples = [];
        for (int first = 0; first < messages.Count;)
        {
            int count = 0;
            for (long bytes = 0; first + count < messages.Count && (count == 0 || bytes < wanted); count++)
            {
                bytes += messages[first + count].Length;
            }

            samples.Add(MessageBlock.Join(messages, first, count));
            first += count;
        }

        return Train(samples);
    }

    /// <summary>
    /// A dictionary of at most <see cref="MaxLength"/> bytes; smaller where the examples are few. Deterministic. Takes
    /// some seconds for megabytes of examples; what goes beyond 12 MB is left out.
    /// </summary>
    /// <exception cref="BaselineException">The examples are too few to train any dictionary.</exception>
    public static byte[] Train(IEnumerable<byte[]> examples)
    {
        int bytes = 0;
        byte[][] samples = [.. examples.Where(example => example.Length > 0)
            .TakeWhile(example => (bytes += example.Length) <= MaxSampleBytes)];
        for (int capacity = MaxLength; capacity >= MinLength && samples.Length > 0; capacity /= 2)
        {
            try
            {
                return DictBuilder.TrainFromBuffer(samples, capacity);
            }
            catch (ZstdException)
            {
                // Too few for a dictionary of this size.
            }
        }

        throw new BaselineException($"{samples.Length} examples of {samples.Sum(sample => sample.Length)} bytes in all "
            + "are too few to train a zstd dictionary");
    }
}
