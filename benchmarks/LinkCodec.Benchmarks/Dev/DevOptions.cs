using LinkCodec.Models;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>What <c>dev</c> was asked for.</summary>
internal sealed record DevOptions
{
    /// <summary>Where results are kept between runs: git ignores it.</summary>
    private const string DefaultCache = "artifacts/benchmarks/dev";

    /// <summary>The folder with <c>dev</c> and <c>train</c>.</summary>
    public required string Data { get; init; }

    public string Snapshot { get; init; } = SnapshotStore.DefaultLabel;

    /// <summary>Pieces of a file that are coded cold, drawn with <see cref="Seed"/>; 0 for all.</summary>
    public int Sample { get; init; } = 500;

    /// <summary>Longer messages are cut into pieces of so many bytes; 0 for none.</summary>
    public int Cut { get; init; } = 1000;

    /// <summary>Kilobytes (of 1,000 bytes) of each file, from its start, that are coded with acknowledged context; 0 for all.</summary>
    public int AckedKilobytes { get; init; }

    public int Threads { get; init; } = 2;

    /// <summary>Only files whose name has this in it.</summary>
    public string Files { get; init; } = "";

    /// <summary>What is to be measured now, of <see cref="Every"/>; the rest comes from the cache.</summary>
    public IReadOnlyList<string> Parts { get; init; } = Every;

    /// <summary>The parts: peers on the drawn pieces, those on whole files, the codec's own.</summary>
    public static IReadOnlyList<string> Every { get; } = ["peers", "stretch", "cold", "acked", "short", "growth"];

    public string Cache { get; init; } = DefaultCache;

    /// <summary>Whether to print what is there, and measure nothing.</summary>
    public bool ReportOnly => Parts.Count == 0;

    /// <summary>The document whose table is replaced; null for none.</summary>
    public string? Write { get; init; }

    /// <summary>The seed that pieces are drawn with.</summary>
    public static uint Seed => 1;

    /// <summary>Reads the command's arguments; null when there is no data, which is no error.</summary>
    public static DevOptions? Parse(string[] arguments) => DevFiles.Find(Options.Text(arguments, "--data")) is not { } data
        ? null
        : new DevOptions
        {
            Data = data,
            Snapshot = Options.Text(arguments, "--snapshot") ?? SnapshotStore.DefaultLabel,
            Sample = Options.Number(arguments, "--sample", 500),
            Cut = Options.Number(arguments, "--cut", 1000),
            AckedKilobytes = Options.Number(arguments, "--acked-kilobytes", 0),
            Threads = Math.Max(1, Options.Number(arguments, "--threads", 2)),
            Files = Options.Text(arguments, "--files") ?? "",
            Cache = Options.Text(arguments, "--cache") ?? DefaultCache,
            Parts = arguments.Contains("--report") ? [] : Options.Text(arguments, "--parts")?.Split(',') ?? Every,
            Write = arguments.Contains("--write") ? Options.Text(arguments, "--readme") ?? "benchmarks/README.md" : null,
        };
}
