using System.CommandLine;
using System.Reactive.Linq;
using LinkCodec.CommandLine;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Receiver;

/// <summary>Receives the messages of one session into a folder or to standard output.</summary>
internal static class ReceiveCommand
{
    public static RootCommand Create(Dictionary<Command, string> examples)
    {
        Option<string> listen = new("--listen")
        {
            Description = "Where: udp://HOST:PORT or file:PATH (file:- is standard input).",
            Required = true,
        };
        Option<string> output = new("--output")
        {
            Description =
                "Folder for one file a message, numbered on from those that it holds; file:PATH, or a file that is "
                    + "there, to append the messages to; or - for standard output. With --state, file and folder hold "
                    + "every message once, whatever is killed; on - the last ones may come again after a kill.",
            DefaultValueFactory = _ => "-",
        };
        Option<string?> messages = new("--messages")
        {
            Description = "How messages are to stand on standard output or in a file: lines, rs, u32le or whole; as "
                + "they were sent if not given.",
        };
        Option<bool> json = new("--json")
        {
            Description =
                "Print the figures as one JSON object; on standard error where messages go to standard output.",
        };
        Option<bool> partial = new("--partial")
        {
            Description = "Also write images, sounds, samples and video of which parts were lost, as "
                + "message-NUMBER.partial, with grey or silence for what is missing, and say what that is; the message "
                + "counts as lost (exit code 1).",
        };
        RootCommand root = new("Receives messages from a narrow link, until the sender is done.") { listen, output,
            messages, json, partial };
        LinkArguments link = new(isSender: false);
        link.AddTo(root);
        examples[root] = "linkcodec-receiver --listen udp://0.0.0.0:9000 --identity keys/identity.key --peer "
            + "satellite.pub --output messages --state marks";
        root.SetAction((parsed, cancel) =>
        {
            LinkEndpoint endpoint = LinkArguments.ReadEndpoint(parsed.GetValue(listen)!);
            LinkOptions options = link.Read(parsed, endpoint);
            MessageFormat? format = parsed.GetValue(messages) is { } text ? LinkArguments.ReadFormat(text) : null;
            OutputName name = OutputName.Read(parsed.GetValue(output)!);
            if (parsed.GetValue(partial) && !name.IsFolder)
            {
                throw new UsageException("--partial needs a folder: on a stream nothing tells a part from a message");
            }

            if (parsed.GetValue(partial) && options.State is not null)
            {
                throw new UsageException("--partial is for links without a way back, --state for others");
            }

            PartialMedia? incomplete = parsed.GetValue(partial)
                ? new PartialMedia(parsed.InvocationConfiguration.Error)
                : null;
            return KeyArguments.EraseAfterAsync(
                options, RunAsync(endpoint, options with { OnIncomplete = incomplete is null ? null : incomplete.Take },
                    name, format, incomplete, parsed.GetValue(json),
                    parsed.InvocationConfiguration, cancel));
        });
        return root;
    }

    private static async Task<int> RunAsync(
        LinkEndpoint at,
        LinkOptions options,
        OutputName output,
        MessageFormat? format,
        PartialMedia? incomplete,
        bool json,
        InvocationConfiguration console,
        CancellationToken cancellationToken)
    {
        await using LinkListener listener =
            await LinkListener.ListenAsync(at, options with { MaxSessions = 1 }, cancellationToken: cancellationToken);
        using IDisposable telling = listener.Events
            .Where(e => e.Kind is not (LinkEventKind.SessionBegan or LinkEventKind.SessionReplaced))
            .Subscribe(e => CommandHost.Say(console.Error, e.Text));
        bool isKept = options.State is not null;
        IMessageOutput to = output.IsStandard ? new StreamOutput(format)
            : output.IsFolder ? await FolderOutput.OpenAsync(output.Path, listener, isKept, console.Error)
            : await FileOutput.OpenAsync(output.Path, format, listener, isKept, console.Error);
        await using IAsyncDisposable? opened = to as IAsyncDisposable;
        if (incomplete is not null)
        {
            incomplete.Output = ((FolderOutput)to).WritePartial;
        }

        // Signals are heard from the first time on that a command waits: whoever reads the next line may send one.
        await Task.Yield();
        await console.Error.WriteLineAsync($"listening at {listener.Endpoint}");
        ReceivedTotals got = new() { Incomplete = incomplete, IsKept = isKept };
        await ReceiveAsync(listener, to, got, console.Error, cancellationToken);
        if (json)
        {
            CommandHost.WriteJson(StandardStreams.Figures(console, output.IsStandard ? "-" : ""), got.Write);
        }
        else
        {
            await console.Error.WriteLineAsync(got.Line);
        }

        return got.Fault is null ? CommandHost.Success : throw new LinkException(LinkErrorCode.MessageLost, got.Fault);
    }

    // One session, and those that take its place when it dies; with a state folder, whatever ends it but its sender's
    // being done, or a fault of this end.
    private static async Task ReceiveAsync(LinkListener listener, IMessageOutput output, ReceivedTotals totals,
        TextWriter error, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using LinkReceiver receiver = await listener.AcceptAsync(cancellationToken);
            try
            {
                await ProgressLine.ShowWhileAsync(
                    output.WriteAsync(receiver, cancellationToken),
                    receiver.Progress.Select(now => $"{now.Messages} messages, {now.BytesReceived} bytes received"),
                    error,
                    isTerminal: !Console.IsErrorRedirected);
                totals.Add(receiver, isLast: true);
                return;
            }
            catch (Exception e) when (e is LinkReplacedException || (e is LinkException && totals.IsKept))
            {
                CommandHost.Say(error, totals.IsKept ? $"{e.Message.TrimEnd('.')}; its messages are kept" : e.Message);
                totals.Add(receiver, isLast: false);
            }
        }
    }
}
