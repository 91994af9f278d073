using System.Text;
using LinkCodec.Baselines;
using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Report;
using LinkCodec.Simulator.Runs;
using LinkCodec.Simulator.Scenarios;

namespace LinkCodec.Simulation.Tests;

/// <summary>Short ways to send messages over a scenario.</summary>
internal static class Runs
{
    /// <summary>Narrow enough that a transfer takes seconds.</summary>
    public static RuleSpec Narrow => Links.Rate(9600, 16384);

    public static string Sample(string name) => Repository.PathOf($"samples/messages/{name}");

    /// <summary>Weather reports, an empty message, one of many segments and one that cannot be compressed.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Messages(int reports = 60)
    {
        List<ReadOnlyMemory<byte>> messages = [.. File.ReadLines(Sample("metar.txt")).Take(reports)
            .Select(line => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(line))];
        byte[] noise = new byte[3000];
        RandomSource.FromSeed(5).Fill(noise);
        messages.Insert(reports / 2, ReadOnlyMemory<byte>.Empty);
        messages.Insert(reports / 3, noise);
        messages.Add(File.ReadAllBytes(Sample("prose.txt")).AsMemory(0, 6000));
        return messages;
    }

    public static Scenario Both(params RuleSpec[] rules) => new("test", "test", rules, rules);

    /// <summary>The snapshot-free codec over a link, once for each seed.</summary>
    public static IReadOnlyList<RunResult> Send(Scenario scenario, int seeds = 3, double interval = 0,
        IReadOnlyList<ReadOnlyMemory<byte>>? messages = null)
    {
        using RunCodec codec = RunCodec.LinkCodec(LinkSnapshots.None);
        return Send(codec, scenario, seeds, interval, messages ?? Messages());
    }

    /// <summary>Stored messages over a link, once for each seed.</summary>
    public static IReadOnlyList<RunResult> SendRaw(Scenario scenario, int seeds = 3)
    {
        using RunCodec codec = RunCodec.Of("raw", new RawBaseline());
        return Send(codec, scenario, seeds, 0, Messages());
    }

    public static IReadOnlyList<RunResult> Send(
        RunCodec codec, Scenario scenario, int seeds, double interval, IReadOnlyList<ReadOnlyMemory<byte>> messages,
        int threads = 1)
    {
        RunInput input = new(scenario, messages, TimeSpan.FromSeconds(interval), TimeSpan.FromDays(2));
        using CodecRuns run = new(input, codec, threads);
        return [.. Enumerable.Range(1, seeds).Select(seed => run.Run((ulong)seed))];
    }

    /// <summary>Everything came, once and unchanged, and both ends know it.</summary>
    public static void AssertComplete(IReadOnlyList<RunResult> runs) => Assert.All(runs, run =>
    {
        Assert.True(run.MessagesWrong == 0, $"seed {run.Seed}: {run.MessagesWrong} wrong");
        Assert.True(run.MessagesDelivered == run.MessagesSent,
            $"seed {run.Seed}: {run.MessagesDelivered} of {run.MessagesSent}, {run.Ended}");
        Assert.True(run.Ended == "complete", $"seed {run.Seed}: {run.Ended}");
    });
}
