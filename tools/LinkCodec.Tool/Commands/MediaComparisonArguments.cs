using System.CommandLine;
using LinkCodec.CommandLine;
using LinkCodec.Media;
using LinkCodec.Tool.Comparison;
using LinkCodec.Transport.Files;

namespace LinkCodec.Tool.Commands;

/// <summary>
/// The options of <c>compare</c> for files of images, sounds and samples, and what it does with such files.
/// </summary>
internal sealed class MediaComparisonArguments
{
    private readonly Option<string> _kind = new("--kind")
    {
        Description = "What the files are: auto (default: images or sounds where all of them are, and --messages is "
            + "not given), image, audio, samples, or messages.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _samples = new("--samples")
    {
        Description = "With --kind samples, what they are, as of pack: TYPE,CHANNELS,SEGMENT (s16le,2).",
    };

    private readonly Option<int> _tile = NumberOptions.Of("--tile", "Side of the tiles of an image, each of which "
        + "decodes alone: the larger, the fewer bytes.", 128, 32, 256);

    private readonly Option<string?> _report = new("--report")
    {
        Description = "A page of HTML to write: each image, where LinkCodec spent its bits, and bars of the sizes.",
    };

    public void AddTo(Command command)
    {
        command.Add(_kind);
        command.Add(_samples);
        command.Add(_tile);
        command.Add(_report);
    }

    /// <summary>The files as images or sounds; null where they are messages.</summary>
    /// <exception cref="UsageException">There is no such kind, or a file is of another one.</exception>
    public async Task<IReadOnlyList<MediaInput>?> TryReadAsync(ParseResult parsed, string[] paths, bool isMessages,
        CancellationToken cancellationToken)
    {
        string kind = parsed.GetValue(_kind)!;
        if (kind is not ("auto" or "image" or "audio" or "samples" or "messages"))
        {
            throw new UsageException($"--kind {kind}: expected auto, image, audio, samples or messages");
        }

        SampleFormat? format = MediaArguments.ReadSamples(parsed.GetValue(_samples), kind);
        if (format is { IsRaster: true })
        {
            throw new UsageException("--kind samples compares samples of channels: a raster can be compared as a PAM");
        }

        bool isNamed = kind is "image" or "audio" or "samples";
        if (isNamed && isMessages)
        {
            throw new UsageException($"--kind {kind} compares whole files: --messages means nothing then");
        }

        List<MediaInput> files = [];
        string? other = kind == "messages" || isMessages ? "the files are messages" : null;
        foreach (string path in other is null ? paths : [])
        {
            byte[] file = await File.ReadAllBytesAsync(path, cancellationToken);
            MediaInput? input;
            string? problem = "it is shorter than the samples of one time";
            if (format is not null && file.Length >= format.FrameLength)
            {
                input = MediaInput.Of(Path.GetFileName(path), file, format);
            }
            else if (format is not null || !MediaInput.TryRead(Path.GetFileName(path), file, out input, out problem))
            {
                other = $"{path}: {problem}";
                break;
            }

            files.Add(input);
            bool isSound = isNamed ? kind is "audio" or "samples" : files[0].IsSound;
            other ??= input.IsSound != isSound ? $"{path} is {(isSound ? "no sound" : "no image")}" : null;
        }

        if (other is not null && isNamed)
        {
            throw new UsageException($"--kind {kind}: {other}");
        }

        if (other is not null && parsed.GetValue(_report) is not null)
        {
            throw new UsageException($"--report is for images or sounds alone: {other}");
        }

        return other is null ? files : null;
    }

    /// <summary>Compares, and writes the table and the page.</summary>
    public async Task<int> RunAsync(ParseResult parsed, IReadOnlyList<MediaInput> files, string[] paths, int mtu,
        int threads, bool isJson, CancellationToken cancellationToken)
    {
        string? page = parsed.GetValue(_report);
        if (page is not null)
        {
            OutputFile.RequireOther(page, paths);
        }

        string now = "";
        MediaComparison comparison = new(parsed.GetValue(_tile), mtu, threads);
        Task<(ComparisonReport Report, IReadOnlyList<MediaFileFigures> Files)> work =
            Task.Run(() => comparison.Run(files, text => now = text, cancellationToken), cancellationToken);
        InvocationConfiguration console = parsed.InvocationConfiguration;
        await ProgressLine.ShowWhileAsync(work, () => now, console.Error, isTerminal: !Console.IsErrorRedirected);
        (ComparisonReport report, IReadOnlyList<MediaFileFigures> figures) = await work;
        if (page is not null)
        {
            await File.WriteAllTextAsync(page, MediaReport.Of(report, figures), cancellationToken);
        }

        if (isJson)
        {
            CommandHost.WriteJson(console.Output, report.WriteJson);
        }
        else
        {
            report.WriteTable(console.Output);
        }

        return CommandHost.Success;
    }
}
