using System.CommandLine;
using System.Diagnostics;
using LinkCodec.CommandLine;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Models;
using LinkCodec.Transport;

namespace LinkCodec.Tool.Commands;

/// <summary><c>unpack</c>: a packed file back into the bytes it was made from, as far as they survive.</summary>
internal static class UnpackCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> input = new("FILE") { Description = "A packed file." };
        Option<string> output = new("--output", "-o") { Description = "The file to write, or - for standard output.", Required = true };
        Option<string[]> snapshot = new("--snapshot") { Description = "Snapshots to try, by label, first digits of the name, or folder." };
        Option<ModelDevice> device = LinkArguments.Device();
        Option<string?> messages = new("--messages") { Description = "lines, rs, u32le or whole; as they were packed if not given." };
        Option<int> threads = new("--threads") { Description = "Threads that predict at once; 0 for one a processor.", DefaultValueFactory = _ => 0 };
        Option<int> expansion = new("--max-expansion")
        {
            Description = "Bytes of messages that a byte of the file may stand for, 64 to 65536: more than 64 for files of versions that kept no such limit.",
            DefaultValueFactory = _ => CompressionLimits.FrameExpansion,
        };
        Option<bool> json = new("--json") { Description = "Print the figures as one JSON object." };
        Command unpack = new("unpack", "Restores a packed file byte for byte; of a damaged one, the messages that survive (exit code 1).")
        {
            input, output, snapshot, device, messages, threads, expansion, json,
        };
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
            MessageFormat? format = parsed.GetValue(messages) is { } text ? LinkArguments.ReadFormat(text) : null;
            if (parsed.GetValue(json) && parsed.GetValue(output) == "-")
            {
                throw new UsageException("--json and -o - cannot share standard output");
            }

            return RunAsync(parsed.GetValue(input)!, parsed.GetValue(output)!, format, options, parsed.GetValue(json), parsed.InvocationConfiguration, cancel);
        });
        return unpack;
    }

    private static async Task<int> RunAsync(
        string input, string output, MessageFormat? format, LinkOptions options, bool json, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        await using LinkReceiver receiver = await LinkReceiver.ListenAsync(LinkEndpoint.File(input), options, cancellationToken: cancellationToken);
        await receiver.AcceptAsync(null, cancellationToken);
        await using MessageOutput target = new(output == "-" ? StandardStreams.OpenOutput() : File.Create(output), format);
        Task work = ReceiveAsync(receiver, target, cancellationToken);
        await ProgressLine.ShowWhileAsync(
            work, () => $"{receiver.Statistics.Messages} messages, {receiver.Statistics.PredictedBytes} bytes decoded", console.Error, isTerminal: !Console.IsErrorRedirected);

        string? damage = Damage(receiver);
        LinkStatistics statistics = receiver.Statistics;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ulong lost = receiver.Missing.Aggregate(0UL, (sum, range) => sum + range.Count);
        if (json)
        {
            CommandHost.WriteJson(console.Output, writer =>
            {
                writer.WriteNumber("raw_bytes", statistics.MessageBytes);
                writer.WriteNumber("wire_bytes", statistics.BytesReceived);
                writer.WriteNumber("coded_bytes", statistics.CodedBytes);
                writer.WriteNumber("messages", statistics.Messages);
                writer.WriteNumber("messages_lost", lost);
                writer.WriteBoolean("damaged", damage is not null);
                writer.WriteNumber("seconds", Math.Round(seconds, 3));
                writer.WriteString("snapshot", receiver.Snapshot!.Name.ToString());
            });
        }
        else if (output != "-")
        {
            await console.Output.WriteLineAsync($"{statistics.Messages} messages, {statistics.BytesReceived} bytes -> {statistics.MessageBytes} bytes, {seconds:F1} s");
        }

        return damage is null ? CommandHost.Success : throw new LinkException(LinkErrorCode.MessageLost, damage);
    }

    private static async Task ReceiveAsync(LinkReceiver receiver, MessageOutput target, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ReceivedMessage message in receiver.ReceiveAsync(cancellationToken))
            {
                await target.AddAsync(message.Content, receiver.Layout, cancellationToken);
            }
        }
        catch (LinkException e) when (e.Code == LinkErrorCode.LimitExceeded)
        {
            throw new LinkException(e.Code, $"{e.Message} --max-expansion 65536 restores files of versions that kept no such limit.", e);
        }

        await target.CompleteAsync(receiver.Layout, cancellationToken);
    }

    private static string? Damage(LinkReceiver receiver)
    {
        List<string> faults = [];
        if (receiver.FileReport is { IsWhole: false } report)
        {
            faults.Add($"{report.SkippedBytes} bytes cannot be read");
        }

        if (receiver.Statistics.Session.Forged > 0)
        {
            faults.Add($"{receiver.Statistics.Session.Forged} segments are damaged");
        }

        if (receiver.Missing.Count > 0)
        {
            IEnumerable<string> shown = receiver.Missing.Take(8).Select(r => r.Count == 1 ? $"{r.First}" : $"{r.First}-{r.First + r.Count - 1}");
            faults.Add($"messages lost: {string.Join(", ", shown)}{(receiver.Missing.Count > 8 ? ", ..." : "")}");
        }

        if (receiver.TotalMessages is null)
        {
            faults.Add("the end is missing");
        }

        return faults.Count == 0 ? null : $"the file is damaged: {string.Join("; ", faults)}. What survived was written.";
    }
}
