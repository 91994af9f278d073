using System.CommandLine;
using System.Diagnostics;
using LinkCodec.Simulator.Report;

namespace LinkCodec.Benchmarks.Paths;

/// <summary>
/// What sessions make of paths: goodput, seconds of a transfer and delays of messages, each the mean over seeds in
/// virtual time, with the endpoints that ship.
/// </summary>
internal static class GoodputCommand
{
    public static Command Create(Dictionary<Command, string> examples)
    {
        Option<int> seeds = new("--seeds") { Description = "Runs of each path.", DefaultValueFactory = _ => 30 };
        Option<string> only = new("--only")
        {
            Description = "Only paths whose name has this in it.",
            DefaultValueFactory = _ => "",
        };
        Command goodput = new("goodput", "Goodput, transfer times and delays over simulated paths.") { seeds, only };
        examples[goodput] = "LinkCodec.Benchmarks goodput --seeds 3 --only Gilbert";
        goodput.SetAction(parsed =>
        {
            string wanted = parsed.GetValue(only)!;
            Table("goodput over capacity", Named(TestPaths.Steady, wanted), parsed.GetValue(seeds), Goodput);
            Table("seconds to the last byte", Named(TestPaths.Transfers, wanted), parsed.GetValue(seeds), Seconds);
            Table("99th percentile of delay beyond propagation, s", Named(TestPaths.HalfLoad, wanted),
                parsed.GetValue(seeds), Delay);
        });
        return goodput;
    }

    private static List<PathRun> Named(IEnumerable<PathRun> paths, string part) =>
        [.. paths.Where(path => path.Name.Contains(part, StringComparison.OrdinalIgnoreCase))];

    private static void Table(string figure, List<PathRun> paths, int seeds, Func<PathRun, RunResult, double> measure)
    {
        if (paths.Count == 0)
        {
            return;
        }

        Console.WriteLine($"| path | {figure} | aim | bytes back, % of those there | processor s a run |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (PathRun path in paths)
        {
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            IReadOnlyList<RunResult> runs = path.Run(seeds);
            double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds / seeds;
            Console.WriteLine($"| {path.Name} | {Mean.Of([.. runs.Select(run => measure(path, run))], "F3")} | "
                + $"{path.Aim} | {Mean.Of([.. runs.Select(BytesBack)], "F2")} | {processor:F1} |");
        }

        Console.WriteLine();
    }

    // What came, in order, from a twelfth of the run on: handshake and the first round trips are the transfers' affair.
    private static double Goodput(PathRun path, RunResult run)
    {
        double since = path.Duration / 12;
        long before = run.Course.LastOrDefault(delivery => delivery.Seconds <= since).Bytes;
        return 8 * (run.DeliveredBytes - before) / (path.Rate * (path.Duration - since));
    }

    private static double Seconds(PathRun path, RunResult run) =>
        run.MessagesDelivered == run.MessagesSent ? run.Seconds
            : throw new InvalidOperationException($"{path.Name}, seed {run.Seed}: not everything came.");

    // Messages come in their order and are of one size. Those that waited for the handshake are left out.
    private static double Delay(PathRun path, RunResult run)
    {
        double[] delays = [.. run.Course.Select((delivery, i) => (delivery.Seconds, Sent: i * path.Interval))
            .Where(message => message.Sent > 2 && message.Sent < path.Duration)
            .Select(message => message.Seconds - message.Sent - path.Delay).Order()];
        return delays[(int)(delays.Length * 0.99)];
    }

    private static double BytesBack(RunResult run) =>
        100.0 * (run.AirBytes - run.ForwardBytes) / run.ForwardBytes;
}
