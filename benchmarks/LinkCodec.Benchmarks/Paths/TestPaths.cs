using LinkCodec.Simulator.Scenarios;

namespace LinkCodec.Benchmarks.Paths;

/// <summary>The paths that the session is measured on.</summary>
internal static class TestPaths
{
    /// <summary>Random bytes without end: how much of the capacity they get.</summary>
    public static IEnumerable<PathRun> Steady =>
    [
        Geo(0, "0.965"), Geo(0.001, "0.96"), Geo(0.01, "0.945"), Geo(0.05, "0.895"), Geo(0.1, "0.83"),
        Geo(0.3, "0.63"),
        Wide("20/2 Mbit/s, Gilbert-Elliott .01/.167", "0.91") with
        {
            Rules = [new("burst-loss", ("enter", 0.01), ("leave", 0.167))],
        },
        Wide("20/2 Mbit/s, gaps of 120 ms each 15 s", "0.95") with { Rules = [Gaps] },
        Wide("50/5 Mbit/s, gaps of 120 ms each 15 s", "0.95") with
        {
            Rate = 50e6, ReturnRate = 5e6, Rules = [Gaps],
        },
        new()
        {
            Name = "9.6/9.6 kbit/s, datagrams of 256 bytes, 1 %", Rate = 9600, ReturnRate = 9600, Mtu = 256,
            MessageSize = 2048, Duration = 600, Rules = [Loss(0.01)], Aim = "0.82",
        },
    ];

    /// <summary>A given number of bytes; the cases of draft-kuhn-quic-4-sat-07, and one of our own.</summary>
    public static IEnumerable<PathRun> Transfers =>
    [
        Wide("20/2 Mbit/s, 600 ms, 1 %: 10 MiB", "5.5") with
        {
            Bytes = 10 << 20, Rules = [Loss(0.01)], Duration = 600,
        },
        Quic("10/2 Mbit/s, 650 ms: 100 MB", 10e6, 2e6, 100, "83"),
        Quic("50/10 Mbit/s, 650 ms: 100 MB", 50e6, 10e6, 100, "17.5"),
        Quic("250/3 Mbit/s, 650 ms: 100 MB", 250e6, 3e6, 100, "4.5"),
        Quic("250/3 Mbit/s, 650 ms, 1 %: 2 MB", 250e6, 3e6, 2, "1.0") with { Rules = [Loss(0.01)] },
        Quic("250/3 Mbit/s, 650 ms, 1 %: 10 MB", 250e6, 3e6, 10, "1.4") with { Rules = [Loss(0.01)] },
        Quic("250/3 Mbit/s, 650 ms, 1 %: 100 MB", 250e6, 3e6, 100, "4.7") with { Rules = [Loss(0.01)] },
    ];

    /// <summary>Messages of 1,000 bytes at half of the rate.</summary>
    public static IEnumerable<PathRun> HalfLoad =>
    [
        Half(0.01), Half(0.05), Half(0.1),
    ];

    private static RuleSpec Gaps =>
        new("outage", ("start_seconds", 5), ("length_seconds", 0.12), ("every_seconds", 15));

    private static PathRun Geo(double loss, string aim) =>
        Wide($"20/2 Mbit/s, 600 ms, {100 * loss:0.#} %", aim) with { Rules = loss > 0 ? [Loss(loss)] : [] };

    private static PathRun Half(double loss) => Wide($"20/2 Mbit/s, half load, {100 * loss:0.#} %", "0.45") with
    {
        MessageSize = 1000, Interval = 0.0008, Duration = 30, Rules = [Loss(loss)],
    };

    private static PathRun Wide(string name, string aim) =>
        new() { Name = name, Rate = 20e6, ReturnRate = 2e6, Aim = aim };

    private static PathRun Quic(string name, double rate, double back, int megabytes, string aim) => new()
    {
        Name = name, Rate = rate, ReturnRate = back, Delay = 0.325, Bytes = megabytes * 1_000_000L, Duration = 600,
        Aim = aim,
    };

    private static RuleSpec Loss(double probability) => new("loss", ("probability", probability));
}
