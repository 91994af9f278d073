using System.CommandLine;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Reactive.Linq;
using LinkCodec.CommandLine;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Models;
using LinkCodec.Transport.Files;

namespace LinkCodec.Tool.Commands;

/// <summary><c>pack</c>: the sealed segments, as they would go on the air, into a file.</summary>
internal static class PackCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Argument<string> input = new("INPUT") { Description = "The file to pack, or - for standard input." };
        Option<string> output = new("--output", "-o")
        {
            Description = "The file to write, or - for standard output; a file takes its name when it is whole.",
            Required = true,
        };
        Option<string?> snapshot = new("--snapshot")
        {
            Description = "Label, first digits of the name, or folder (with a separator: ./mine); 'none' for the codec "
                + "without a model.",
        };
        Option<ModelDevice> device = LinkArguments.Device();
        Option<string> context = new("--context")
        {
            Description = "cold: every segment decodes alone; acked: each message is coded from all before it, as if "
                + "they had been acknowledged.",
            DefaultValueFactory = _ => "cold",
        };
        Option<int> mtu = NumberOptions.Mtu();
        Option<int?> quantum = NumberOptions.Quantum();
        Option<int?> billed = NumberOptions.LeastBilled();
        Option<string> effort = EffortArguments.EffortOption("full", "full (default)");
        Option<int> threads = NumberOptions.Threads();
        Option<bool> json = new("--json") { Description = "Print the figures as one JSON object." };
        Command pack = new("pack", "Packs a file of messages into sealed segments, as a one-way link would carry them. "
            + "Without keys, published ones: sealed against damage, not against readers.")
        {
            input, output, snapshot, device, context, mtu, quantum, billed, effort, threads, json,
        };
        MediaArguments media = new();
        media.AddTo(pack);
        RepairArguments repairs = new(hasReturnPath: false);
        repairs.AddTo(pack);
        KeyArguments keys = new();
        keys.AddTo(pack, isLink: false);
        examples[pack] = "linkcodec pack telemetry.jsonl -o telemetry.lnk --messages lines --json";
        pack.SetAction((parsed, cancel) =>
        {
            LinkOptions options = new()
            {
                Snapshots = [parsed.GetValue(snapshot) ?? SnapshotStore.DefaultLabel],
                Device = parsed.GetValue(device),
                MaxDatagramSize = parsed.GetValue(mtu),
                Billing = new Billing(parsed.GetValue(quantum) ?? 1, parsed.GetValue(billed) ?? 0),
                Effort = EffortArguments.ReadEffort(parsed.GetValue(effort)!),
                Threads = parsed.GetValue(threads),
                Context = ReadContext(parsed.GetValue(context)!),
                Hint = media.ReadHint(parsed),
                Media = media.Read(parsed, parsed.InvocationConfiguration.Error),
                CodeRate = repairs.ReadRate(parsed),
                RepairReach = repairs.ReadReach(parsed),
                HasReturnPath = false,
                OneWayDelay = TimeSpan.Zero,
                MaxMessageSize = int.MaxValue / 2,
                FillSegments = true,
            };
            if (options is { CodeRate: < 1, Context: ContextMode.Chained })
            {
                throw new UsageException("--fec repairs segments that decode alone: it needs --context cold");
            }

            MessageFormat format = media.ReadFormat(parsed);
            OutputFile.RequireOther(parsed.GetValue(output)!, [parsed.GetValue(input)!, .. keys.Files(parsed)]);
            options = keys.ReadForFile(parsed, options);
            return KeyArguments.EraseAfterAsync(
                options, RunAsync(parsed.GetValue(input)!, parsed.GetValue(output)!, format, options,
                    parsed.GetValue(json), parsed.InvocationConfiguration, cancel));
        });
        return pack;
    }

    private static async Task<int> RunAsync(
        string input, string output, MessageFormat format, LinkOptions options, bool json,
        InvocationConfiguration console, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        await using Stream source = StandardStreams.OpenInput(input);
        await using LinkSender sender = await LinkSender.ConnectAsync(LinkEndpoint.File(output), options,
            cancellationToken: cancellationToken);
        PipeReader reader = PipeReader.Create(source, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        Task work = MessageInput.SendAsync(sender, reader, format, cancellationToken);
        await ProgressLine.ShowWhileAsync(work, sender.Progress.Select(Line), console.Error,
            isTerminal: !Console.IsErrorRedirected);

        LinkStatistics statistics = sender.Statistics;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double bitsPerByte = statistics.MessageBytes == 0 ? 0 : 8.0 * statistics.BytesSent / statistics.MessageBytes;
        TextWriter figures = StandardStreams.Figures(console, output);
        if (json)
        {
            CommandHost.WriteJson(figures, writer =>
            {
                writer.WriteNumber("raw_bytes", statistics.MessageBytes);
                writer.WriteNumber("wire_bytes", statistics.BytesSent);
                StatisticsJson.Write(writer, statistics);
                writer.WriteNumber("coded_bytes", statistics.CodedBytes);
                writer.WriteNumber("messages", statistics.Messages);
                writer.WriteNumber("segments", statistics.Session.DatagramsSent);
                writer.WriteNumber("bits_per_byte", Math.Round(bitsPerByte, 4));
                writer.WriteNumber("seconds", Math.Round(seconds, 3));
                writer.WriteString("context", sender.UsesContext ? "acked" : "cold");
                writer.WriteString("snapshot", sender.Snapshot.Name.ToString());
                writer.WriteNumber("threads", options.Threads == 0 ? Environment.ProcessorCount : options.Threads);
            });
        }
        else
        {
            await figures.WriteLineAsync(
                $"{statistics.Messages} messages, {statistics.MessageBytes} bytes -> {statistics.BytesSent} bytes in "
                    + $"{statistics.Session.DatagramsSent} segments " + $"({bitsPerByte:F2} bits a byte on the wire, "
                    + $"{statistics.CodedBytes} bytes coded), {seconds:F1} s; {Sealed(options)}");
        }

        return CommandHost.Success;
    }

    private static string Line(LinkStatistics now) =>
        $"{now.Messages} messages read, {now.PredictedBytes} bytes predicted, {now.BytesSent} bytes written";

    private static string Sealed(LinkOptions options) => (options.UsePublishedKeys, options.PresharedKey) switch
    {
        (false, _) => "sealed for the owner of --peer",
        (true, null) => "sealed against damage, not against readers (no keys given)",
        (true, _) => "sealed for whoever has --psk",
    };

    internal static ContextMode ReadContext(string context) => context switch
    {
        "cold" => ContextMode.None,
        "acked" => ContextMode.Chained,
        _ => throw new UsageException($"--context {context}: expected cold or acked"),
    };
}
