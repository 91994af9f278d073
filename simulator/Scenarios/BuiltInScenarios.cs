using System.Text;
using LinkCodec.Transport.Files;

namespace LinkCodec.Simulator.Scenarios;

/// <summary>The links that have a name.</summary>
internal static class BuiltInScenarios
{
    private static RuleSpec[] Narrow => [Rate(9600, 16384)];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Same("demo", "9.6 kbit/s both ways, 600 ms round trip, 5 % independent loss",
            [.. Narrow, Loss(0.05), Delay(0.3)]),
        new("geo", "geostationary: 20 Mbit/s there, 2 Mbit/s back, 600 ms round trip, 1 % loss", Wide(20e6, Loss(0.01)),
            Wide(2e6, Loss(0.01))),
        new(
            "leo",
            "low orbit: 10 Mbit/s there, 1 Mbit/s back, 40 ms round trip and up to 5 ms of jitter, 0.5 % loss",
            [Rate(10e6, 131072), Loss(0.005), Delay(0.02, 0.005)],
            [Rate(1e6, 131072), Loss(0.005), Delay(0.02, 0.005)]),
        new(
            "iridium-sbd",
            "short bursts: messages of 340 bytes there and 270 back, 2.4 kbit/s, 3 s round trip with jitter, 2 % loss",
            [Mtu(340), Rate(2400, 3400), Loss(0.02), Delay(1.5, 0.5)],
            [Mtu(270), Rate(2400, 2700), Loss(0.02), Delay(1.5, 0.5)]),
        new("burst", "20 and 2 Mbit/s, 600 ms round trip, loss in bursts (Gilbert-Elliott, enter 0.01, leave 0.167)",
            Wide(20e6, Bursts()), Wide(2e6, Bursts())),
        Same("lossy-30", "9.6 kbit/s, 600 ms round trip, 30 % independent loss", [.. Narrow, Loss(0.3), Delay(0.3)]),
        Same("ber-1e-4", "9.6 kbit/s, 600 ms round trip, every bit wrong once in 10,000",
            [.. Narrow, new RuleSpec("bit-errors", ("rate", 1e-4)), Delay(0.3)]),
        Same(
            "blackhole",
            "9.6 kbit/s, 600 ms round trip, nothing passes from second 10 to 12",
            [.. Narrow, new RuleSpec("outage", ("start_seconds", 10), ("length_seconds", 2)), Delay(0.3)]),
        new("one-way", "9.6 kbit/s, 300 ms, 5 % loss, no return channel", [.. Narrow, Loss(0.05), Delay(0.3)], null),
    ];

    private const int LongestFile = 1 << 20;

    /// <summary>A built-in scenario, or the one in a file.</summary>
    /// <exception cref="FormatException">Neither: one clear line.</exception>
    public static Scenario Find(string nameOrPath)
    {
        Scenario? named = All.FirstOrDefault(s => s.Name == nameOrPath);
        if (named is not null)
        {
            return named;
        }

        if (!File.Exists(nameOrPath))
        {
            throw new FormatException(
                $"there is no scenario '{nameOrPath}': `scenarios list` shows the names, or give a JSON file.");
        }

        try
        {
            return ScenarioJson.Read(Encoding.UTF8.GetString(SmallFile.Read(nameOrPath, LongestFile)));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{nameOrPath}: {e.Message}", e);
        }
    }

    private static Scenario Same(string name, string description, RuleSpec[] both) =>
        new(name, description, both, both);

    /// <summary>A queue of one bandwidth-delay product at 20 Mbit/s and 600 ms.</summary>
    private static RuleSpec[] Wide(double rate, RuleSpec loss) => [Rate(rate, 1_500_000), loss, Delay(0.3)];

    private static RuleSpec Mtu(int bytes) => new("mtu", ("bytes", bytes));

    private static RuleSpec Rate(double bitsPerSecond, int queueBytes) =>
        new("rate", ("bits_per_second", bitsPerSecond), ("queue_bytes", queueBytes));

    private static RuleSpec Loss(double probability) => new("loss", ("probability", probability));

    private static RuleSpec Bursts() => new("burst-loss", ("enter", 0.01), ("leave", 0.167));

    private static RuleSpec Delay(double seconds, double jitter = 0) =>
        new("delay", ("seconds", seconds), ("jitter_seconds", jitter));
}
