using System.CommandLine;
using System.Diagnostics;
using System.IO.Pipelines;
using LinkCodec.CommandLine;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Transport;

namespace LinkCodec.Receiver;

/// <summary>Receives the messages of one session into a folder or to standard output.</summary>
internal static class ReceiveCommand
{
    public static RootCommand Create(Dictionary<Command, string> examples)
    {
        Option<string> listen = new("--listen") { Description = "Where: udp://HOST:PORT or file:PATH (file:- is standard input).", Required = true };
        Option<string> output = new("--output") { Description = "Folder for one file a message, numbered on from those that it holds, or - for standard output.", DefaultValueFactory = _ => "-" };
        Option<string?> messages = new("--messages") { Description = "How messages are to stand on standard output: lines, rs, u32le or whole; as they were sent if not given." };
        Option<bool> json = new("--json") { Description = "Print the figures as one JSON object; on standard error where messages go to standard output." };
        RootCommand root = new("Receives messages from a narrow link, until the sender is done.") { listen, output, messages, json };
        LinkArguments link = new();
        link.AddTo(root);
        examples[root] = "linkcodec-receiver --listen udp://0.0.0.0:9000 --identity keys/identity.key --peer satellite.pub --output messages";
        root.SetAction((parsed, cancel) =>
        {
            LinkEndpoint endpoint = LinkArguments.ReadEndpoint(parsed.GetValue(listen)!);
            LinkOptions options = link.Read(parsed, endpoint);
            MessageFormat? format = parsed.GetValue(messages) is { } text ? LinkArguments.ReadFormat(text) : null;
            return KeyArguments.EraseAfterAsync(
                options, RunAsync(endpoint, options, parsed.GetValue(output)!, format, parsed.GetValue(json), parsed.InvocationConfiguration, cancel));
        });
        return root;
    }

    private static async Task<int> RunAsync(
        LinkEndpoint at, LinkOptions options, string output, MessageFormat? format, bool json, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        await using LinkReceiver receiver = await LinkReceiver.ListenAsync(at, options, cancellationToken: cancellationToken);
        await console.Error.WriteLineAsync($"listening at {receiver.Endpoint}");
        await receiver.AcceptAsync(notice => CommandHost.Say(console.Error, notice), cancellationToken);
        long start = Stopwatch.GetTimestamp();
        Task work = StandardStreams.IsOutput(output) ? ToStreamAsync(receiver, format, cancellationToken) : ToFolderAsync(receiver, output, console.Error, cancellationToken);
        await ProgressLine.ShowWhileAsync(
            work, () => $"{receiver.Statistics.Messages} messages, {receiver.Statistics.BytesReceived} bytes received", console.Error, isTerminal: !Console.IsErrorRedirected);
        LinkStatistics got = receiver.Statistics;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ulong lost = receiver.Missing.Aggregate(0UL, (sum, range) => sum + range.Count);
        if (json)
        {
            CommandHost.WriteJson(StandardStreams.Figures(console, output), writer =>
            {
                writer.WriteNumber("messages", got.Messages);
                writer.WriteNumber("messages_lost", lost);
                writer.WriteNumber("raw_bytes", got.MessageBytes);
                writer.WriteNumber("wire_bytes", got.BytesReceived);
                writer.WriteNumber("return_bytes", got.BytesSent);
                writer.WriteNumber("segments", got.Session.DatagramsReceived);
                writer.WriteNumber("seconds", Math.Round(seconds, 3));
                writer.WriteString("snapshot", receiver.Snapshot!.Name.ToString());
            });
        }
        else
        {
            await console.Error.WriteLineAsync($"received {got.Messages} messages, {got.MessageBytes} bytes, from {got.BytesReceived} bytes on the link, {seconds:F1} s");
        }

        return lost == 0 && receiver.TotalMessages is not null
            ? CommandHost.Success
            : throw new LinkException(LinkErrorCode.MessageLost, receiver.TotalMessages is null ? "the end of the messages was not received" : $"{lost} messages were lost");
    }

    private static async Task ToStreamAsync(LinkReceiver receiver, MessageFormat? format, CancellationToken cancellationToken)
    {
        PipeWriter output = PipeWriter.Create(StandardStreams.OpenOutput());
        await receiver.ReceiveAllAsync(output, format, cancellationToken);
        await output.CompleteAsync();
    }

    private static async Task ToFolderAsync(LinkReceiver receiver, string folder, TextWriter error, CancellationToken cancellationToken)
    {
        MessageFolder messages = MessageFolder.Open(folder);
        if (messages.First > 0)
        {
            CommandHost.Say(error, $"'{folder}' holds messages: numbering goes on at {MessageFolder.NameOf(messages.First)}");
        }

        try
        {
            await foreach (ReceivedMessage message in receiver.ReceiveAsync(cancellationToken))
            {
                messages.Write(message.Number, message.Content.Span);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await receiver.AbortAsync("What was received cannot be written.");
            throw;
        }
    }
}
