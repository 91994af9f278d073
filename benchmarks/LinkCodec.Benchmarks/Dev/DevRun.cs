using LinkCodec.Baselines;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>Measures what is not in the cache, a part of a file at a time on each thread, the longest first.</summary>
internal sealed class DevRun(DevOptions options, Snapshot? snapshot, string name)
{
    private readonly ResultCache _cache = new(options.Cache);

    /// <summary>The paths below <c>dev</c> that were asked for.</summary>
    private readonly string[] _files = [.. DevFiles.List(options.Data)
        .Where(file => file.Contains(options.Files, StringComparison.Ordinal))];

    /// <summary>
    /// Measures, and gives what there is: parts that were only to be reported and are not there are null.
    /// </summary>
    public DevReport Run()
    {
        FileFigures[] figures = new FileFigures[_files.Length];
        ShortFigures?[] shorts = new ShortFigures?[_files.Length];
        List<GrowthFigures>? growth = null;
        object gate = new();
        JobList jobs = new(_cache, options.Parts, options.Threads);
        for (int i = 0; i < _files.Length; i++)
        {
            int at = i;
            string file = _files[i];
            DevContent content = DevFiles.Load(Path.Combine(options.Data, "dev", file), options.Cut);
            figures[at] = new FileFigures(file[..^".xz".Length], null, null, null, null, null);
            long drawn = content.Draw(options.Sample).Sum(piece => (long)piece.Length);
            int count = content.Count(options.AckedKilobytes);
            long stretch = content.Ends[count - 1];
            jobs.Plan(drawn / 2, file, "baselines", BaselineKey(content, $"{options.Sample}"), () =>
                Baselines(file, content), (BaselineFigures f) => Set(gate, figures, at, x => x with { Baselines = f }));
            jobs.Plan(stretch / 2, file, "stretch", BaselineKey(content, $"{count}"), () => Stretch(file, content,
                count), (StretchFigures f) => Set(gate, figures, at, x => x with { Stretch = f }));
            jobs.Plan(content.File.Length / 2, file, "stretch",
                BaselineKey(content, $"{content.Pieces.Count}"), () => Stretch(file, content, content.Pieces.Count),
                (StretchFigures f) => Set(gate, figures, at, x => x with { Whole = f }));
            jobs.Plan(drawn * 2, file, "cold", CodecKey(content, $"{options.Sample}"),
                () => ColdMeasurement.Measure(Model, content.Draw(options.Sample)),
                (ColdFigures f) => Set(gate, figures, at, x => x with { Cold = f }));
            jobs.Plan(stretch * 5, file, "acked", CodecKey(content, $"{count}"),
                () => AckedMeasurement.Measure(Model, content.Pieces[..count]),
                (AckedFigures f) => Set(gate, figures, at, x => x with { Acked = f }));
            if (DevReport.IsEnglish(file))
            {
                DevContent whole = DevFiles.Load(Path.Combine(options.Data, "dev", file), 0);
                jobs.Plan(20_000, file, "short", CodecKey(content, "short"),
                    () => ShortMessages.Measure(Model, ShortMessages.Draw(whole), Dictionary(file)),
                    (ShortFigures f) => shorts[at] = f);
            }

            if (file == DevReport.GrowthFile)
            {
                jobs.Plan(500_000, file, "growth", CodecKey(content, "growth"),
                    () => GrowthCheck.Measure(Model, content.Draw(100)), (List<GrowthFigures> f) => growth = f);
            }
        }

        jobs.Run();
        return new DevReport(options, name, figures, [.. shorts.OfType<ShortFigures>()], growth);
    }

    private Predictor Model => snapshot?.Predictor ?? throw new InvalidOperationException("No snapshot was loaded.");

    private static void Set(object gate, FileFigures[] figures, int at, Func<FileFigures, FileFigures> change)
    {
        lock (gate)
        {
            figures[at] = change(figures[at]);
        }
    }

    private BaselineFigures Baselines(string file, DevContent content)
    {
        List<byte[]> drawn = content.Draw(options.Sample);
        return new BaselineFigures(drawn.Count, drawn.Sum(piece => (long)piece.Length),
            BaselineColumns.Measure(drawn, Dictionary(file)));
    }

    private StretchFigures Stretch(string file, DevContent content, int count)
    {
        List<byte[]> pieces = content.Pieces[..count];
        int end = content.Ends[count - 1];
        return new StretchFigures(count, pieces.Sum(piece => (long)piece.Length), end,
            BaselineColumns.MeasureStretch(pieces, content.File[..end], Dictionary(file)));
    }

    // An empty dictionary is kept too: there is none.
    private byte[] Dictionary(string file)
    {
        string path = Path.Combine(options.Data, "train", file);
        string key = File.Exists(path) ? $"{new FileInfo(path).Length}" : "";
        return _cache.Bytes($"{file}.dictionary", key, () => BaselineColumns.Train(path) ?? []);
    }

    private string BaselineKey(DevContent content, string what) =>
        $"{content.Hash} {options.Cut} {what} {XzBaseline.FindReason() is null} {ZpaqBaseline.FindReason() is null}";

    private string CodecKey(DevContent content, string what) => $"{content.Hash} {options.Cut} {what} {name}";
}
