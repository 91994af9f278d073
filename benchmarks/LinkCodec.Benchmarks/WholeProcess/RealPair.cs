using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>
/// The shipped sender and receiver as processes, with the shipped proxy as the link between them, in real time.
/// </summary>
/// <param name="tools">The folder of the commands.</param>
/// <param name="folder">A folder for keys and what was received.</param>
/// <param name="delay">Seconds one way.</param>
/// <param name="loss">The share of datagrams that are lost, both ways.</param>
internal sealed class RealPair(string tools, string folder, double delay, double loss)
{
    private const int LeastQueue = 16 << 10;
    private const double QueueSeconds = 0.1;

    /// <summary>Makes the keys of both ends.</summary>
    public async Task PrepareAsync(CancellationToken stop)
    {
        foreach (string end in new[] { "from", "to" })
        {
            using ToolProcess keygen = new(Tool("linkcodec"), null, "keygen", "-o", Path.Combine(folder, end));
            await keygen.EndAsync(stop);
        }
    }

    /// <summary>Sends a file and compares what comes.</summary>
    /// <param name="input">The file.</param>
    /// <param name="rate">The link's rate in bits a second, both ways.</param>
    /// <param name="limit">The time after which it is given up.</param>
    /// <param name="stop">Ends the run.</param>
    /// <param name="sending">Options of the sender alone.</param>
    /// <param name="both">Options of both ends.</param>
    /// <returns>The sender's figures; null where the time did not suffice.</returns>
    /// <exception cref="IOException">An end failed, or another file came.</exception>
    public async Task<PairFigures?> RunAsync(string input, long rate, TimeSpan limit, string[] sending, string[] both,
        CancellationToken stop)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(limit);
        string scenario = Path.Combine(folder, "link.json");
        await File.WriteAllTextAsync(scenario, Scenario(rate), stop);
        string received = Path.Combine(folder, "received");
        (int near, int far) = (FreePort(), FreePort());
        using ToolProcess receiver = new(Tool("linkcodec-receiver"), received, ["--listen", Local(far),
            .. Keys("to", "from"), .. Rate(rate), .. both]);
        using ToolProcess proxy = new(Tool("linkcodec-simulator"), null, "proxy", "--listen", Local(near), "--forward",
            Local(far), "--scenario", scenario);
        await receiver.WaitUntilReadyAsync(end.Token);
        await proxy.WaitUntilReadyAsync(end.Token);
        using ToolProcess sender = new(Tool("linkcodec-sender"), null, ["--to", Local(near), .. Keys("from", "to"),
            .. Rate(rate), "--json", "--input", input, .. sending, .. both]);
        try
        {
            string figures = await sender.EndAsync(end.Token);
            await receiver.EndAsync(end.Token);
            return IsSame(input, received)
                ? PairFigures.Read(JsonDocument.Parse(figures).RootElement)
                : throw new IOException($"what came of {input} is not what was sent");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string Local(int port) => $"udp://127.0.0.1:{port}";

    private static string[] Rate(long rate) => ["--rate", rate.ToString(CultureInfo.InvariantCulture)];

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static bool IsSame(string path, string other)
    {
        using FileStream one = File.OpenRead(path);
        using FileStream two = File.OpenRead(other);
        byte[] left = new byte[1 << 16];
        byte[] right = new byte[1 << 16];
        while (one.ReadAtLeast(left, left.Length, throwOnEndOfStream: false) is int length and > 0)
        {
            if (two.ReadAtLeast(right, length, throwOnEndOfStream: false) < length
                || !left.AsSpan(0, length).SequenceEqual(right.AsSpan(0, length)))
            {
                return false;
            }
        }

        return two.ReadByte() < 0;
    }

    private string Tool(string name) => Path.Combine(tools, name);

    private string[] Keys(string own, string other) => ["--identity", Path.Combine(folder, own, "identity.key"),
        "--peer", Path.Combine(folder, other, "identity.pub")];

    private string Scenario(long rate)
    {
        long queue = Math.Max(LeastQueue, (long)(rate / 8 * QueueSeconds));
        object[] rules =
        [
            new { rule = "rate", bits_per_second = rate, queue_bytes = queue },
            new { rule = "loss", probability = loss },
            new { rule = "delay", seconds = delay, jitter_seconds = 0 },
        ];
        return JsonSerializer.Serialize(
            new { name = "link", description = "a link", forward = rules, @return = rules });
    }
}
