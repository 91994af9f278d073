using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LinkCodec.Benchmarks.Dev;
using LinkCodec.CommandLine;

namespace LinkCodec.Benchmarks.WholeProcess;

/// <summary>
/// Bytes on the wire of messages that come one by one, ten at a time, or all at once: the simulator's, over a link
/// without losses.
/// </summary>
internal static class WireCommand
{
    // The acknowledgement of a message is there before the next one comes.
    private const double Interval = 4;

    private const string Link = """
        {"name": "quiet", "description": "64 kbit/s, 300 ms one way, no loss",
         "forward": [{"rule": "rate", "bits_per_second": 64000, "queue_bytes": 65536},
                     {"rule": "delay", "seconds": 0.3}],
         "return": [{"rule": "rate", "bits_per_second": 64000, "queue_bytes": 65536},
                    {"rule": "delay", "seconds": 0.3}]}
        """;

    private static readonly string[] Files =
    [
        "telemetry/nmea0183.txt.xz", "telemetry/adsb-frames.txt.xz", "telemetry/adsb-json.jsonl.xz",
        "telemetry/gnss-json.jsonl.xz", "telemetry/logs.txt.xz", "weather/metar.txt.xz", "text/wikipedia-en.txt.xz",
    ];

    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string?> data = Options.Data();
        Option<string> snapshot = Options.Snapshot();
        Option<string> tools = ThroughputCommand.Tools();
        Option<int> count = Options.Number("--count", 300, "Messages of each file.");
        (Option<bool> write, Option<string> document) = (Options.Write(), Options.Document());
        Command command = new("wire", "Bytes on the wire of messages one by one, ten at a time, and all at once.")
        {
            data, snapshot, tools, count, write, document,
        };
        examples[command] = "LinkCodec.Benchmarks wire --count 100";
        command.SetAction((parsed, stop) => DataTable.WriteAsync(parsed.GetValue(data),
            parsed.GetValue(write) ? parsed.GetValue(document) : null, "wire", async (folder, work) =>
            {
                await File.WriteAllTextAsync(Path.Combine(work, "link.json"), Link, stop);
                string simulator = Path.Combine(parsed.GetValue(tools)!, "linkcodec-simulator");
                return await TableAsync(folder, work, simulator, parsed.GetValue(snapshot)!, parsed.GetValue(count),
                    stop);
            }));
        return command;
    }

    private static async Task<string> TableAsync(string data, string work, string simulator, string snapshot, int count,
        CancellationToken stop)
    {
        StringBuilder table = new();
        table.AppendLine("| file | mean bytes | one by one | zstd-dict | ten at a time | all at once | zstd-dict |");
        table.AppendLine("|---|---:|---:|---:|---:|---:|---:|");
        string input = Path.Combine(work, "input");
        string train = Path.Combine(work, "train");
        string[] all = ["run", "--scenario", Path.Combine(work, "link.json"), "--input", input, "--snapshot", snapshot,
            "--json"];
        string each = Interval.ToString(CultureInfo.InvariantCulture);
        string wait = (9.5 * Interval).ToString(CultureInfo.InvariantCulture);
        foreach (string file in Files)
        {
            List<byte[]> messages = [.. DevFiles.Read(Path.Combine(data, "dev", file), cut: 0).Take(count)];
            await WriteAsync(input, messages, stop);
            await WriteAsync(train, DevFiles.Read(Path.Combine(data, "train", file), cut: 0), stop);
            double[] one = await RunAsync(simulator,
                [.. all, "--interval", each, "--max-delay", "0", "--codecs", "linkcodec,zstd-dict", "--train", train],
                stop);
            double[] ten = await RunAsync(simulator,
                [.. all, "--interval", each, "--max-delay", wait, "--codecs", "linkcodec"], stop);
            double[] queue = await RunAsync(simulator,
                [.. all, "--codecs", "linkcodec,zstd-dict-segments", "--train", train], stop);
            double mean = messages.Average(message => message.Length);
            string cells = string.Join(" | ", new[] { one[0], one[1], ten[0], queue[0], queue[1] }.Select(bytes =>
                string.Create(CultureInfo.InvariantCulture,
                    $"{bytes / messages.Count:F1} ({mean * messages.Count / bytes:F2})")));
            string name = Path.GetFileNameWithoutExtension(file);
            table.AppendLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {mean:F0} | {cells} |"));
            await Console.Error.WriteLineAsync($"{name}: {cells}");
        }

        return table.ToString();
    }

    // Forward bytes of each codec, handshake and end included; everything must have come.
    private static async Task<double[]> RunAsync(string simulator, string[] arguments, CancellationToken stop)
    {
        using ToolProcess process = new(simulator, null, arguments);
        using JsonDocument result = JsonDocument.Parse(await process.EndAsync(stop));
        return [.. result.RootElement.GetProperty("codecs").EnumerateArray().Select(codec =>
            codec.GetProperty("messages_delivered").GetDouble() < codec.GetProperty("messages_sent").GetDouble()
                ? throw new IOException($"{codec.GetProperty("codec")} lost messages")
                : codec.GetProperty("forward_bytes").GetDouble())];
    }

    private static async Task WriteAsync(string path, IEnumerable<byte[]> messages, CancellationToken stop)
    {
        await using FileStream file = File.Create(path);
        foreach (byte[] message in messages)
        {
            await file.WriteAsync(message, stop);
            file.WriteByte((byte)'\n');
        }
    }
}
