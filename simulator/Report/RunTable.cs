using System.Globalization;
using LinkCodec.Simulator.Runs;

namespace LinkCodec.Simulator.Report;

/// <summary>A comparison as rows of text: for a terminal, and the cells of the HTML report.</summary>
internal static class RunTable
{
    public static IReadOnlyList<string> Header { get; } =
        ["codec", "messages", "bytes", "on the air", "bit/s", "x raw", "goodput", "p50 s", "p99 s", "seconds", "wrong"];

    /// <summary>One row of cells for each codec, means where there are several seeds.</summary>
    public static IEnumerable<string[]> Rows(Comparison comparison) => comparison.Codecs.Select(codec => new[]
    {
        codec.Codec,
        $"{Text(codec.Mean(r => r.MessagesDelivered), 0)}/{Text(codec.Mean(r => r.MessagesSent), 0)}",
        Text(codec.Mean(r => r.DeliveredBytes), 0),
        Text(codec.Mean(r => r.AirBytes), 0),
        Text(codec.Mean(r => r.EffectiveBps), 0),
        Text(codec.GainOverRaw, 2),
        Text(codec.Mean(r => r.GoodputFraction), 3),
        Text(codec.Mean(r => r.LatencyP50), 2),
        Text(codec.Mean(r => r.LatencyP99), 2),
        Text(codec.Mean(r => r.Seconds), 2),
        codec.Runs.Sum(r => r.MessagesWrong).ToString(CultureInfo.InvariantCulture),
    });

    /// <summary>The whole table, and a line for each codec that did not get everything across.</summary>
    public static IEnumerable<string> Lines(Comparison comparison)
    {
        RunInput input = comparison.Input;
        yield return $"{input.Scenario.Name}: {input.Scenario.Description}; {Seeds(comparison)}";
        List<string[]> rows = [[.. Header], .. Rows(comparison)];
        int[] widths = [.. Header.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            yield return string.Join("  ",
                row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd();
        }

        foreach (RunResult run in comparison.Codecs.SelectMany(codec => codec.Runs)
            .Where(run => run.Ended != "complete"))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{run.Codec}, seed {run.Seed}: {run.Ended}");
        }
    }

    public static string Seeds(Comparison comparison) => FormattableString.Invariant(comparison.Seeds == 1
        ? (FormattableString)$"seed {comparison.FirstSeed}"
        : $"means over seeds {comparison.FirstSeed} to {comparison.FirstSeed + (ulong)comparison.Seeds - 1}");

    private static string Text(double? value, int digits) =>
        value?.ToString("F" + digits, CultureInfo.InvariantCulture) ?? "-";
}
