namespace LinkCodec.Benchmarks.Language;

/// <summary>What <c>language</c> was asked for.</summary>
internal sealed record LanguageOptions
{
    /// <summary>The folder with <c>dev</c> and <c>train</c>.</summary>
    public required string Data { get; init; }

    /// <summary>The snapshot's path or label.</summary>
    public required string Snapshot { get; init; }

    /// <summary>
    /// The file or folder that the snapshot was imported from, for the columns in floats; null leaves them out.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>English messages of a file.</summary>
    public required int Messages { get; init; }

    /// <summary>English stretches of a file.</summary>
    public required int Stretches { get; init; }

    /// <summary>Structured messages of a file.</summary>
    public required int Structured { get; init; }

    /// <summary>Kilobytes (of 1,000 bytes) of each structured file that are a growing stream.</summary>
    public required int StreamKilobytes { get; init; }

    /// <summary>Kilobytes of prose.</summary>
    public required int ProseKilobytes { get; init; }

    /// <summary>Kilobytes of each text file that make the round trip.</summary>
    public required int PrefixKilobytes { get; init; }

    /// <summary>Jobs side by side; each takes memory for its own rows. The speed part runs alone.</summary>
    public required int Threads { get; init; }

    /// <summary>Only files whose name has this in it.</summary>
    public required string Files { get; init; }

    /// <summary>The parts that are to be measured now, of <see cref="Every"/>; the rest comes from the cache.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>The parts, in the order of the report.</summary>
    public static IReadOnlyList<string> Every { get; } = ["english", "prose", "structured", "speed", "roundtrip"];

    public required string Cache { get; init; }

    /// <summary>The document whose tables are replaced; null for none.</summary>
    public string? Write { get; init; }
}
