using System.CommandLine;
using System.Diagnostics;
using System.Reactive.Linq;
using LinkCodec.CommandLine;
using LinkCodec.Core.Endpoint;
using LinkCodec.Media;
using LinkCodec.Transport.Files;

namespace LinkCodec.Sender;

/// <summary>Sends the messages of a file or of standard input.</summary>
internal static class SendCommand
{
    public static RootCommand Create(Dictionary<Command, string> examples)
    {
        Option<string> to = new("--to")
        {
            Description = "Where to: udp://HOST:PORT or file:PATH (file:- is standard output).",
            Required = true,
        };
        Option<string> input = new("--input")
        {
            Description = "File with messages, or - for standard input. With --state, a file is read on from where an "
                + "earlier process stopped; what comes from a pipe is new.",
            DefaultValueFactory = _ => "-",
        };
        Option<double> timeout = NumberOptions.Of("--timeout", "Seconds to try the handshake; with --state, the "
            + "input is stored meanwhile, and 0 is for as long as it takes.", 120, 0.0, 86_400);
        Option<int> pad = NumberOptions.Of("--pad", "Pads datagrams to a multiple of so many bytes, so that lengths "
            + "tell less of what was said; 0 (default): none.", 0, 0, 65_507);
        Option<long?> maxQueue = NumberOptions.Optional("--max-queue", "Bytes of messages that wait in the --state "
            + "folder at most: beyond, the input is read on only when some are delivered. Default: the disk is the "
            + "bound.", 1L, long.MaxValue);
        Option<bool> json = new("--json") { Description = "Print the figures as one JSON object." };
        Option<string> context = new("--context")
        {
            Description = "acked: messages start from those that the other end has; none: each from nothing.",
            DefaultValueFactory = _ => "acked",
        };
        EffortArguments effort = new();
        RootCommand root = new("Sends messages over a narrow link.") 
        { to, input, maxQueue, context, pad, timeout, json };
        MediaArguments media = new();
        media.AddTo(root);
        PcmArguments pcm = new();
        pcm.AddTo(root);
        effort.AddTo(root);
        RepairArguments repairs = new(hasReturnPath: true);
        repairs.AddTo(root);
        LinkArguments link = new(isSender: true);
        link.AddTo(root);
        examples[root] = "linkcodec-sender --to udp://ground.example:9000 --identity keys/identity.key --peer "
            + "ground.pub --input metar.txt --rate 9600 --state queue";
        root.SetAction((parsed, cancel) =>
        {
            LinkEndpoint endpoint = LinkArguments.ReadTarget(parsed.GetValue(to)!);
            if (endpoint.Scheme == LinkScheme.File)
            {
                OutputFile.RequireOther(endpoint.Target, [parsed.GetValue(input)!, .. link.KeyFiles(parsed)]);
            }

            MediaOptions carrying = media.Read(parsed, parsed.InvocationConfiguration.Error)
                with
                { SegmentLength = pcm.ReadSegment(parsed) };
            LinkOptions options = link.Read(parsed, endpoint)
                with
                {
                    HandshakeTimeout = ReadTimeout(parsed.GetValue(timeout)),
                    Context = ReadContext(parsed.GetValue(context)!),
                    Hint = media.ReadHint(parsed),
                    Media = carrying,
                    PaddingBucket = parsed.GetValue(pad),
                    Effort = effort.ReadEffort(parsed),
                    MaxDelay = effort.ReadMaxDelay(parsed),
                    CodeRate = repairs.ReadRate(parsed),
                    RepairReach = repairs.ReadReach(parsed),
                    MaxQueueBytes = parsed.GetValue(maxQueue),
                };
            if (options.PaddingBucket > options.MaxDatagramSize)
            {
                throw new UsageException($"--pad {options.PaddingBucket} is more than a datagram of "
                    + $"{options.MaxDatagramSize} bytes (--mtu) holds");
            }

            if (options.HandshakeTimeout < TimeSpan.Zero && options.State is null)
            {
                throw new UsageException("--timeout 0 waits without end: only with --state, which stores the input "
                    + "meanwhile");
            }

            if (options is { MaxQueueBytes: not null, State: null })
            {
                throw new UsageException("--max-queue bounds what waits in a --state folder: there is none");
            }

            MessageFormat format = media.ReadFormat(parsed);
            PcmFormat? sound = pcm.Read(parsed, carrying.Kind);
            if (options.State is not null && sound is not null)
            {
                throw new UsageException("--state keeps no live sound: not with --pcm");
            }

            MessageSource source = new(parsed.GetValue(input)!, format, sound, carrying.SegmentLength)
            { IsKept = options.State is not null };
            return KeyArguments.EraseAfterAsync(
                options, RunAsync(endpoint, options, source, parsed.GetValue(json),
                    parsed.InvocationConfiguration, cancel));
        });
        return root;
    }

