using System.CommandLine;

namespace LinkCodec.Benchmarks.Dev;

/// <summary>The options of <c>dev</c>, of which <c>overhead</c> has the first ones.</summary>
internal sealed class DevArguments
{
    private readonly Option<string?> _data = Options.Data();
    private readonly Option<string> _snapshot = Options.Snapshot();
    private readonly Option<int> _sample = Options.Number("--sample", 500,
        "Pieces of a file that are coded cold; 0 for all.");
    private readonly Option<int> _cut = Options.Number("--cut", 1000,
        "Longer messages are cut into pieces of so many bytes; 0 for none.");
    private readonly Option<string> _files = Options.Files();
    private readonly Option<int> _threads = Options.Number("--threads", 2, "Threads that predict.");
    private readonly Option<int> _acked = Options.Number("--acked-kilobytes", 0,
        "The first kilobytes of each file for the acknowledged columns; 0 for all.");
    private readonly Option<string> _parts = Options.Parts(DevOptions.Every);
    private readonly Option<string> _cache = Options.Cache(DevOptions.DefaultCache);
    private readonly Option<bool> _report = Options.Report();
    private readonly Option<bool> _write = Options.Write();
    private readonly Option<string> _document = Options.Document();

    public IEnumerable<Option> OfData => [_data, _snapshot, _sample, _cut, _files, _threads];

    public IEnumerable<Option> All => [.. OfData, _acked, _parts, _cache, _report, _write, _document];

    /// <summary>
    /// What a command that has <see cref="All"/> was asked for; null when there is no data, which is no error.
    /// </summary>
    public DevOptions? ReadAll(ParseResult parsed) => Read(parsed) is not { } options
        ? null
        : options with
        {
            AckedKilobytes = parsed.GetValue(_acked),
            Parts = parsed.GetValue(_report) ? [] : Options.Split(parsed.GetValue(_parts)!, DevOptions.Every),
            Cache = parsed.GetValue(_cache)!,
            Write = parsed.GetValue(_write) ? parsed.GetValue(_document) : null,
        };

    /// <summary>What a command that has <see cref="OfData"/> alone was asked for; null when there is no data.</summary>
    public DevOptions? Read(ParseResult parsed) => DevFiles.Find(parsed.GetValue(_data)) is not { } data
        ? null
        : new DevOptions
        {
            Data = data,
            Snapshot = parsed.GetValue(_snapshot)!,
            Sample = parsed.GetValue(_sample),
            Cut = parsed.GetValue(_cut),
            Threads = Math.Max(1, parsed.GetValue(_threads)),
            Files = parsed.GetValue(_files)!,
        };
}
