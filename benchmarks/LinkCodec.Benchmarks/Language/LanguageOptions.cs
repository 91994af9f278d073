using LinkCodec.Benchmarks.Dev;

namespace LinkCodec.Benchmarks.Language;

/// <summary>What <c>language</c> was asked for.</summary>
internal sealed record LanguageOptions
{
    private const string DefaultCache = "artifacts/benchmarks/language";

    /// <summary>The folder with <c>dev</c> and <c>train</c>.</summary>
    public required string Data { get; init; }

    /// <summary>The snapshot's path or label.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The file or folder that the snapshot was imported from, for the columns in floats; null leaves them out.</summary>
    public string? Model { get; init; }

    /// <summary>English messages of a file.</summary>
    public int Messages { get; init; } = 16;

    /// <summary>English stretches of a file.</summary>
    public int Stretches { get; init; } = 2;

    /// <summary>Structured messages of a file.</summary>
    public int Structured { get; init; } = 60;

    /// <summary>Kilobytes (of 1,000 bytes) of each structured file that are a growing stream.</summary>
    public int StreamKilobytes { get; init; } = 40;

    /// <summary>Kilobytes of prose.</summary>
    public int ProseKilobytes { get; init; } = 200;

    /// <summary>Kilobytes of each text file that make the round trip.</summary>
    public int PrefixKilobytes { get; init; } = 60;

    /// <summary>Jobs side by side; each takes memory for its own rows. The speed part runs alone.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Only files whose name has this in it.</summary>
    public string Files { get; init; } = "";

    /// <summary>What is to be measured now, of <see cref="Every"/>; the rest comes from the cache.</summary>
    public IReadOnlyList<string> Parts { get; init; } = Every;

    /// <summary>The parts, in the order of the report.</summary>
    public static IReadOnlyList<string> Every { get; } = ["english", "prose", "structured", "speed", "roundtrip"];

    public string Cache { get; init; } = DefaultCache;

    /// <summary>The document whose tables are replaced; null for none.</summary>
    public string? Write { get; init; }

    /// <summary>Reads the command's arguments; null when there is no data, which is no error.</summary>
    /// <exception cref="ArgumentException">No snapshot, an unknown part, or not a number.</exception>
    public static LanguageOptions? Parse(string[] arguments)
    {
        string snapshot = Options.Text(arguments, "--snapshot") ?? throw new ArgumentException("language needs --snapshot DIR: that of an imported model");
        IReadOnlyList<string> parts = arguments.Contains("--report") ? [] : Options.Text(arguments, "--parts")?.Split(',') ?? Every;
        if (parts.FirstOrDefault(part => !Every.Contains(part)) is { } unknown)
        {
            throw new ArgumentException($"--parts: '{unknown}' is none of {string.Join(", ", Every)}");
        }

        return DevFiles.Find(Options.Text(arguments, "--data")) is not { } data
            ? null
            : new LanguageOptions
            {
                Data = data,
                Snapshot = snapshot,
                Model = Options.Text(arguments, "--model"),
                Messages = Options.Number(arguments, "--messages", 16),
                Stretches = Options.Number(arguments, "--stretches", 2),
                Structured = Options.Number(arguments, "--structured", 60),
                StreamKilobytes = Options.Number(arguments, "--stream-kilobytes", 40),
                ProseKilobytes = Options.Number(arguments, "--prose-kilobytes", 200),
                PrefixKilobytes = Options.Number(arguments, "--prefix-kilobytes", 60),
                Threads = Math.Max(1, Options.Number(arguments, "--threads", 1)),
                Files = Options.Text(arguments, "--files") ?? "",
                Parts = parts,
                Cache = Options.Text(arguments, "--cache") ?? DefaultCache,
                Write = arguments.Contains("--write") ? Options.Text(arguments, "--readme") ?? "benchmarks/README.md" : null,
            };
    }
}
