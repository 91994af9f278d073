namespace LinkCodec.Benchmarks.Dev;

/// <summary>What <c>dev</c> was asked for.</summary>
internal sealed record DevOptions
{
    /// <summary>The folder that keeps results between runs; git ignores it.</summary>
    public const string DefaultCache = "artifacts/benchmarks/dev";

    /// <summary>The folder with <c>dev</c> and <c>train</c>.</summary>
    public required string Data { get; init; }

    public required string Snapshot { get; init; }

    /// <summary>Pieces of a file that are coded cold, drawn with <see cref="Seed"/>; 0 for all.</summary>
    public required int Sample { get; init; }

    /// <summary>Longer messages are cut into pieces of so many bytes; 0 for none.</summary>
    public required int Cut { get; init; }

    /// <summary>
    /// Kilobytes (of 1,000 bytes) of each file, from its start, that are coded with acknowledged context; 0 for all.
    /// </summary>
    public int AckedKilobytes { get; init; }

    public required int Threads { get; init; }

    /// <summary>Only files whose name has this in it.</summary>
    public required string Files { get; init; }

    /// <summary>The parts that are to be measured now, of <see cref="Every"/>; the rest comes from the cache.</summary>
    public IReadOnlyList<string> Parts { get; init; } = Every;

    /// <summary>The parts: baselines on the drawn pieces, those on whole files, the codec's own.</summary>
    public static IReadOnlyList<string> Every { get; } = ["baselines", "stretch", "cold", "acked", "short", "growth"];

    public string Cache { get; init; } = DefaultCache;

    /// <summary>Whether to print what is there, and measure nothing.</summary>
    public bool ReportOnly => Parts.Count == 0;

    /// <summary>The document whose table is replaced; null for none.</summary>
    public string? Write { get; init; }

    /// <summary>The seed that pieces are drawn with.</summary>
    public static uint Seed => 1;
}
