using System.Globalization;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>The Markdown table and the lines below it.</summary>
internal static class DevTable
{
    /// <summary>The files whose pooled figure stands for English text.</summary>
    private static readonly string[] English =
    [
        "articles-18f.txt", "articles-digitalgov.txt", "email-ham.rs", "legal-en.txt", "medical-abstracts.txt",
        "prose-books.txt", "speeches-state-union.txt", "textbook-american-government.txt", "web-posts-en.rs", "wikipedia-en.txt",
    ];

    public static void PrintHead()
    {
        Console.WriteLine("| file | messages | stored | bytes | coded | wire | zstd-dict | brotli | deflate | coded / zstd-dict |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
    }

    public static void PrintRow(FileResult result)
    {
        string peers = string.Join(" | ", PeerColumns.Names.Select(name => BitsPerByte(result, name)));
        string ratio = result.Peers.TryGetValue(PeerColumns.Dictionary, out long zstd) ? Format($"{(double)result.Coded / zstd:F2}") : "-";
        Console.WriteLine(Format(
            $"| {result.Name} | {result.Messages} | {result.Stored} | {result.Bytes} | {8.0 * result.Coded / result.Bytes:F3} | {8.0 * result.Wire / result.Bytes:F3} | {peers} | {ratio} |"));
    }

    public static void PrintSummary(IReadOnlyList<FileResult> results)
    {
        PrintPool("**English, ten files**", [.. results.Where(result => English.Contains(Path.GetFileName(result.Name)))]);
        foreach (string group in DevFiles.Groups)
        {
            PrintPool($"**{group}**", [.. results.Where(result => result.Name.StartsWith(group + "/", StringComparison.Ordinal))]);
        }

        PrintPool("**all**", results);
        FileResult all = FileResult.Pool("all", results);
        string[] worse = [.. results.Where(result => result.Peers.TryGetValue(PeerColumns.Dictionary, out long zstd) && zstd < result.Coded).Select(result => result.Name)];
        Console.WriteLine();
        Console.WriteLine($"Worse than zstd with a dictionary: {(worse.Length == 0 ? "none" : string.Join(", ", worse))}.");
        Console.WriteLine(Format(
            $"Range code of whole messages: {all.RangeCode} bytes. Over the model's frequencies ({all.Information.OfFrequencies / 8:F0} bytes): {Excess(all.RangeCode, all.Information.OfFrequencies)}. Over its weights before quantising ({all.Information.OfWeights / 8:F0} bytes): {Excess(all.RangeCode, all.Information.OfWeights)}. Symbols of weight 0 that came: {all.Information.WithoutWeight}."));
        Console.WriteLine(Format(
            $"Encoding {all.Bytes / all.EncodeSeconds:F0} bytes/s, decoding {all.Bytes / all.DecodeSeconds:F0} bytes/s, with packing, sealing and comparing, under whatever else the machine did."));
    }

    private static void PrintPool(string name, IReadOnlyCollection<FileResult> parts)
    {
        if (parts.Count > 0)
        {
            PrintRow(FileResult.Pool(name, parts));
        }
    }

    private static string BitsPerByte(FileResult result, string peer) =>
        result.Peers.TryGetValue(peer, out long bytes) ? Format($"{8.0 * bytes / result.Bytes:F3}") : "-";

    private static string Excess(long bytes, double bits) => Format($"{((8.0 * bytes / bits) - 1) * 100:F3} %");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
