using LinkCodec.CommandLine;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>
/// A way to send messages, and what is expected of it, so that a run lasts about as long as it should.
/// </summary>
/// <param name="Name">Its name on the command line and in the table.</param>
/// <param name="Gain">Message bytes for a byte on the link.</param>
/// <param name="Speed">Message bytes a second that two cores manage.</param>
internal sealed record ThroughputWay(string Name, double Gain, double Speed)
{
    /// <summary>Messages as blocks of zstd with a dictionary, made before.</summary>
    public const string Zstd = "zstd";

    /// <summary>Random bytes, with all left to the sender.</summary>
    public const string Random = "random";

    private const string Auto = "auto";

    private static readonly ThroughputWay[] Efforts =
    [
        new("stored", 1, 20e6), new("fast", 3.3, 12e6), new("primed", 5.5, 1e6), new("flight", 5.5, 700e3),
        new("full", 6.5, 45e3),
    ];

    /// <summary>All of them.</summary>
    public static readonly ThroughputWay[] Every =
        [new(Auto, 0, 0), .. Efforts, new(Zstd, 4.5, 60e6), new(Random, 1, 20e6)];

    /// <exception cref="UsageException">There is no such way.</exception>
    public static ThroughputWay Find(string name) => Every.FirstOrDefault(way => way.Name == name)
        ?? throw new UsageException($"--ways: '{name}' is none of {string.Join(", ", Every.Select(way => way.Name))}");

    /// <summary>Message bytes that are expected in a second.</summary>
    public double Expected(long rate) => Name == Auto
        ? Efforts.Max(effort => effort.Expected(rate))
        : Math.Min(rate / 8.0 * Gain, Speed);
}
