using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using LinkCodec.CommandLine;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>
/// What a listener takes for its sessions: many in a row, many at once, and the memory of an idle one. The senders are
/// another process.
/// </summary>
internal static class SessionsCommand
{
    private const string SendersName = "senders";

    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<int> row = NumberOptions.Of("--in-a-row", "Sessions one after the other, each with a message.", 1000,
            1, 1_000_000);
        Option<int> once = NumberOptions.Of("--at-once", "Sessions at the same time, each with a message.",
            200, 1, 4096);
        Option<string> snapshot = new("--snapshot")
        {
            Description = "What both ends hold.",
            DefaultValueFactory = _ => LinkSnapshots.None,
        };
        Command command = new("sessions", "A listener with many sessions: seconds, and memory for an idle one.") { row,
            once, snapshot };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(row), parsed.GetValue(once), parsed.GetValue(snapshot)!,
            parsed.InvocationConfiguration.Output, cancel));
        examples[command] = "LinkCodec.Benchmarks sessions --in-a-row 1000 --at-once 200";
        return command;
    }

    /// <summary>The senders' process; used by the command above alone.</summary>
    public static Command CreateSenders()
    {
        Argument<string> to = new("TO");
        Argument<string> key = new("KEY");
        Argument<int> count = new("COUNT");
        Argument<bool> atOnce = new("AT-ONCE");
        Argument<string> snapshot = new("SNAPSHOT");
        Command command = new(SendersName, "For sessions.") { to, key, count, atOnce, snapshot };
        command.Hidden = true;
        command.SetAction((parsed, _) => SendAsync(
            LinkEndpoint.Parse(parsed.GetValue(to)!),
            LinkPublicKey.Parse(parsed.GetValue(key)!),
            parsed.GetValue(count),
            parsed.GetValue(atOnce),
            parsed.GetValue(snapshot)!));
        return command;
    }

    private static async Task<int> RunAsync(int row, int once, string snapshot, TextWriter output,
        CancellationToken cancellationToken)
    {
        using LinkIdentity own = LinkIdentity.Create();
        LinkOptions options = Options(snapshot) with { Identity = own, MaxSessions = Math.Max(once, 64) };
        await using LinkListener listener =
            await LinkListener.ListenAsync(LinkEndpoint.Udp("127.0.0.1", 0), options,
                cancellationToken: cancellationToken);
        using (Process senders = Start(listener, own, row, atOnce: false, snapshot))
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < row; i++)
            {
                await using LinkReceiver receiver = await listener.AcceptAsync(cancellationToken);
                await ReceiveAsync(receiver, cancellationToken);
            }

            Print(output, "sessions in a row", row);
            Print(output, "seconds for them, senders' keys and handshakes included",
                Stopwatch.GetElapsedTime(start).TotalSeconds);
            await senders.WaitForExitAsync(cancellationToken);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        using Process many = Start(listener, own, once, atOnce: true, snapshot);
        long begun = Stopwatch.GetTimestamp();
        List<LinkReceiver> receivers = [];
        for (int i = 0; i < once; i++)
        {
            receivers.Add(await listener.AcceptAsync(cancellationToken));
        }

        Print(output, "sessions at once", once);
        Print(output, "seconds until all had begun", Stopwatch.GetElapsedTime(begun).TotalSeconds);
        Print(output, "bytes of an idle session",
            (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)once);
        await many.StandardInput.WriteLineAsync("go on");
        await many.StandardInput.FlushAsync(cancellationToken);
        await Task.WhenAll(receivers.Select(receiver => ReceiveAsync(receiver, cancellationToken)));
        Print(output, "seconds until each had carried its message and ended",
            Stopwatch.GetElapsedTime(begun).TotalSeconds);
        await many.WaitForExitAsync(cancellationToken);
        return many.ExitCode;
    }

    private static async Task<int> SendAsync(LinkEndpoint to, LinkPublicKey key, int count, bool atOnce,
        string snapshot)
    {
        using LinkSnapshots snapshots = LinkSnapshots.Load([snapshot]);
        LinkOptions options = Options(snapshot) with { PeerPublicKey = key };
        if (!atOnce)
        {
            for (int i = 0; i < count; i++)
            {
                using LinkIdentity one = LinkIdentity.Create();
                await using LinkSender sender = await LinkSender.ConnectAsync(to,
                    options with { Identity = one }, snapshots);
                await SendOneAsync(sender, i);
            }

            return CommandHost.Success;
        }

        LinkSender[] senders = await Task.WhenAll(
            Enumerable.Range(0, count).Select(
                _ => LinkSender.ConnectAsync(to, options with { Identity = LinkIdentity.Create() }, snapshots)));
        await Console.In.ReadLineAsync();
        await Task.WhenAll(senders.Select(SendOneAsync));
        return CommandHost.Success;
    }

    private static async Task SendOneAsync(LinkSender sender, int number)
    {
        await sender.SendAsync(Encoding.ASCII.GetBytes($"session {number}: all is well"));
        await sender.CompleteAsync();
    }

    private static async Task ReceiveAsync(LinkReceiver receiver, CancellationToken cancellationToken)
    {
        await foreach (ReceivedMessage message in receiver.ReceiveAsync(cancellationToken))
        {
            if (!Encoding.ASCII.GetString(message.Content.Span).EndsWith("all is well", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("A message did not come as it was sent.");
            }
        }
    }

    private static LinkOptions Options(string snapshot) => new()
    {
        Snapshots = [snapshot],
        Pattern = HandshakePattern.IK,
        OneWayDelay = TimeSpan.FromMilliseconds(1),
    };

    private static Process Start(LinkListener listener, LinkIdentity own, int count, bool atOnce, string snapshot)
    {
        string[] program = [.. OwnProcess.Command(), SendersName, $"{listener.Endpoint}", $"{own.PublicKey}",
            $"{count}", $"{atOnce}", snapshot];
        return Process.Start(new ProcessStartInfo(program[0], program[1..]) { RedirectStandardInput = true })!;
    }

    private static void Print(TextWriter output, string figure, double value) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure,-60}{value:0.##}"));
}
