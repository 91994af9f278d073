using System.CommandLine;
using LinkCodec.Benchmarks.Dev;

namespace LinkCodec.Benchmarks.Language;

/// <summary>The options of <c>language</c>.</summary>
internal sealed class LanguageArguments
{
    private readonly Option<string> _snapshot = new("--snapshot")
    {
        Description = "The path or label of an imported model's snapshot.",
        Required = true,
    };
    private readonly Option<string?> _model = new("--model")
    {
        Description = "The file or folder that it was imported from, for the columns in floats.",
    };
    private readonly Option<string?> _data = Options.Data();
    private readonly Option<string> _files = Options.Files();
    private readonly Option<int> _messages = Options.Number("--messages", 16, "English messages of a file.");
    private readonly Option<int> _stretches = Options.Number("--stretches", 2, "English stretches of a file.");
    private readonly Option<int> _structured = Options.Number("--structured", 60, "Structured messages of a file.");
    private readonly Option<int> _stream = Options.Number("--stream-kilobytes", 40,
        "Kilobytes of each structured file that are a growing stream.");
    private readonly Option<int> _prose = Options.Number("--prose-kilobytes", 200, "Kilobytes of prose.");
    private readonly Option<int> _prefix = Options.Number("--prefix-kilobytes", 60,
        "Kilobytes of each text file that make the round trip.");
    private readonly Option<int> _threads = Options.Number("--threads", 1,
        "Jobs side by side; each takes memory. The speed part runs alone.");
    private readonly Option<string> _parts = Options.Parts(LanguageOptions.Every);
    private readonly Option<string> _cache = Options.Cache("artifacts/benchmarks/language");
    private readonly Option<bool> _report = Options.Report();
    private readonly Option<bool> _write = Options.Write();
    private readonly Option<string> _document = Options.Document();

    public IEnumerable<Option> All =>
        [_snapshot, _model, _data, _files, _messages, _stretches, _structured, _stream, _prose, _prefix, _threads,
            _parts, _cache, _report, _write, _document];

    /// <summary>The options that were asked for; null when there is no data, which is no error.</summary>
    public LanguageOptions? Read(ParseResult parsed) => DevFiles.Find(parsed.GetValue(_data)) is not { } data
        ? null
        : new LanguageOptions
        {
            Data = data,
            Snapshot = parsed.GetValue(_snapshot)!,
            Model = parsed.GetValue(_model),
            Files = parsed.GetValue(_files)!,
            Messages = parsed.GetValue(_messages),
            Stretches = parsed.GetValue(_stretches),
            Structured = parsed.GetValue(_structured),
            StreamKilobytes = parsed.GetValue(_stream),
            ProseKilobytes = parsed.GetValue(_prose),
            PrefixKilobytes = parsed.GetValue(_prefix),
            Threads = Math.Max(1, parsed.GetValue(_threads)),
            Parts = parsed.GetValue(_report) ? [] : Options.Split(parsed.GetValue(_parts)!, LanguageOptions.Every),
            Cache = parsed.GetValue(_cache)!,
            Write = parsed.GetValue(_write) ? parsed.GetValue(_document) : null,
        };
}