    private static TimeSpan ReadTimeout(double seconds) =>
        seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(Math.Max(seconds, 0.1));

    private static ContextMode ReadContext(string text) => text switch
    {
        "acked" => ContextMode.Acknowledged,
        "none" => ContextMode.None,
        _ => throw new UsageException($"--context {text}: expected acked or none"),
    };

    private static async Task<int> RunAsync(
        LinkEndpoint to, LinkOptions options, MessageSource source, bool json, InvocationConfiguration console,
        CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        await using Stream input = StandardStreams.OpenInput(source.Path);
        await using LinkSender sender = await LinkSender.ConnectAsync(to, options,
            cancellationToken: cancellationToken);
        Task work = source.SendAsync(sender, input, console.Error, cancellationToken);
        await ProgressLine.ShowWhileAsync(work, sender.Progress.Select(Line), console.Error,
            isTerminal: !Console.IsErrorRedirected);
        LinkStatistics sent = sender.Statistics;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (json)
        {
            string output = to.Scheme == LinkScheme.File ? to.Target : "";
            CommandHost.WriteJson(StandardStreams.Figures(console, output), writer =>
            {
                writer.WriteNumber("messages", sent.Messages);
                writer.WriteNumber("raw_bytes", sent.MessageBytes);
                writer.WriteNumber("coded_bytes", sent.CodedBytes);
                writer.WriteNumber("wire_bytes", sent.BytesSent);
                StatisticsJson.Write(writer, sent);
                writer.WriteNumber("return_bytes", sent.BytesReceived);
                writer.WriteNumber("segments", sent.Session.DatagramsSent);
                writer.WriteNumber("units_retransmitted", sent.Session.UnitsRetransmitted);
                writer.WriteNumber("repairs", sent.Session.RepairsSent);
                writer.WriteNumber("recovered", sent.Session.RecoveredByPeer);
                if (source.IsKept)
                {
                    writer.WriteNumber("queue_stored", sender.Receipts.Stored);
                    writer.WriteNumber("queue_delivered", sender.Receipts.Delivered);
                }

                writer.WriteNumber("seconds", Math.Round(seconds, 3));
                writer.WriteString("snapshot", sender.Snapshot.Name.ToString());
            });
        }
        else
        {
            await console.Error.WriteLineAsync(
                $"sent {sent.Messages} messages, {sent.MessageBytes} bytes, as "
                    + $"{sent.BytesSent} bytes in {sent.Session.DatagramsSent} segments "
                    + $"({sent.Session.UnitsRetransmitted} sent again, {sent.Session.RepairsSent} repairs), "
                    + $"{seconds:F1} s");
        }

        return CommandHost.Success;
    }

    private static string Line(LinkStatistics now) =>
        $"{now.Messages} messages queued, {now.Session.UnitsAcknowledged} of {now.Units} segments acknowledged, "
            + $"{now.BytesSent} bytes sent";
}
