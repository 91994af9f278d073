using System.Globalization;
using System.Text;
using LinkCodec.Benchmarks.Dev;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Benchmarks.Language;

/// <summary>The tables, as Markdown. Parts that were not measured are left out.</summary>
internal sealed class LanguageReport(LanguageOptions options, LanguageResults results)
{
    private readonly StringBuilder _text = new();

    /// <summary>Everything.</summary>
    public string Text(SnapshotManifest manifest)
    {
        _text.Clear();
        _text.AppendLine(Say($"Snapshot `{manifest.Label}`, {manifest.Name.ToString()[..16]}. Bits per byte of ")
            + Say($"message where nothing else is said."));
        English();
        After();
        Prose();
        Structured();
        Speed();
        RoundTrips();
        return _text.ToString();
    }

    private void English()
    {
        if (results.English.Count == 0)
        {
            return;
        }

        Head(
            Say($"English, {options.Messages} messages of {StudyText.MessageBytes} bytes a file, cold: ")
                + "float is the model as its file has it; exact the "
                + "integer network's own weights of tokens; frequencies those tokens in 24-bit integers; decided all "
                + "decisions of the messages, with their ends; coded the whole bytes of each message's own code.",
            "file", "float", "exact", "frequencies", "decided", "**coded**", "frequencies / float", "decided / float");
        List<double[]> rows = [];
        foreach ((string file, EnglishFigures coded) in results.English)
        {
            NetworkFigures? floats = results.Floats.GetValueOrDefault(file);
            NetworkFigures? exact = results.Exact.GetValueOrDefault(file);
            double[] row =
            [
                floats is null ? double.NaN : floats.Bits / floats.Bytes,
                exact is null ? double.NaN : exact.Bits / exact.Bytes,
                exact is null ? double.NaN : exact.CodedBits / exact.Bytes,
                coded.DecidedBits / coded.Bytes,
                8.0 * coded.Coded / coded.Bytes,
            ];
            rows.Add(row);
            Row(file, row);
        }

        Row("**mean**", [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Average(row => row[column]))]);

