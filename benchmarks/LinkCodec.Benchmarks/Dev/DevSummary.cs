using System.Globalization;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>The lines below the table. "Pooled" adds up bytes; "mean" gives each file the same weight.</summary>
internal sealed class DevSummary(IReadOnlyList<FileFigures> files, IReadOnlyList<ShortFigures> shorts,
    IReadOnlyList<GrowthFigures>? growth)
{
    private const long LongText = 100_000;

    /// <summary>The packets of bytes; the other files of telemetry and weather are lines and tables.</summary>
    private static readonly string[] Packets = ["telemetry/adsb-frames.lp", "telemetry/ais.txt", "telemetry/ccsds.lp",
        "telemetry/ubx.lp", "weather/bufr.lp"];

    public IEnumerable<string> Lines()
    {
        FileFigures[] english = [.. files.Where(file => DevReport.IsEnglish(file.Name))];
        FileFigures[] languages = [.. files.Where(file => file.Group == "text" && !DevReport.IsEnglish(file.Name))];
        FileFigures[] machine = [.. files.Where(file => file.Group != "text")];
        return
        [
            .. Text("English", english),
            .. Text("Other languages", languages),
            .. Machine("Telemetry and weather", machine),
            .. Machine("of these, lines and tables", [.. machine.Where(file => !Packets.Contains(file.Name))]),
            .. Machine("of these, binary packets", [.. machine.Where(file => Packets.Contains(file.Name))]),
            .. Worse(),
            .. Xz(),
            .. Streams(),
            .. Shorts(),
            .. Growth(),
            .. Wire(),
        ];
    }

    private static IEnumerable<string> Text(string name, FileFigures[] all)
    {
        FileFigures[] cold = [.. all.Where(HasCold)];
        if (cold.Length > 0)
        {
            double ours = Pooled(cold, ColdBytes, file => file.Cold!.Bytes);
            double zstd = Pooled(cold, ColdDictionary, file => file.Baselines!.Bytes);
            double brotli = Pooled(cold, file => file.Baselines!.Coded[BaselineColumns.Brotli],
                file => file.Baselines!.Bytes);
            double meanZstd = cold.Average(file => 8.0 * ColdDictionary(file) / file.Baselines!.Bytes);
            double meanBrotli =
                cold.Average(file => 8.0 * file.Baselines!.Coded[BaselineColumns.Brotli] / file.Baselines!.Bytes);
            yield return Say($"{name}, {cold.Length} files, cold: pooled **{ours:F3}**, ")
                + Say($"mean **{cold.Average(ColdBits):F3}**; ")
                + Say($"zstd-dict {zstd:F3} and {meanZstd:F3}; brotli {brotli:F3} and {meanBrotli:F3}.");
        }

        FileFigures[] acked = [.. all.Where(HasAcked)];
        if (acked.Length > 0)
        {
            yield return Say($"{name}, {acked.Length} files, acked: pooled ")
                + Say($"**{Pooled(acked, file => file.Acked!.Coded, file => file.Acked!.Bytes):F3}**, mean ")
                + Say($"**{acked.Average(AckedBits):F3}**.");
        }
    }

    private static IEnumerable<string> Machine(string name, FileFigures[] all)
    {
        FileFigures[] cold = [.. all.Where(HasCold)];
        if (cold.Length > 0)
        {
            double equal = cold.Sum(ColdBits) / cold.Sum(file => 8.0 * ColdDictionary(file) / file.Baselines!.Bytes);
            yield return Say($"{name}, {cold.Length} files, cold / zstd-dict: **{equal:F3}** with equal weight for ")
                + Say($"each file, **{(double)cold.Sum(ColdBytes) / cold.Sum(ColdDictionary):F3}** pooled.");
        }

        FileFigures[] acked = [.. all.Where(HasAcked)];
        if (acked.Length > 0)
        {
            double equal = acked.Sum(AckedBits)
                / acked.Sum(file => 8.0 * file.Stretch!.Coded[BaselineColumns.Dictionary] / file.Stretch!.Bytes);
            double pooled = (double)acked.Sum(file => file.Acked!.Coded)
                / acked.Sum(file => file.Stretch!.Coded[BaselineColumns.Dictionary]);
            yield return Say($"{name}, {acked.Length} files, acked / zstd-dict over the same messages: **{equal:F3}** ")
                + Say($"with equal weight, **{pooled:F3}** pooled.");
        }
    }

    private IEnumerable<string> Worse()
    {
        FileFigures[] cold = [.. files.Where(HasCold)];
        if (cold.Length > 0)
        {
            string[] worse = [.. cold.Where(file => file.Cold!.Coded > file.Baselines!.Coded.Values.Min())
                .Select(file => file.Name)];
            yield return Say($"Cold, larger than the best baseline: {List(worse)} of {cold.Length} files.");
        }
    }

    private IEnumerable<string> Xz()
    {
        FileFigures[] same =
            [.. files.Where(file => HasAcked(file) && file.Stretch!.Coded.ContainsKey(BaselineColumns.Xz))];
        FileFigures[] whole = [.. same.Where(file => file.Whole is not null)];
        if (whole.Length == 0)
        {
            yield break;
        }

        string[] overSame = [.. same.Where(file => file.Acked!.Coded >= file.Stretch!.Coded[BaselineColumns.Xz])
            .Select(file => file.Name)];
        string[] overWhole = [.. whole.Where(file => AckedBits(file)
            >= 8.0 * file.Whole!.Coded[BaselineColumns.Xz] / file.Whole.Bytes).Select(file => file.Name)];
        string[] overBytes = [.. whole.Where(file => AckedBits(file)
            >= 8.0 * file.Whole!.Coded[BaselineColumns.Xz] / file.Whole.FileBytes).Select(file => file.Name)];
        yield return Say($"Acked, below xz of the same bytes: **{same.Length - overSame.Length} of {same.Length}** ")
            + Say($"files; not: {List(overSame)}.");
        yield return Say($"Acked, below xz of the whole file: **{whole.Length - overWhole.Length} of {whole.Length}** ")
            + Say($"files; not: {List(overWhole)}. ") + Say($"With xz's bits divided by the bytes of the file, ")
            + Say($"separators and lengths included: {whole.Length - overBytes.Length}.");
    }

    private IEnumerable<string> Streams()
    {
        FileFigures[] text = [.. files.Where(file => file.Group == "text" && HasAcked(file)
            && file.Whole is { FileBytes: >= LongText } && file.Stretch!.Coded.ContainsKey(BaselineColumns.Xz))];
        if (text.Length == 0)
        {
            yield break;
        }

        long bytes = text.Sum(file => file.Acked!.Bytes);
        string zpaq = !text.All(file => file.Stretch!.Coded.ContainsKey(BaselineColumns.Zpaq)) ? "zpaq is not there"
            : Say($"zpaq -m5 {8.0 * text.Sum(file => file.Stretch!.Coded[BaselineColumns.Zpaq]) / bytes:F3} (below ")
                + Say($"it: {text.Count(file => file.Acked!.Coded < file.Stretch!.Coded[BaselineColumns.Zpaq])})");
        yield return Say($"Text files of 100 KB and more as one acknowledged stream, ")
            + Say($"{text.Length} files, {bytes} bytes of messages: ")
            + Say($"**{8.0 * text.Sum(file => file.Acked!.Coded) / bytes:F3}**; on the same bytes as one file ")
            + Say($"xz -9e {8.0 * text.Sum(file => file.Stretch!.Coded[BaselineColumns.Xz]) / bytes:F3} (below it: ")
            + Say($"{text.Count(file => file.Acked!.Coded < file.Stretch!.Coded[BaselineColumns.Xz])}), ") + zpaq + ".";
    }

    private IEnumerable<string> Shorts()
    {
        if (shorts.Count > 0)
        {
            double characters = shorts.Sum(part => part.Characters);
            IEnumerable<string> baselines = BaselineColumns.Names
                .Where(name => shorts.All(part => part.Baselines.ContainsKey(name)))
                .Select(name => Say($"{name} {8 * shorts.Sum(part => part.Baselines[name]) / characters:F2}"));
            yield return Say($"English messages of {ShortMessages.Shortest} to {ShortMessages.Longest} characters ")
                + Say($"({shorts.Sum(part => part.Messages)} messages, cold), bits per character with frame header, ")
                + Say($"check and code: ") + Say($"**{8 * shorts.Sum(part => part.Alone) / characters:F3}** alone in ")
                + Say($"a frame, **{8 * shorts.Sum(part => part.BesideOthers) / characters:F3}** beside nine others; ")
                + Say($"the code alone {8 * shorts.Sum(part => part.Coded) / characters:F3}. ")
                + $"Baselines without any frame: {string.Join(", ", baselines)}.";
        }
    }

    private IEnumerable<string> Growth() => (growth ?? []).Select(part => Say(
        $"Growth, {part.Name} ({part.Messages} messages, {part.Bytes} bytes): {part.Growth} bytes of payload at most, ")
        + Say($"{part.FrameGrowth} with the frames of a message sent alone."));

    private IEnumerable<string> Wire()
    {
        FileFigures[] cold = [.. files.Where(HasCold)];
        if (cold.Length > 0)
        {
            yield return Say($"All {cold.Length} files, cold, {cold.Sum(file => file.Cold!.Messages)} ")
                + Say($"pieces, {cold.Sum(file => file.Cold!.Bytes)} bytes: ")
                + Say($"{Pooled(cold, ColdBytes, file => file.Cold!.Bytes):F3} coded alone; ")
                + Say($"{Pooled(cold, file => file.Cold!.Wire, file => file.Cold!.Bytes):F3} as sealed datagrams of ")
                + Say($"1,200 bytes, with frames, checks, message numbers and the 20 bytes of a seal; ")
                + Say($"{cold.Sum(file => file.Cold!.Stored)} pieces stored.");
        }
    }

    private static bool HasCold(FileFigures file) => file.Cold is not null && file.Baselines is not null
        && file.Baselines.Coded.ContainsKey(BaselineColumns.Dictionary);

    private static bool HasAcked(FileFigures file) => file.Acked is not null && file.Stretch is not null
        && file.Stretch.Coded.ContainsKey(BaselineColumns.Dictionary);

    private static long ColdBytes(FileFigures file) => file.Cold!.Coded;

    private static long ColdDictionary(FileFigures file) => file.Baselines!.Coded[BaselineColumns.Dictionary];

    private static double ColdBits(FileFigures file) => 8.0 * file.Cold!.Coded / file.Cold.Bytes;

    private static double AckedBits(FileFigures file) => 8.0 * file.Acked!.Coded / file.Acked.Bytes;

    private static double Pooled(FileFigures[] all, Func<FileFigures, long> coded, Func<FileFigures, long> bytes) =>
        8.0 * all.Sum(coded) / all.Sum(bytes);

    private static string List(string[] names) =>
        names.Length == 0 ? "none" : $"{names.Length} ({string.Join(", ", names)})";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
