using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Session;
using LinkCodec.Simulator.Report;
using LinkCodec.Simulator.Runs;
using LinkCodec.Simulator.Scenarios;

namespace LinkCodec.Benchmarks.Paths;

/// <summary>A path, and random bytes that are sent over it as they are.</summary>
internal sealed record PathRun
{
    public required string Name { get; init; }

    /// <summary>Bits per second there.</summary>
    public required double Rate { get; init; }

    /// <summary>Bits per second back.</summary>
    public required double ReturnRate { get; init; }

    /// <summary>Seconds there, and back, that a bit travels.</summary>
    public double Delay { get; init; } = 0.3;

    /// <summary>Seconds by which that varies.</summary>
    public double Jitter { get; init; }

    /// <summary>What happens to datagrams there and back, beside rate and delay.</summary>
    public IReadOnlyList<RuleSpec> Rules { get; init; } = [];

    public int Mtu { get; init; } = 1200;

    /// <summary>Bytes of a message.</summary>
    public int MessageSize { get; init; } = 16_384;

    /// <summary>Bytes of all messages; 0 for as many as the duration may take.</summary>
    public long Bytes { get; init; }

    /// <summary>Seconds after which a run is cut off.</summary>
    public double Duration { get; init; } = 60;

    /// <summary>Seconds from one message to the next; 0 where all wait at the start.</summary>
    public double Interval { get; init; }

    /// <summary>The figure that was to be reached, as the table shows it.</summary>
    public required string Aim { get; init; }

    private IReadOnlyList<RuleSpec> Direction(double rate) =>
    [
        new("mtu", ("bytes", Mtu)),
        new("rate", ("bits_per_second", rate), ("queue_bytes", Math.Max(16_384, rate / 8 * 2 * Delay))),
        .. Rules,
        new("delay", ("seconds", Delay), ("jitter_seconds", Jitter)),
    ];

    /// <summary>Runs once for each seed.</summary>
    /// <param name="seeds">How many seeds, from 1 on.</param>
    public IReadOnlyList<RunResult> Run(int seeds)
    {
        long bytes = Bytes > 0 ? Bytes : (long)(Rate / 8 * Duration);
        bytes = Interval > 0 ? (long)(Duration / Interval) * MessageSize : bytes;
        RunInput input = new(
            new Scenario(Name, Name, Direction(Rate), Direction(ReturnRate)),
            new RandomMessages(bytes, MessageSize),
            TimeSpan.FromSeconds(Interval),
            TimeSpan.FromSeconds(Interval > 0 ? Duration + 60 : Duration),
            ContextMode.None,
            Effort: Effort.Stored);
        using RunCodec codec = RunCodec.LinkCodec(LinkSnapshots.None);
        using CodecRuns runs = new(input, codec, threads: 1);
        return [.. Enumerable.Range(1, seeds).Select(seed => Checked(runs.Run((ulong)seed)))];
    }

    private RunResult Checked(RunResult result) => result.MessagesWrong == 0 ? result
        : throw new InvalidOperationException($"{Name}, seed {result.Seed}: {result.MessagesWrong} messages differ.");
}
