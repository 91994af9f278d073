using System.CommandLine;
using LinkCodec.Baselines;
using LinkCodec.CommandLine;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Tool.Comparison;

namespace LinkCodec.Tool.Commands;

/// <summary><c>compare</c>: message by message, what LinkCodec and other compressors make of files.</summary>
internal static class CompareCommand
{
    private const string Acked = "LinkCodec acked";

    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string[]> inputs = new("INPUT")
        {
            Description = "Files with messages.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> messages = new("--messages")
        {
            Description = "How they stand in the files: lines, rs, u32le or whole.",
            DefaultValueFactory = _ => "lines",
        };
        Option<string> snapshot = new("--snapshot")
        {
            Description = "Label, first digits of the name, or folder (with a separator: ./mine); 'none' for the codec "
                + "without a model.",
            DefaultValueFactory = _ => SnapshotStore.DefaultLabel,
        };
        Option<ModelDevice> device = LinkArguments.Device();
        Option<string?> train = new("--train")
        {
            Description = "File with other messages like these, laid out alike, to train a zstd dictionary with.",
        };
        Option<string> context = new("--context")
        {
            Description = "cold: every segment decodes alone; acked: LinkCodec also with each message coded from all "
                + "before it, as if they had been acknowledged.",
            DefaultValueFactory = _ => "cold",
        };
        Option<int> mtu = NumberOptions.Mtu();
        Option<int> threads = NumberOptions.Threads();
        Option<bool> json = new("--json") { Description = "Print the figures as one JSON object." };
        MediaComparisonArguments media = new();
        Command compare = new("compare", "Compares LinkCodec with raw, deflate, brotli and zstd on files of messages, "
            + "message by message and in whole segments, and with xz, zpaq too where it is installed, on whole files; "
            + "every output is decoded and compared. Files of images and sounds are compared whole with the coders of "
            + "their kind that are installed.")
        {
            inputs, messages, snapshot, device, train, context, mtu, threads, json,
        };
        media.AddTo(compare);
        examples[compare] = "linkcodec compare samples/messages/metar.txt --messages lines --context acked";
        compare.SetAction(async (parsed, cancel) =>
        {
            bool isAcked = PackCommand.ReadContext(parsed.GetValue(context)!) == ContextMode.Chained;
            MessageFormat format = LinkArguments.ReadFormat(parsed.GetValue(messages)!);
            string[] paths = parsed.GetValue(inputs)!;
            bool isMessages = parsed.GetResult(messages) is { Implicit: false };
            if (await media.TryReadAsync(parsed, paths, isMessages, cancel) is { } files)
            {
                return await media.RunAsync(parsed, files, paths, parsed.GetValue(mtu), parsed.GetValue(threads),
                    parsed.GetValue(json), cancel);
            }

            MessageSet set = await MessageSet.ReadAsync(paths, format, cancel);
            MessageSet? examplesToTrain =
                parsed.GetValue(train) is { } path ? await MessageSet.ReadAsync([path], format, cancel) : null;
            using LinkSnapshots snapshots = LinkSnapshots.Load([parsed.GetValue(snapshot)!], parsed.GetValue(device));
            string now = "";
            Task<ComparisonReport> work = Task.Run(() => RunAsync(
                set, examplesToTrain, snapshots.All[0], Label(parsed.GetValue(snapshot)!), isAcked,
                parsed.GetValue(mtu), parsed.GetValue(threads), text => now = text, cancel), cancel);
            InvocationConfiguration console = parsed.InvocationConfiguration;
            await ProgressLine.ShowWhileAsync(work, () => now, console.Error, isTerminal: !Console.IsErrorRedirected);
            ComparisonReport report = await work;
            if (parsed.GetValue(json))
            {
                CommandHost.WriteJson(console.Output, report.WriteJson);
            }
            else
            {
                report.WriteTable(console.Output);
            }

            return CommandHost.Success;
        });
        return compare;
    }

    private static async Task<ComparisonReport> RunAsync(
        MessageSet set, MessageSet? train, Snapshot snapshot, string label, bool isAcked, int mtu, int threads,
        Action<string> onProgress, CancellationToken cancellationToken)
    {
        List<CodecFigures> codecs = [];
        List<(string, long)> wholeFiles = [];
        List<(string, string)> unavailable = [];
        onProgress("preparing");
        IReadOnlyList<BaselineEntry> baselines = BaselineCatalog.Create(train is null ? null : [.. train.Messages]);
        try
        {
            foreach (BaselineEntry baseline in baselines)
            {
                if (baseline.Codec is not { } codec)
                {
                    unavailable.Add((baseline.Name, baseline.Unavailable!));
                }
                else if (codec.WholeFilesOnly)
                {
                    onProgress($"{baseline.Name}: the whole input");
                    wholeFiles.Add((baseline.Name, BaselineMeasurement.Of(codec, [set.Stream]).CodedBytes));
                }
                else
                {
                    codecs.Add(BaselineRun.Measure(codec, set.Messages, mtu, done =>
                        onProgress($"{baseline.Name}: {done} of {set.Messages.Count} messages"), cancellationToken));
                    CodecFigures filled = SegmentRun.Measure(baseline.Blocks!, set.Messages, mtu, done => onProgress(
                        $"{baseline.Name}, whole segments: {done} of {set.Messages.Count} messages"),
                        cancellationToken);
                    codecs.Add(filled with { IsReference = baseline.Name == BaselineCatalog.ZstdWithDictionary });
                }
            }
        }
        catch (BaselineException e)
        {
            throw new LinkException(LinkErrorCode.Malformed, e.Message, e);
        }
        finally
        {
            foreach (BaselineEntry baseline in baselines)
            {
                baseline.Dispose();
            }
        }

        onProgress($"LinkCodec: 0 of {set.Messages.Count} messages");
        codecs.Add((await LinkCodecRun.MeasureAsync(
            "LinkCodec", snapshot.Predictor, set.Messages, mtu, threads, isChained: false,
            done => onProgress($"LinkCodec: {done} of {set.Messages.Count} messages"), cancellationToken))!);
        if (isAcked)
        {
            CodecFigures? acked = await LinkCodecRun.MeasureAsync(
                Acked, snapshot.Predictor, set.Messages, mtu, threads, isChained: true,
                done => onProgress($"{Acked}: {done} of {set.Messages.Count} messages"), cancellationToken);
            if (acked is null)
            {
                unavailable.Add((Acked, "this snapshot learns nothing from message to message"));
            }
            else
            {
                codecs.Add(acked);
            }
        }

        return new ComparisonReport(set.Messages.Count, set.RawBytes, mtu, (label, snapshot.Name.ToString()), isAcked,
            codecs, wholeFiles, unavailable);
    }

    private static string Label(string given) =>
        given == LinkSnapshots.None ? "none (no model)" : SnapshotStore.Default.Find(given).Manifest.Label;
}
