using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Scenarios;

namespace LinkCodec.Simulation.Tests;

/// <summary>Short ways to build channels and fill them.</summary>
internal static class Links
{
    public static RuleSpec Loss(double probability) => new("loss", ("probability", probability));

    public static RuleSpec Rate(double bitsPerSecond, int queueBytes = 1 << 20) =>
        new("rate", ("bits_per_second", bitsPerSecond), ("queue_bytes", queueBytes));

    public static RuleSpec Delay(double seconds, double jitter = 0) =>
        new("delay", ("seconds", seconds), ("jitter_seconds", jitter));

    /// <summary>A datagram that says its number in its first four bytes.</summary>
    public static byte[] Datagram(int number, int size)
    {
        byte[] bytes = new byte[size];
        BitConverter.TryWriteBytes(bytes, number);
        return bytes;
    }

    /// <summary>
    /// The arrivals when <paramref name="count"/> datagrams go in, one each <paramref name="interval"/> microseconds.
    /// </summary>
    public static List<Arrival> Send(RuleSpec[] rules, int count, int size = 100, long interval = 1000,
        ulong seed = 11) =>
            SendCounting(rules, count, out _, size, interval, seed);

    public static List<Arrival> SendCounting(
        RuleSpec[] rules, int count, out ChannelCounters counters, int size = 100, long interval = 1000,
        ulong seed = 11)
    {
        using LinkModel link = new Scenario("test", "test", rules, null).Build(seed);
        List<Arrival> arrivals = [];
        for (int i = 0; i < count; i++)
        {
            link.Forward.Send(Datagram(i, size), new Timestamp(i * interval), arrivals);
        }

        counters = link.Forward.Counters;
        return arrivals;
    }
}
