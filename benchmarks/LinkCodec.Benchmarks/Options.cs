using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Models;

namespace LinkCodec.Benchmarks;

/// <summary>Options that several commands have, under the same names.</summary>
internal static class Options
{
    public static Option<string?> Data() => new("--data")
    {
        Description = "Folder with dev/ and train/; default: $LINKCODEC_SHARED/data, or shared/data beside a folder "
            + "around this one.",
    };

    public static Option<string> Files() =>
        new("--files") { Description = "Only files whose name has this in it.", DefaultValueFactory = _ => "" };

    public static Option<string> Snapshot() => new("--snapshot")
    {
        Description = "The snapshot's path or label.",
        DefaultValueFactory = _ => SnapshotStore.DefaultLabel,
    };

    public static Option<string> Parts(IReadOnlyList<string> every) =>
        new("--parts")
        {
            Description = "What is measured now; the rest comes from the cache.",
            DefaultValueFactory = _ => string.Join(',', every),
        };

    public static Option<string> Cache(string folder) =>
        new("--cache") { Description = "Where results are kept between runs.", DefaultValueFactory = _ => folder };

    public static Option<bool> Report() =>
        new("--report") { Description = "Print what is there, and measure nothing." };

    public static Option<bool> Write() => new("--write") { Description = "Put the tables into the document." };

    public static Option<string> Document() =>
        new("--readme") { Description = "The document of --write.", DefaultValueFactory = _ => "benchmarks/README.md" };

    public static Option<int> Number(string name, int otherwise, string description)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (int.TryParse(result.Tokens.FirstOrDefault()?.Value, out int value) && value < 0)
            {
                result.AddError($"{name}: {value} is not a number of 0 or more");
            }
        });
        return option;
    }

    /// <summary>The parts of a list with commas.</summary>
    /// <exception cref="UsageException">One of them is none of <paramref name="every"/>.</exception>
    public static IReadOnlyList<string> Split(string parts, IReadOnlyList<string> every)
    {
        string[] split = parts.Split(',');
        return split.FirstOrDefault(part => !every.Contains(part)) is { } unknown
            ? throw new UsageException($"--parts: '{unknown}' is none of {string.Join(", ", every)}")
            : split;
    }
}
