using System.Globalization;
using System.Text;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>The Markdown table, a row a file, and the lines below it.</summary>
internal sealed class DevReport(
    DevOptions options, string snapshotName, IReadOnlyList<FileFigures> files, IReadOnlyList<ShortFigures> shorts,
    IReadOnlyList<GrowthFigures>? growth)
{
    /// <summary>The file whose text the input that cannot shrink is made of.</summary>
    public const string GrowthFile = "text/prose-books.txt.xz";

    private static readonly string[] English =
    [
        "articles-18f.", "articles-digitalgov.", "email-ham.", "legal-en.", "medical-abstracts.",
        "prose-books.", "speeches-state-union.", "textbook-american-government.", "web-posts-en.", "wikipedia-en.",
    ];

    private static readonly string[] Columns =
    [
        "file", "messages", "mean bytes", .. BaselineColumns.Names, "**cold**", "/ zstd-dict", "/ best baseline",
        "acked KB", "**acked**", "/ zstd-dict", "xz, same", "xz, whole", "zpaq, same", "zpaq, whole",
    ];

    /// <summary>Whether a file is one of the ten of English.</summary>
    public static bool IsEnglish(string name) =>
        English.Any(start => Path.GetFileName(name).StartsWith(start, StringComparison.Ordinal));

    /// <summary>Everything, as Markdown.</summary>
    /// <param name="label">The snapshot's label.</param>
    public string Text(string label)
    {
        StringBuilder text = new();
        string acked = options.AckedKilobytes == 0
            ? "whole files"
            : $"the first {options.AckedKilobytes} KB of each file";
        text.AppendLine(
            Say($"Snapshot `{label}`, {snapshotName[..16]}. Bits per byte of message; pieces of at most {options.Cut} ")
                + Say($"bytes, up to {options.Sample} a file, drawn with seed {DevOptions.Seed}; acked: {acked}."));
        text.AppendLine();
        text.AppendLine(Row(Columns));
        text.AppendLine(Row(Columns.Select(_ => "---")));
        foreach (FileFigures file in files)
        {
            text.AppendLine(Row(Cells(file)));
        }

        text.AppendLine();
        foreach (string line in new DevSummary(files, shorts, growth).Lines())
        {
            text.AppendLine("- " + line);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Cells(FileFigures file)
    {
        (BaselineFigures? baselines, ColdFigures? cold, AckedFigures? acked) = (file.Baselines, file.Cold, file.Acked);
        yield return file.Name;
        yield return Say($"{baselines?.Messages ?? cold?.Messages}");
        yield return baselines is null ? "-" : Say($"{(double)baselines.Bytes / baselines.Messages:F0}");
        foreach (string name in BaselineColumns.Names)
        {
            yield return Bits(baselines?.Coded, name, baselines?.Bytes ?? 0);
        }

        yield return cold is null ? "-" : Say($"**{8.0 * cold.Coded / cold.Bytes:F3}**");
        yield return Ratio(cold?.Coded, baselines?.Coded, BaselineColumns.Dictionary);
        yield return cold is null || baselines is null
            ? "-"
            : Say($"{(double)cold.Coded / baselines.Coded.Values.Min():F2}");
        yield return acked is null ? "-" : Say($"{acked.Bytes / 1000.0:F0}");
        yield return acked is null ? "-" : Say($"**{8.0 * acked.Coded / acked.Bytes:F3}**");
        yield return Ratio(acked?.Coded, file.Stretch?.Coded, BaselineColumns.Dictionary);
        yield return Bits(file.Stretch?.Coded, BaselineColumns.Xz, file.Stretch?.Bytes ?? 0);
        yield return Bits(file.Whole?.Coded, BaselineColumns.Xz, file.Whole?.Bytes ?? 0);
        yield return Bits(file.Stretch?.Coded, BaselineColumns.Zpaq, file.Stretch?.Bytes ?? 0);
        yield return Bits(file.Whole?.Coded, BaselineColumns.Zpaq, file.Whole?.Bytes ?? 0);
    }

    private static string Bits(Dictionary<string, long>? coded, string name, long bytes) =>
        coded is not null && coded.TryGetValue(name, out long value) ? Say($"{8.0 * value / bytes:F2}") : "-";

    private static string Ratio(long? ours, Dictionary<string, long>? baselines, string name) =>
        ours is { } own && baselines is not null && baselines.TryGetValue(name, out long value)
            ? Say($"{(double)own / value:F2}")
            : "-";

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
