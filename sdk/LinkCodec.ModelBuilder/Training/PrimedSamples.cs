namespace LinkCodec.ModelBuilder.Training;

/// <summary>
/// What the tables of primed mixing are trained on: runs of consecutive messages, evenly from each file and from all of
/// it, the files mixed.
/// </summary>
/// <param name="Priming">Runs that the counters learn from.</param>
/// <param name="Fitting">Others, that maps and weights are fitted to.</param>
internal sealed record PrimedSamples(
    IReadOnlyList<IReadOnlyList<byte[]>> Priming, IReadOnlyList<IReadOnlyList<byte[]>> Fitting)
{
    private const int RunBytes = 4000;
    private const int MostPerFile = 700_000;
    private const int LongestMessage = 2000;
    private const int LeastFitting = 3;
    private const int MostFitting = 12;

    /// <summary>Picks runs. The same files give the same choice.</summary>
    public static PrimedSamples Pick(IReadOnlyList<TrainingFile> files)
    {
        List<(double Place, byte[][] Run)> priming = [];
        List<(double Place, byte[][] Run)> fitting = [];
        foreach (TrainingFile file in files)
        {
            List<byte[][]> runs = RunsOf(file);
            int held = Math.Min(runs.Count / 2, Math.Clamp(runs.Count / 10, LeastFitting, MostFitting));
            List<byte[][]> others = Evenly(runs, held, out List<byte[][]> chosen);
            Add(fitting, chosen);
            Evenly(others, Math.Min(others.Count, MostPerFile / RunBytes), out chosen);
            Add(priming, chosen);
        }

        return new PrimedSamples(InOrder(priming), InOrder(fitting));
    }

    // The files take turns, each as often as its number of runs asks for.
    private static void Add(List<(double Place, byte[][] Run)> mixture, List<byte[][]> runs) =>
        mixture.AddRange(runs.Select((run, i) => ((i + 0.5) / runs.Count, run)));

    private static IReadOnlyList<byte[]>[] InOrder(List<(double Place, byte[][] Run)> mixture) =>
        [.. mixture.OrderBy(one => one.Place).Select(one => one.Run)];

    private static List<byte[][]> RunsOf(TrainingFile file)
    {
        List<byte[][]> runs = [];
        List<byte[]> run = [];
        int bytes = 0;
        foreach (ReadOnlyMemory<byte> message in file.Messages)
        {
            byte[] content = message[..Math.Min(message.Length, LongestMessage)].ToArray();
            run.Add(content);
            bytes += content.Length + 1;
            if (bytes >= RunBytes)
            {
                runs.Add([.. run]);
                run.Clear();
                bytes = 0;
            }
        }

        return runs;
    }

    // Takes so many runs, evenly spread, and gives back the others.
    private static List<byte[][]> Evenly(List<byte[][]> runs, int count, out List<byte[][]> chosen)
    {
        chosen = [];
        List<byte[][]> others = [];
        for (int i = 0; i < runs.Count; i++)
        {
            bool isChosen = (long)(i + 1) * count / runs.Count > (long)i * count / runs.Count;
            (isChosen ? chosen : others).Add(runs[i]);
        }

        return others;
    }
}
