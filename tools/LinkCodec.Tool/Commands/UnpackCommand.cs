using System.CommandLine;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Reactive.Linq;
using LinkCodec.CommandLine;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Models;
using LinkCodec.Transport.Files;

namespace LinkCodec.Tool.Commands;

/// <summary><c>unpack</c>: a packed file back into the bytes it was made from, as far as they survive.</summary>
internal static class UnpackCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> input = new("FILE") { Description = "A packed file, or - for standard input." };
        Option<string> output = new("--output", "-o")
        {
            Description = "The file to write, or - for standard output; a file takes its name when it is whole.",
            Required = true,
        };
        Option<string[]> snapshot = new("--snapshot")
        {
            Description = "Where the one that the file names is not installed: a folder with a separator in its path, "
                + "a label, or first digits of a name.",
        };
        Option<ModelDevice> device = LinkArguments.Device();
        Option<string?> messages = new("--messages")
        {
            Description = "lines, rs, u32le or whole; as they were packed if not given.",
        };
        Option<int> threads = NumberOptions.Threads();
        Option<int> expansion = NumberOptions.Of(
            "--max-expansion",
            "Bytes of messages that a byte of the file may stand for: more than 64 for files of versions that kept no "
                + "such limit.",
            CompressionLimits.FrameExpansion,
            CompressionLimits.FrameExpansion,
            CompressionLimits.MaxExpansion);
        Option<bool> json = new("--json") { Description = "Print the figures as one JSON object." };
        Option<bool> partial = new("--partial")
        {
            Description = "Of a damaged file, also write images, sounds, samples and video of which parts were lost, "
                + "beside the output, as OUTPUT-NUMBER.partial with the message's number, with grey or silence "
                + "for what " + "is missing, and say what that is; the message counts as lost all the same.",
        };
        Command unpack = new("unpack",
            "Restores a packed file byte for byte; of a damaged one that was packed without enough repairs "
                + "(--fec), the " + "messages that survive (exit code 1).")
        {
            input, output, snapshot, device, messages, threads, expansion, json, partial,
        };
        KeyArguments keys = new();
        keys.AddTo(unpack, isLink: false);
        examples[unpack] = "linkcodec unpack telemetry.lnk -o telemetry.jsonl";
        unpack.SetAction((parsed, cancel) =>
        {
            string[]? snapshots = parsed.GetValue(snapshot);
            if (parsed.GetValue(expansion) is < CompressionLimits.FrameExpansion or > CompressionLimits.MaxExpansion)
            {
                throw new UsageException("--max-expansion must be 64 to 65536");
            }

            LinkOptions options = new()
            {
                Snapshots = snapshots is { Length: > 0 } ? snapshots : [SnapshotStore.DefaultLabel, LinkSnapshots.None],
                Device = parsed.GetValue(device),
                MaxDatagramSize = 65_507,
                Threads = parsed.GetValue(threads),
                HasReturnPath = false,
                MaxMessageSize = int.MaxValue / 2,
                MaxExpansion = parsed.GetValue(expansion),
            };
            PartialMedia? incomplete = parsed.GetValue(partial)
                ? ReadPartial(parsed.GetValue(output)!, parsed.InvocationConfiguration.Error)
                : null;
            options = options with { OnIncomplete = incomplete is null ? null : incomplete.Take };
            MessageFormat? format = parsed.GetValue(messages) is { } text ? LinkArguments.ReadFormat(text) : null;
            OutputFile.RequireOther(parsed.GetValue(output)!, [parsed.GetValue(input)!, .. keys.Files(parsed)]);
            options = keys.ReadForFile(parsed, options);
            return KeyArguments.EraseAfterAsync(
                options, RunAsync(parsed.GetValue(input)!, parsed.GetValue(output)!, format, options, incomplete,
                    parsed.GetValue(json), parsed.InvocationConfiguration, cancel));
        });
        return unpack;
    }

    private static PartialMedia ReadPartial(string output, TextWriter error)
    {
        if (StandardStreams.IsOutput(output))
        {
            throw new UsageException("--partial needs a file for its output: parts are written beside it");
        }

        return new PartialMedia(error)
        {
            Output = (number, content) =>
            {
                string path = FormattableString.Invariant($"{output}-{number}.partial");
                using OutputFile file = OutputFile.Create(path);
                file.Stream.Write(content.Span);
                file.Commit();
                return path;
            },
        };
    }

    private static async Task<int> RunAsync(
        string input, string output, MessageFormat? format, LinkOptions options, PartialMedia? incomplete, bool json,
        InvocationConfiguration console, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        await using LinkListener listener = await LinkListener.ListenAsync(LinkEndpoint.File(input), options,
            cancellationToken: cancellationToken);
        await using LinkReceiver receiver = await listener.AcceptAsync(cancellationToken);
        await using OutputFile file = OutputFile.Create(output, input);
        PipeWriter target = PipeWriter.Create(file.Stream, new StreamPipeWriterOptions(leaveOpen: true));
        Task work = ReceiveAsync(receiver, target, format, cancellationToken);
        await ProgressLine.ShowWhileAsync(
            work, receiver.Progress.Select(now => $"{now.Messages} messages, {now.PredictedBytes} bytes decoded"),
            console.Error, isTerminal: !Console.IsErrorRedirected);

        file.Commit();
        string? damage = Damage(listener, receiver);
        LinkStatistics statistics = receiver.Statistics;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ulong lost = receiver.Missing.Aggregate(0UL, (sum, range) => sum + range.Count);
        TextWriter figures = StandardStreams.Figures(console, output);
        if (json)
        {
            CommandHost.WriteJson(figures, writer =>
            {
                writer.WriteNumber("raw_bytes", statistics.MessageBytes);
                writer.WriteNumber("wire_bytes", statistics.BytesReceived);
                writer.WriteNumber("coded_bytes", statistics.CodedBytes);
                writer.WriteNumber("messages", statistics.Messages);
                writer.WriteNumber("messages_lost", lost);
                writer.WriteBoolean("damaged", damage is not null);
                writer.WriteNumber("segments_repaired", statistics.Session.SegmentsRecovered);
                writer.WriteNumber("seconds", Math.Round(seconds, 3));
                writer.WriteString("snapshot", receiver.Snapshot.Name.ToString());
                incomplete?.Write(writer);
            });
        }
        else
        {
            await figures.WriteLineAsync($"{statistics.Messages} messages, {statistics.BytesReceived} bytes -> "
                + $"{statistics.MessageBytes} bytes, {seconds:F1} s");
        }

        if (damage is not null && IsRepaired(receiver))
        {
            CommandHost.Say(console.Error, $"the file is damaged, and its repairs have restored all of it: {damage}");
            return CommandHost.Success;
        }

        return damage is null
            ? CommandHost.Success
            : throw new LinkException(
                LinkErrorCode.MessageLost, $"the file is damaged: {damage}. What survived was written.");
    }

    private static async Task ReceiveAsync(LinkReceiver receiver, PipeWriter target, MessageFormat? format,
        CancellationToken cancellationToken)
    {
        try
        {
            await receiver.ReceiveAllAsync(target, format, cancellationToken);
        }
        catch (LinkException e) when (e.Code == LinkErrorCode.LimitExceeded)
        {
            throw new LinkException(e.Code,
                $"{e.Message} --max-expansion 65536 restores files of versions that kept no such limit.", e);
        }
    }

    private static string? Damage(LinkListener listener, LinkReceiver receiver)
    {
        List<string> faults = [];
        if (listener.FileReport is { IsWhole: false } report)
        {
            faults.Add($"{report.SkippedBytes} bytes cannot be read");
        }

        if (receiver.Statistics.Session.Forged > 0)
        {
            faults.Add($"{receiver.Statistics.Session.Forged} segments are damaged");
        }

        if (receiver.Missing.Count > 0)
        {
            IEnumerable<string> shown = receiver.Missing.Take(8)
                .Select(r => r.Count == 1 ? $"{r.First}" : $"{r.First}-{r.First + r.Count - 1}");
            faults.Add($"messages lost: {string.Join(", ", shown)}{(receiver.Missing.Count > 8 ? ", ..." : "")}");
        }

        if (receiver.TotalMessages is null)
        {
            faults.Add("the end is missing");
        }

        return faults.Count == 0 ? null : string.Join("; ", faults);
    }

    // Every message came, though not every segment did.
    private static bool IsRepaired(LinkReceiver receiver) =>
        receiver is { Missing.Count: 0, TotalMessages: { } total } && receiver.Statistics.Session.SegmentsRecovered > 0
        && (ulong)receiver.Statistics.Messages == total;
}
