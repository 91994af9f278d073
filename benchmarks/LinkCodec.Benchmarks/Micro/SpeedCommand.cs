using System.CommandLine;
using System.Globalization;
using System.Text;
using LinkCodec.Benchmarks.WholeProcess;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec.Benchmarks.Micro;

/// <summary>
/// Message bytes a second of processor time on one thread, which a busy machine does not distort as it does wall time;
/// what a fresh process takes to load; memory.
/// </summary>
internal static class SpeedCommand
{
    private const int Length = 256;
    private const int Runs = 5;
    private const int Starts = 5;
    private static readonly int[] Streams = [1, 8, 16, 32];
    private static readonly TimeSpan ShortestRun = TimeSpan.FromSeconds(0.2);

    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<string[]> snapshots = new("--snapshot")
        {
            Description = "A snapshot's path or label; may be repeated. Default: every one that is found.",
        };
        (Option<bool> write, Option<string> document) = (Options.Write(), Options.Document());
        Command speed = new("speed", "Message bytes a second of processor time by number of streams, loading, "
            + "memory.") { snapshots, write, document };
        examples[speed] = "LinkCodec.Benchmarks speed --snapshot flight-1";
        speed.SetAction(
            parsed => Run(parsed.GetValue(snapshots) ?? [], parsed.GetValue(write) ? parsed.GetValue(document) : null));
        return speed;
    }

    private static int Run(string[] snapshots, string? document)
    {
        if (snapshots.Length == 0)
        {
            snapshots = [.. SnapshotStore.Default.List().Select(entry => entry.Location)];
        }

        StringBuilder text = new();
        IEnumerable<string> columns =
            Streams.Select(count => $"{count} stream{(count == 1 ? "" : "s")}, encode / decode");
        text.AppendLine($"| snapshot | messages | {string.Join(" | ", columns)} |");
        text.AppendLine($"|---|---|{string.Concat(Streams.Select(_ => "---|"))}");
        List<string> rows = [];
        foreach (string name in snapshots)
        {
            using Snapshot snapshot = SnapshotStore.Default.Load(name);
            string label = snapshot.Manifest!.Label;
            foreach (string file in new[] { "prose.txt", "telemetry.jsonl" })
            {
                Console.Error.WriteLine($"{label}, {file}");
                IEnumerable<string> pairs =
                    Streams.Select(count => Pair(snapshot.Predictor, Messages(file), count));
                text.AppendLine(
                    $"| {label} | {Path.GetFileNameWithoutExtension(file)} | {string.Join(" | ", pairs)} |");
            }

            Console.Error.WriteLine($"{label}, loading");
            rows.Add(Loading(label, name));
        }

        text.AppendLine();
        text.AppendLine("| snapshot | loaded after | first byte after loading | working set after loading | largest, "
            + "one stream | largest, 32 streams |");
        text.AppendLine("|---|---|---|---|---|---|");
        rows.ForEach(row => text.AppendLine(row));
        if (document is not null)
        {
            MarkedText.Replace(document, "speed", text.ToString());
        }
        else
        {
            Console.WriteLine(text);
        }

        return 0;
    }

    // A sample file's messages after one another, cut to equal lengths: streams of a batch then end together.
    private static byte[][] Messages(string file)
    {
        byte[] all = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", file));
        return [.. all.Chunk(Length).Where(piece => piece.Length == Length)];
    }

    private static string Pair(Predictor model, byte[][] pieces, int lanes)
    {
        OutgoingMessage[] messages = [.. pieces.Take(2 * lanes)
            .Select((piece, i) => new OutgoingMessage((ulong)i, piece))];
        using MessageEncoder encoder = new(model, lanes);
        using FrameDecoder decoder = new(model, lanes);
        List<IReadOnlyList<DataFrame>> units = [];
        double encoding = BytesPerSecond(messages.Length * Length, Runs, () =>
        {
            LoneMessages batch = new(model, messages);
            encoder.Run(batch);
            units = Samples.Units(batch.Take());
        });
        double decoding = BytesPerSecond(messages.Length * Length, Runs, () => decoder.Run(new DecodingBatch(units)));
        return Say($"{encoding / 1000:F1} / {decoding / 1000:F1}");
    }

    private static string Loading(string label, string snapshot)
    {
        Dictionary<string, double> one = OwnProcess.Median(Starts,
            () => OwnProcess.Run([.. OwnProcess.Command(), .. OwnProcess.FirstMessage(1, snapshot)]));
        Dictionary<string, double> many = OwnProcess.Median(Starts,
            () => OwnProcess.Run([.. OwnProcess.Command(), .. OwnProcess.FirstMessage(32, snapshot)]));
        return Say($"| {label} | {one[FirstMessage.LoadTime]:F0} ms | {one[FirstMessage.FirstByte]:F1} ms ")
            + Say($"| {one[FirstMessage.LoadedMemory]:F0} MB | {one[FirstMessage.PeakMemory]:F0} MB | ")
            + Say($"{many[FirstMessage.PeakMemory]:F0} MB |");
    }

    /// <summary>Bytes a second of the process's processor time.</summary>
    /// <param name="size">Bytes that the action handles.</param>
    /// <param name="runs">The first run warms up; of so many others the median counts.</param>
    /// <param name="action">A short one is repeated, as the clock of processor time is coarse.</param>
    public static double BytesPerSecond(long size, int runs, Action action)
    {
        double[] speeds = new double[runs + 1];
        for (int run = 0; run <= runs; run++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            TimeSpan taken;
            long bytes = 0;
            do
            {
                action();
                bytes += size;
                taken = Environment.CpuUsage.TotalTime - start;
            }
            while (taken < ShortestRun);

            speeds[run] = bytes / taken.TotalSeconds;
        }

        return speeds.Skip(1).Order().ElementAt(runs / 2);
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
