using LinkCodec.Core.Primitives;
using LinkCodec.Simulator.Channel;
using LinkCodec.Simulator.Scenarios;
using Xunit;

namespace LinkCodec.Simulation.Tests;

public sealed class RuleTests
{
    private const int Many = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(0.001)]
    [InlineData(0.05)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Independent_loss_loses_its_share(double probability)
    {
        int lost = Many - Links.Send([Links.Loss(probability)], Many, size: 4).Count;

        AssertBinomial(lost, Many, probability);
    }

    [Fact]
    public void Independent_loss_has_no_memory()
    {
        bool[] lost = Lost([Links.Loss(0.3)]);
        int afterLoss = Enumerable.Range(1, Many - 1).Count(i => lost[i - 1]);
        int twice = Enumerable.Range(1, Many - 1).Count(i => lost[i - 1] && lost[i]);

        AssertBinomial(twice, afterLoss, 0.3);
    }

    [Fact]
    public void Burst_loss_has_the_mean_burst_and_the_mean_loss_of_its_model()
    {
        bool[] lost = Lost([new("burst-loss", ("enter", 0.01), ("leave", 0.167))]);
        int losses = lost.Count(l => l);
        int bursts = Enumerable.Range(0, Many).Count(i => lost[i] && (i == 0 || !lost[i - 1]));

        // Some 940 bursts of mean 6: the mean's standard error is about 0.18, the share's about 0.0024.
        Assert.InRange((double)losses / bursts, 1 / 0.167 * 0.88, 1 / 0.167 * 1.12);
        Assert.InRange((double)losses / Many, 0.0565 - 0.010, 0.0565 + 0.010);
    }

    [Fact]
    public void A_rate_limit_is_exact_over_a_long_run()
    {
        // 7 bytes at 9,601 bit/s take 5832.725... us: rounding each one up would be 27 ms late after 100,000.
        List<Arrival> arrivals = Links.Send([Links.Rate(9601, int.MaxValue / 4)], Many, size: 7, interval: 0);

        Assert.Equal(Many, arrivals.Count);
        for (int i = 0; i < Many; i += 997)
        {
            Int128 bits = (Int128)(i + 1) * 7 * 8 * 1_000_000;
            Assert.Equal((long)((bits + 9600) / 9601), arrivals[i].At.Microseconds);
        }
    }

    [Fact]
    public void An_idle_transmitter_owes_nothing()
    {
        List<Arrival> arrivals = Links.Send([Links.Rate(8000)], 3, size: 100, interval: 500_000);

        Assert.Equal([100_000, 600_000, 1_100_000], arrivals.Select(a => a.At.Microseconds));
    }

    [Fact]
    public void A_full_queue_drops_the_newest_and_takes_again_when_there_is_room()
    {
        // 100 bytes each 10 ms at 100 ms each: one on the air and five waiting, then one of ten gets in.
        List<Arrival> arrivals = Links.SendCounting([Links.Rate(8000, queueBytes: 500)], 26,
            out ChannelCounters counters, interval: 10_000);

        Assert.Equal([0, 1, 2, 3, 4, 5, 10, 20], arrivals.Select(a => BitConverter.ToInt32(a.Bytes)));
        Assert.Equal(18, counters[Fate.QueueFull]);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => i * 100_000L), arrivals.Select(a => a.At.Microseconds));
    }

    [Fact]
    public void A_delay_is_exact_and_jitter_stays_in_its_bounds_and_keeps_the_order()
    {
        Assert.All(Links.Send([Links.Delay(0.3)], 100).Select((a, i) => a.At.Microseconds - (i * 1000L)),
            d => Assert.Equal(300_000, d));

        List<Arrival> jittered = Links.Send([Links.Delay(0.3, 0.05)], 5000, interval: 1000);
        Assert.Equal(jittered, jittered.OrderBy(a => a.At));
        Assert.All(jittered.Select((a, i) => a.At.Microseconds - (i * 1000L)),
            d => Assert.InRange(d, 300_000, 349_999));
        Assert.True(jittered.Select((a, i) => a.At.Microseconds - (i * 1000L)).Distinct().Count() > 100);
    }

    [Fact]
    public void Reordering_shuffles_within_its_window_and_not_beyond()
    {
        // A window of 64 datagrams, sent one per millisecond.
        List<Arrival> arrivals = Links.Send([new("reorder", ("probability", 1), ("window_seconds", 0.064))], 5000);
        int[] order = [.. arrivals.OrderBy(a => a.At).Select(a => BitConverter.ToInt32(a.Bytes))];
        int[] moved = [.. order.Select((number, place) => Math.Abs(number - place))];

        Assert.Equal(5000, order.Distinct().Count());
        Assert.InRange(moved.Max(), 32, 63);
        Assert.True(moved.Count(m => m > 0) > 4000);
    }

    [Fact]
    public void Bit_errors_flip_the_expected_count_and_the_bytes_show_it()
    {
        List<Arrival> arrivals = Links.SendCounting([new("bit-errors", ("rate", 1e-3))], 1000,
            out ChannelCounters counters, size: 250);
        long flipped = arrivals.Select(
            (a, i) => a.Bytes.Zip(Links.Datagram(i, 250), (x, y) => (long)byte.PopCount((byte)(x ^ y))).Sum()).Sum();

        AssertBinomial(flipped, 2_000_000, 1e-3);
        Assert.Equal(flipped, counters.FlippedBits);
        AssertBinomial(counters[Fate.Altered], 1000, 1 - Math.Pow(1 - 1e-3, 2000));
    }

    [Fact]
    public void Truncation_leaves_the_start_of_its_share()
    {
        List<Arrival> arrivals = Links.SendCounting([new("truncate", ("probability", 0.2))], 10_000,
            out ChannelCounters counters, size: 50);

        AssertBinomial(counters[Fate.Altered], 10_000, 0.2);
        Assert.Equal(counters[Fate.Altered], arrivals.Count(a => a.Bytes.Length < 50));
        Assert.All(arrivals.Select((a, i) => (a, i)), x => Assert.StartsWith(
            Convert.ToHexString(x.a.Bytes), Convert.ToHexString(Links.Datagram(x.i, 50)), StringComparison.Ordinal));
        Assert.Equal(1, arrivals.Min(a => a.Bytes.Length));
    }

    [Fact]
    public void An_outage_starts_and_ends_at_its_microsecond_and_comes_again()
    {
        RuleSpec outage = new("outage", ("start_seconds", 1), ("length_seconds", 0.5), ("every_seconds", 2));
        using LinkModel link = new Scenario("test", "test", [outage], null).Build(1);
        List<Arrival> arrivals = [];
        foreach (long at in (long[])[0, 999_999, 1_000_000, 1_499_999, 1_500_000, 2_999_999, 3_000_000,
            3_499_999, 3_500_000])
        {
            link.Forward.Send([1], new Timestamp(at), arrivals);
        }

        Assert.Equal([0, 999_999, 1_500_000, 2_999_999, 3_500_000], arrivals.Select(a => a.At.Microseconds));
        Assert.Equal(4, link.Forward.Counters[Fate.Outage]);
    }

    [Fact]
    public void An_mtu_drops_what_is_one_byte_longer_from_its_instant_on()
    {
        using LinkModel link = new Scenario("test", "test", [new("mtu", ("bytes", 270), ("start_seconds", 1))], null)
            .Build(1);
        List<Arrival> arrivals = [];
        link.Forward.Send(new byte[271], new Timestamp(999_999), arrivals);
        link.Forward.Send(new byte[271], new Timestamp(1_000_000), arrivals);
        link.Forward.Send(new byte[270], new Timestamp(1_000_000), arrivals);

        Assert.Equal([271, 270], arrivals.Select(a => a.Bytes.Length));
        Assert.Equal(1, link.Forward.Counters[Fate.TooLong]);
    }

    private static bool[] Lost(RuleSpec[] rules)
    {
        bool[] lost = Enumerable.Repeat(true, Many).ToArray();
        Links.Send(rules, Many, size: 4).ForEach(a => lost[BitConverter.ToInt32(a.Bytes)] = false);
        return lost;
    }

    /// <summary>Within five standard deviations; the seed is fixed, so this either always holds or never.</summary>
    private static void AssertBinomial(long hits, long trials, double probability)
    {
        double mean = trials * probability;
        double bound = 5 * Math.Sqrt(trials * probability * (1 - probability));
        Assert.InRange(hits, mean - bound, mean + bound);
    }
}
