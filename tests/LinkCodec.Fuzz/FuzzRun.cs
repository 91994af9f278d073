namespace LinkCodec.Fuzz;

/// <summary>Runs a target over its corpus and over inputs made from it.</summary>
public static class FuzzRun
{
    /// <summary>Replays every input of the corpus.</summary>
    /// <exception cref="FuzzFinding">The target threw.</exception>
    public static void Replay(FuzzTarget target, IEnumerable<(string Name, byte[] Bytes)> corpus)
    {
        foreach ((string name, byte[] bytes) in corpus)
        {
            Try(target, bytes, $"corpus file {name}");
        }
    }

    /// <summary>Tries so many mutations.</summary>
    /// <exception cref="FuzzFinding">The target threw.</exception>
    public static void Mutate(FuzzTarget target, IReadOnlyList<byte[]> corpus, ulong seed, int count)
    {
        Mutator mutator = new(corpus, seed);
        for (int i = 0; i < count; i++)
        {
            Try(target, mutator.Next(), $"mutation {i} of seed {seed}");
        }
    }

    private static void Try(FuzzTarget target, byte[] input, string origin)
    {
        try
        {
            target.Run(input);
        }
        catch (Exception e)
        {
            throw new FuzzFinding(target.Name, origin, input, e);
        }
    }
}
