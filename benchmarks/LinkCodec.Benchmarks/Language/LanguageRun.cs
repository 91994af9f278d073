using System.Security.Cryptography;
using LinkCodec.Benchmarks.Dev;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Benchmarks.Language;

/// <summary>Measures what is not in the cache, file by file, and collects all that is there.</summary>
internal sealed class LanguageRun(LanguageOptions options, LanguageSubject subject)
{
    /// <summary>Pieces of the mixed bytes, each a job of its own.</summary>
    private const int MixedPieces = 20;

    private const int MixedPieceBytes = 50_000;
    private const int RoundTripMessage = 1000;
    private const int LongestPiece = 1000;

    private static readonly string[] Prose = ["text/prose-books.txt.xz", "text/articles-18f.txt.xz"];
    private static readonly string[] Structured =
        ["weather/metar.txt.xz", "telemetry/logs.txt.xz", "telemetry/nmea0183.txt.xz", "telemetry/gnss-json.jsonl.xz",
            "telemetry/flights-json.jsonl.xz", "telemetry/earthquakes.jsonl.xz"];

    private readonly ResultCache _cache = new(options.Cache);
    private readonly LanguageResults _results = new();

    /// <summary>Measures.</summary>
    /// <exception cref="LinkException">The snapshot or the model cannot be used.</exception>
    public LanguageResults Run()
    {
        using Lazily<FloatTransformer> floats =
            new(() => new FloatTransformer(options.Model!, subject.Model.Shape.Vocabulary, subject.Model.Shape.Window));
        JobList jobs = new(_cache, options.Parts, options.Threads);
        string[] files = [.. DevFiles.List(options.Data)
            .Where(file => file.Contains(options.Files, StringComparison.Ordinal))];
        foreach (string file in files.Where(DevReport.IsEnglish))
        {
            PlanEnglish(jobs, file, floats);
        }

        foreach (string file in files.Where(Prose.Contains))
        {
            byte[] beginning = Beginning(file, options.ProseKilobytes);
            jobs.Plan(beginning.Length * 4, file, "prose", Key(beginning, ProseMeasurement.MessageBytes),
                () => ProseMeasurement.Measure(subject, beginning), Into(_results.Prose, file));
        }

        foreach (string file in files.Where(Structured.Contains))
        {
            DevContent content = DevFiles.Load(Path.Combine(options.Data, "dev", file), LongestPiece);
            jobs.Plan(200_000, file, "structured", Key(content.File, options.Structured, options.StreamKilobytes),
                () => StructuredMeasurement.Measure(subject, content, options, Dictionary(file)),
                Into(_results.Structured, file));
        }

        foreach (string file in files.Where(file => file.StartsWith("text/", StringComparison.Ordinal)))
        {
            byte[] beginning = Beginning(file, options.PrefixKilobytes);
            jobs.Plan(beginning.Length * 3, file, "roundtrip", Key(beginning, RoundTripMessage),
                () => RoundTrip.Measure(subject.Predictor, [.. beginning.Chunk(RoundTripMessage)]),
                Into(_results.RoundTrips, file));
        }

        PlanMixed(jobs, files);
        jobs.Run();
        JobList alone = new(_cache, options.Parts, 1);
        PlanSpeed(alone);
        alone.Run();
        return _results;
    }

    private static Action<T> Into<T>(SortedDictionary<string, T> results, string file) => figures =>
    {
        lock (results)
        {
            results[file.Replace(".xz", "", StringComparison.Ordinal)] = figures;
        }
    };

    private void PlanEnglish(JobList jobs, string file, Lazily<FloatTransformer> floats)
    {
        byte[] content = DevFiles.Load(Path.Combine(options.Data, "dev", file), 0).File;
        List<byte[]> messages = StudyText.Messages(content, options.Messages);
        List<byte[]> stretches = StudyText.Stretches(content, options.Stretches);
        string key = Key(content, options.Messages, options.Stretches);
        if (options.Model is { } model)
        {
            // One at a time: the network of floats is large.
            jobs.Plan(40_000, $"{file}.float", "english", $"{key} {Path.GetFileName(model)}", () =>
                floats.Use(network => EnglishMeasurement.OfNetwork(subject, network.Network, messages, stretches)),
                Into(_results.Floats, file));
        }

        jobs.Plan(20_000, $"{file}.exact", "english", key,
            () => EnglishMeasurement.OfNetwork(subject, subject.Model.Network, messages, stretches),
            Into(_results.Exact, file));
        jobs.Plan(50_000, $"{file}.coded", "english", key, () => EnglishMeasurement.Coded(subject, messages, stretches),
            Into(_results.English, file));
    }

    private void PlanMixed(JobList jobs, string[] files)
    {
        if (files.Length == 0)
        {
            return;
        }

        byte[] text = [.. files.Where(file => file.StartsWith("text/handbook", StringComparison.Ordinal))
            .SelectMany(file => Beginning(file, options.PrefixKilobytes))];
        for (int piece = 0; piece < MixedPieces && text.Length > 0; piece++)
        {
            int bytes = Math.Min(MixedPieceBytes, options.PrefixKilobytes * 1000);
            List<byte[]> messages = MixedBytes.Make(text, bytes, (uint)piece);
            jobs.Plan(bytes * 2, $"mixed-{piece + 1:00}", "roundtrip",
                Key([.. messages.SelectMany(message => message)]), () => RoundTrip.Measure(subject.Predictor, messages),
                Into(_results.RoundTrips, $"mixed-{piece + 1:00}"));
        }
    }

    private void PlanSpeed(JobList jobs)
    {
        string file = DevFiles.List(options.Data).First(DevReport.IsEnglish);
        List<byte[]> messages = StudyText.Messages(DevFiles.Load(Path.Combine(options.Data, "dev", file), 0).File, 64);
        foreach (int streams in LanguageSpeed.Streams)
        {
            jobs.Plan(streams, $"streams-{streams:00}", "speed",
                Key([], streams), () => LanguageSpeed.Measure(subject.Predictor, options.Snapshot, messages, streams),
                Into(_results.Speeds, $"{streams:00}"));
        }
    }

    private byte[] Beginning(string file, int kilobytes)
    {
        byte[] content = DevFiles.Load(Path.Combine(options.Data, "dev", file), 0).File;
        return content[..(int)Math.Min(content.Length, kilobytes * 1000L)];
    }

    private byte[] Dictionary(string file)
    {
        string path = Path.Combine(options.Data, "train", file);
        return _cache.Bytes($"{file}.dictionary", File.Exists(path) ? $"{new FileInfo(path).Length}" : "",
            () => BaselineColumns.Train(path) ?? []);
    }

    private string Key(byte[] content, params ReadOnlySpan<int> numbers) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(content))} {string.Join(' ', numbers.ToArray())} "
            + $"{subject.Manifest.Name}";

    /// <summary>Something large that is made when it is first used, by one user at a time.</summary>
    private sealed class Lazily<T>(Func<T> make) : IDisposable
        where T : class, IDisposable
    {
        private readonly object _gate = new();
        private T? _made;

        public TResult Use<TResult>(Func<T, TResult> use)
        {
            lock (_gate)
            {
                return use(_made ??= make());
            }
        }

        public void Dispose() => _made?.Dispose();
    }
}
