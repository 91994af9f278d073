using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Commands;

/// <summary>
/// Sender and receiver as processes with state folders, over a simulated link, each killed again and again and started
/// with the same arguments, while the input grows.
/// </summary>
/// <remarks>A process can only be killed in real time: between the kills this test waits.</remarks>
public sealed class CrashTests : IDisposable
{
    private const int Killed = 137;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;
    private readonly int _entry = FreePort();
    private readonly int _exit = FreePort();
    private readonly StringBuilder _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NeedsTheory(Machine.Unix)]
    [InlineData(26, "file", 1UL)]
    [InlineData(14, "folder", 2UL)]
    [Spec("4.8-1")]
    [Spec("4.8-7")]
    public Task Forty_kills_lose_nothing_and_repeat_nothing(int kills, string kind, ulong seed) =>
        KillAsync(kills, kind == "folder", new TestRandom(seed));

    [NeedsTheory(Machine.Unix)]
    [Trait("Category", "Long")]
    [InlineData(170, "file", 11UL)]
    [InlineData(170, "file", 12UL)]
    [InlineData(160, "folder", 13UL)]
    [Spec("4.8-7")]
    public Task Five_hundred_kills_lose_nothing_and_repeat_nothing(int kills, string kind, ulong seed) =>
        KillAsync(kills, kind == "folder", new TestRandom(seed));

    private string Input => Path.Combine(_folder, "in");

    private string Output => Path.Combine(_folder, "out");

    private async Task KillAsync(int kills, bool isFolder, TestRandom random)
    {
        SaveKeys();
        await AppendAsync(random, 200, isFolder);
        using RunningCommand proxy = CommandRun.StartSimulator("proxy", "--listen", $"udp://127.0.0.1:{_entry}",
            "--forward", $"udp://127.0.0.1:{_exit}", "--scenario", "leo");
        await proxy.ReadErrorLineAsync();
        RunningCommand receiver = StartReceiver(isFolder);
        RunningCommand sender = StartSender();
        for (int kill = 0; kill < kills; kill++)
        {
            await Task.Delay(50 + random.Next(1000));
            await AppendAsync(random, random.Next(60), isFolder);
            bool isSender = random.Next(2) == 0;
            if (isSender || sender.HasExited)
            {
                Check("sender", await sender.KillAsync());
                sender = StartSender();
            }

            if (!isSender || receiver.HasExited)
            {
                Check("receiver", await receiver.KillAsync());
                receiver = StartReceiver(isFolder);
            }
        }

        long start = Stopwatch.GetTimestamp();
        for (int ends = 0; ends < 2;) // The first one may have read its input before the last lines were there.
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"It does not end.\n{_log}");
            await Task.Delay(50);
            if (receiver.HasExited)
            {
                Check("receiver", await receiver.KillAsync());
                receiver = StartReceiver(isFolder);
            }

            if (sender.HasExited)
            {
                Check("sender", await sender.KillAsync());
                sender = StartSender();
                ends++;
            }
        }

        sender.Dispose();
        receiver.Dispose();
        Assert.True((await File.ReadAllBytesAsync(Input)).AsSpan().SequenceEqual(ReadOutput(isFolder)),
            $"The output differs.\n{_log}");
    }

    private byte[] ReadOutput(bool isFolder) => !isFolder
        ? File.ReadAllBytes(Output)
        : [.. Directory.GetFiles(Output, "message-*").Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadAllBytes(file).Append((byte)'\n'))];

    private RunningCommand StartSender() => CommandRun.StartSender(
        "--to", $"udp://127.0.0.1:{_entry}", "--input", Input,
        "--identity", Path.Combine(_folder, "here", LinkIdentity.PrivateFile),
        "--peer", Path.Combine(_folder, "there", LinkIdentity.PublicFile),
        "--snapshot", "none", "--profile", "leo", "--rate", "200000", "--state", Path.Combine(_folder, "queue"));

    private RunningCommand StartReceiver(bool isFolder) => CommandRun.StartReceiver(
        "--listen", $"udp://127.0.0.1:{_exit}", "--output", isFolder ? Output : "file:" + Output,
        "--identity", Path.Combine(_folder, "there", LinkIdentity.PrivateFile),
        "--peer", Path.Combine(_folder, "here", LinkIdentity.PublicFile),
        "--snapshot", "none", "--profile", "leo", "--state", Path.Combine(_folder, "marks"));

    private void SaveKeys()
    {
        foreach (string name in new[] { "here", "there" })
        {
            using LinkIdentity identity = LinkIdentity.Create();
            identity.Save(Path.Combine(_folder, name));
        }
    }

    // A stream of lines comes out the same when its sender has read half of one; where each line is a file, lines are
    // written in one piece.
    private async Task AppendAsync(TestRandom random, int lines, bool isFolder)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(string.Concat(
            Enumerable.Range(0, lines).Select(_ => Convert.ToHexString(random.Bytes(1 + random.Next(60))) + "\n")));
        int half = isFolder ? bytes.Length : random.Next(bytes.Length + 1);
        await File.AppendAllBytesAsync(Input, bytes.AsMemory(0, half));
        await Task.Delay(isFolder ? 0 : random.Next(300));
        await File.AppendAllBytesAsync(Input, bytes.AsMemory(half));
    }

    private void Check(string name, CommandRun run)
    {
        _log.AppendLine(FormattableString.Invariant($"{name} {run.Exit}: {run.Error.ReplaceLineEndings(" | ")}"));
        Assert.True(run.Exit is 0 or Killed, _log.ToString());
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