        void Row(string name, double[] row) =>
            Line([name, .. row[..^1].Select(Number), $"**{Number(row[^1])}**", Number(row[2] / row[0]),
                Number(row[3] / row[0])]);
    }

    private void After()
    {
        if (results.English.Count == 0 || options.Stretches == 0)
        {
            return;
        }

        Head(
            Say($"English behind {StudyText.ContextTokens} tokens, {options.Stretches} stretches of 4,500 bytes a ")
                + Say($"file. As one message: its cost less that of its first {StudyText.ContextTokens} tokens. ")
                + Say($"Acknowledged: messages of {StudyText.MessageBytes} bytes, each from the context of ")
                + Say($"all before it."),
            "file", "float", "exact", "**coded, one message**", "**coded, acknowledged**", "one message / float");
        List<double[]> rows = [];
        foreach ((string file, EnglishFigures coded) in results.English)
        {
            NetworkFigures? floats = results.Floats.GetValueOrDefault(file);
            NetworkFigures? exact = results.Exact.GetValueOrDefault(file);
            double[] row =
            [
                floats is null ? double.NaN : floats.AfterBits / floats.AfterBytes,
                exact is null ? double.NaN : exact.AfterBits / exact.AfterBytes,
                8.0 * coded.AfterCoded / coded.AfterBytes,
                8.0 * coded.AckedCoded / coded.AckedBytes,
            ];
            rows.Add(row);
            Row(file, row);
        }

        Row("**mean**", [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Average(row => row[column]))]);

        void Row(string name, double[] row) => Line([name, Number(row[0]), Number(row[1]), $"**{Number(row[2])}**",
            $"**{Number(row[3])}**", Number(row[2] / row[0])]);
    }

    private void Prose()
    {
        if (results.Prose.Count == 0)
        {
            return;
        }

        Head(
            Say($"The first {options.ProseKilobytes} KB of a file as one acknowledged stream, in messages of at most ")
                + Say($"{ProseMeasurement.MessageBytes} bytes that end with a line; baselines are given all of it ")
                + Say($"at once."), "file", "bytes", "messages", "**coded**", "zpaq -m5", "xz -9e", "**/ zpaq**");
        foreach ((string file, ProseFigures figures) in results.Prose)
        {
            double? zpaq = Of(figures.Baselines, BaselineColumns.Zpaq, figures.Bytes);
            double coded = 8.0 * figures.Coded / figures.Bytes;
            Line(
                [file, Say($"{figures.Bytes:N0}"), Say($"{figures.Messages}"),
                    $"**{Number(coded)}**", Number(zpaq ?? double.NaN),
                    Number(Of(figures.Baselines, BaselineColumns.Xz, figures.Bytes) ?? double.NaN),
                    $"**{Number(coded / (zpaq ?? double.NaN))}**"]);
        }
    }

    private void Structured()
    {
        if (results.Structured.Count == 0)
        {
            return;
        }

        Head(
            Say($"Structured messages, {options.Structured} a file, drawn with seed ")
                + Say($"{DevOptions.Seed}: cold without and with the snapshot's preambles, each alone; behind ")
                + Say($"at least {StructuredMeasurement.EarlierTokens:N0} tokens of earlier messages, ")
                + Say($"{StructuredMeasurement.Together} ")
                + Say($"at each of {Math.Max(1, options.Structured / StructuredMeasurement.Together)} ")
                + Say($"places; as one acknowledged stream, the first {options.StreamKilobytes} KB."),
            "file", "zstd-dict", "cold", "**with preambles**", "**/ zstd-dict**", "behind 1,000 tokens", "stream",
            "xz, whole", "behind / xz", "stream / xz");
        foreach ((string file, StructuredFigures one) in results.Structured)
        {
            double zstd = one.Dictionary is { } dictionary ? 8.0 * dictionary / one.Bytes : double.NaN;
            double xz = one.Xz is { } whole ? 8.0 * whole / one.WholeBytes : double.NaN;
            double plain = 8.0 * one.Plain / one.Bytes;
            double cold = one.Preambles is { } preambles ? 8.0 * preambles / one.Bytes : plain;
            double acked = 8.0 * one.Acked / one.AckedBytes;
            double stream = 8.0 * one.Stream / one.StreamBytes;
            Line(
                [file, Number(zstd), Number(plain), one.Preambles is null ? "-" : $"**{Number(cold)}**",
                    $"**{Number(cold / zstd)}**", Number(acked), Number(stream), Number(xz), Number(acked / xz),
                    Number(stream / xz)]);
        }
    }

    private void Speed()
    {
        if (results.Speeds.Count == 0)
        {
            return;
        }

        Head(
            "English messages of 500 bytes; thousands of message bytes a second of processor time by one worker, and "
                + "of wall time by two workers with so many streams each. Loading, memory and first byte: medians "
                + "of fresh processes.", "streams", "encode", "decode", "encode, two workers", "decode, two workers",
            "loaded after", "first byte after that", "working set after loading", "largest");
        foreach (LanguageSpeedFigures one in results.Speeds.Values)
        {
            Line(
            [
                Say($"{one.Streams}"), Say($"{one.Encode / 1000:F2}"), Say($"{one.Decode / 1000:F2}"),
                Say($"{one.EncodeWall / 1000:F2}"), Say($"{one.DecodeWall / 1000:F2}"), Say($"{one.Load:F0} ms"),
                Say($"{one.FirstByte:F0} ms"), Say($"{one.Loaded:F0} MB"), Say($"{one.Peak:F0} MB"),
            ]);
        }
    }

    private void RoundTrips()
    {
        if (results.RoundTrips.Count == 0)
        {
            return;
        }

        (string Name, RoundTripFigures[] All)[] groups =
        [
            ("text files", [.. results.RoundTrips.Where(pair => pair.Key.Contains('/')).Select(pair => pair.Value)]),
            ("pieces of text, scripts, damaged text and binary",
                [.. results.RoundTrips.Where(pair => !pair.Key.Contains('/')).Select(pair => pair.Value)]),
        ];
        _text.AppendLine();
        foreach ((string name, RoundTripFigures[] all) in groups.Where(group => group.All.Length > 0))
        {
            long bytes = all.Sum(one => one.Bytes);
            _text.AppendLine(Say($"- Round trip of {all.Length} {name}, {bytes:N0} bytes: packed in batch 32 and ")
                + Say($"in batch 1 to the same frames, unpacked in batch 1 and in batch 32 to the same bytes; ")
                + Say($"{8.0 * all.Sum(one => one.Coded) / bytes:F3} bits per byte."));
        }
    }

    private void Head(string text, params string[] columns)
    {
        _text.AppendLine();
        _text.AppendLine(text);
        _text.AppendLine();
        Line(columns);
        Line([.. columns.Select(_ => "---")]);
    }

    private void Line(string[] cells) => _text.AppendLine($"| {string.Join(" | ", cells)} |");

    private static double? Of(Dictionary<string, long> baselines, string name, long bytes) =>
        baselines.TryGetValue(name, out long coded) ? 8.0 * coded / bytes : null;

    private static string Number(double value) => double.IsNaN(value) ? "-" : Say($"{value:F3}");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
