using System.Buffers;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>
/// Picks samples and dictionary from files of messages. Deterministic: what is picked of a file depends on its name,
/// its messages and the recipe alone.
/// </summary>
/// <remarks>
/// Messages are cut into pieces of at most 1,000 bytes. Of a file come: consecutive pieces from a third of it on, cut
/// into runs; other pieces at random, each a run of its own; and stretches of up to six consecutive pieces for the
/// dictionary. No piece is taken twice; a message that is in the data twice may be a sample and in the dictionary, as
/// it will be at work.
/// </remarks>
public static class SamplePicker
{
    private const int PieceBytes = 1000;
    private const int LongestStretch = 6;
    private const int ShortestRun = 256;
    private const int LongestRun = 25_600;
    private const int RunSteps = 100; // (22/21)^99 is 100: from the shortest run to the longest

    /// <summary>Picks samples and dictionary by a recipe.</summary>
    /// <param name="recipe">The recipe that says what to take.</param>
    /// <param name="files">The files, in the order in which their text is to stand in the dictionary; later text is
    /// found first.</param>
    internal static SampleSet Pick(TrainingRecipe recipe, IReadOnlyList<TrainingFile> files)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(files);
        List<TrainingRun> runs = [];
        ArrayBufferWriter<byte> dictionary = new();
        List<PickedFile> picked = [];
        foreach (TrainingFile file in files)
        {
            ReadOnlyMemory<byte>[] pieces = [.. file.Messages.SelectMany(Cut)];
            bool[] taken = new bool[pieces.Length];
            Draw draw = new(file.Name);
            int profile = recipe.ProfileOf(file.Name);
            long inRuns = 0;
            long alone = 0;
            long before = dictionary.WrittenCount;
            if (profile >= 0)
            {
                inRuns = PickRuns(pieces, taken, draw, 1000L * recipe.RunKilobytes, profile, runs);
                alone = PickAlone(pieces, taken, draw, 1000L * recipe.SampleKilobytes, profile, runs);
                PickDictionary(pieces, taken, draw, recipe.DictionaryBytesOf(file.Name), dictionary);
            }

            picked.Add(new PickedFile(file.Name, profile, alone, inRuns, dictionary.WrittenCount - before));
        }

        return new SampleSet(runs, dictionary.WrittenMemory, picked);
    }

    /// <summary>A message in pieces of at most 1,000 bytes.</summary>
    internal static IEnumerable<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> message)
    {
        for (int at = 0; at < message.Length; at += PieceBytes)
        {
            yield return message[at..Math.Min(message.Length, at + PieceBytes)];
        }
    }

    private static long PickRuns(ReadOnlyMemory<byte>[] pieces, bool[] taken, Draw draw, long bytes, int profile,
        List<TrainingRun> runs)
    {
        long all = pieces.Sum(piece => (long)piece.Length);
        int next = 0;
        for (long before = 0; next < pieces.Length && before < all / 3; next++)
        {
            before += pieces[next].Length;
        }

        long sum = 0;
        while (next < pieces.Length && sum < bytes)
        {
            long end = Math.Min(bytes, sum + RunLength(draw));
            List<ReadOnlyMemory<byte>> run = [];
            while (next < pieces.Length && sum < end)
            {
                run.Add(pieces[next]);
                sum += pieces[next].Length;
                taken[next++] = true;
            }

            runs.Add(new TrainingRun(profile, run));
        }

        return sum;
    }

    // Geometrically distributed: as many runs from 256 to 512 bytes as from 512 to 1,024, and so on.
    private static long RunLength(Draw draw)
    {
        long length = ShortestRun;
        for (int steps = draw.Below(RunSteps); steps > 0; steps--)
        {
            length = length * 22 / 21;
        }

        return Math.Min(length, LongestRun);
    }

    private static long PickAlone(ReadOnlyMemory<byte>[] pieces, bool[] taken, Draw draw, long bytes, int profile,
        List<TrainingRun> runs)
    {
        long sum = 0;
        foreach (int i in draw.Order(pieces.Length))
        {
            if (sum >= bytes)
            {
                break;
            }

            if (!taken[i])
            {
                taken[i] = true;
                sum += pieces[i].Length;
                runs.Add(new TrainingRun(profile, [pieces[i]]));
            }
        }

        return sum;
    }

    private static void PickDictionary(ReadOnlyMemory<byte>[] pieces, bool[] taken, Draw draw, long bytes,
        ArrayBufferWriter<byte> dictionary)
    {
        long end = dictionary.WrittenCount + bytes;
        foreach (int start in draw.Order(pieces.Length))
        {
            for (int i = start;
                i < Math.Min(start + LongestStretch, pieces.Length) && !taken[i] && dictionary.WrittenCount < end; i++)
            {
                taken[i] = true;
                dictionary.Write(pieces[i].Span);
                dictionary.Write("\n"u8);
            }
        }
    }
}
