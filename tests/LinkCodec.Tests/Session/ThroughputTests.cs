using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

public sealed class ThroughputTests
{
    [Fact]
    public void At_9600_bits_per_second_and_one_percent_loss_units_take_four_fifths_of_the_capacity()
    {
        DataRate rate = new(9_600);
        SessionOptions options =
            new() { Rate = rate, OneWayDelay = TimeSpan.FromMilliseconds(300), MaxDatagramSize = 256 };
        PathOptions path = new() { Rate = rate, Loss = 0.01 };
        using SessionPair pair = new(options, path, path, seed: 0x41);
        pair.Transfer(2000, TimeSpan.FromHours(1));
        double goodput = 2000 * 236 * 8 / (pair.LastUnitAt - Timestamp.Zero).TotalSeconds;
        Assert.True(goodput >= 0.80 * 9600, $"{goodput / 9600:f3} of the capacity");
        Assert.True(pair.Back.SentBytes < 0.02 * pair.Forward.SentBytes,
            $"reports {(double)pair.Back.SentBytes / pair.Forward.SentBytes:p2}");
    }

    [Theory]
    [InlineData(0, 0.97, 0)]
    [InlineData(1, 0.96, 1)]
    [InlineData(5, 0.92, 2)]
    [InlineData(10, 0.86, 3)]
    [InlineData(30, 0.64, 4)]
    public void At_20_megabits_the_pace_follows_the_rate_whatever_the_loss(int percent, double least, ulong seed)
    {
        DataRate rate = new(20_000_000);
        SessionOptions options =
            new() { Rate = rate, OneWayDelay = TimeSpan.FromMilliseconds(300), MaxDatagramSize = 1200 };
        PathOptions path = new() { Rate = rate, Loss = percent / 100.0 };
        using SessionPair pair = new(options, path, path, seed: 0x50 + seed) { UnitSize = 1180 };
        pair.Offer(40_000);
        pair.Run(TimeSpan.FromSeconds(6));
        double goodput = pair.UnitsReceived * 1180 * 8 / (6 - 0.3);
        Assert.True(goodput >= least * rate.BitsPerSecond, $"{goodput / rate.BitsPerSecond:f3} of the capacity");
        Assert.True(pair.Back.SentBytes < 0.005 * pair.Forward.SentBytes,
            $"reports {(double)pair.Back.SentBytes / pair.Forward.SentBytes:p2}");
    }

    [Fact]
    public void Bursts_of_losses_cost_what_they_take_and_little_more()
    {
        DataRate rate = new(20_000_000);
        SessionOptions options =
            new() { Rate = rate, OneWayDelay = TimeSpan.FromMilliseconds(300), MaxDatagramSize = 1200 };
        PathOptions path = new() { Rate = rate, Bursts = (0.01, 0.167) };
        using SessionPair pair = new(options, path, path, seed: 0x58) { UnitSize = 1180 };
        pair.Offer(40_000);
        pair.Run(TimeSpan.FromSeconds(6));
        double goodput = pair.UnitsReceived * 1180 * 8 / (6 - 0.3) / rate.BitsPerSecond;
        double arriving = 1 - ((double)pair.Forward.Lost / pair.Forward.Sent);
        Assert.True(goodput >= 0.97 * arriving, $"{goodput:f3} of the capacity; {arriving:f3} of the datagrams arrive");
    }

    [Fact]
    [Spec("4.5-5")]
    public void The_pace_never_exceeds_the_rate_by_more_than_two_datagrams_and_4_milliseconds()
    {
        DataRate rate = new(64_000);
        SessionOptions options = new() { Rate = rate, MaxDatagramSize = 256 };
        PathOptions path = new() { Loss = 0.2, Delay = TimeSpan.FromMilliseconds(50) };
        using SessionPair pair = new(options, path, path, seed: 0x42);
        pair.Offer(100_000);
        for (int second = 1; second <= 20; second++)
        {
            pair.Run(TimeSpan.FromSeconds(1));
            Assert.InRange(pair.Forward.SentBytes, (8000 * second) - 512, (8000 * second) + 512 + 32);
        }
    }

    [Fact]
    [Spec("4.4-1")]
    public void A_steady_stream_gets_one_report_in_sixteen_segments()
    {
        SessionOptions options =
            new() { Rate = new DataRate(2_000_000), OneWayDelay = TimeSpan.FromMilliseconds(1), MaxDatagramSize = 256 };
        PathOptions path = new() { Rate = options.Rate, Delay = options.OneWayDelay };
        using SessionPair pair = new(options, path, path, seed: 0x43);
        pair.Transfer(1600, TimeSpan.FromMinutes(1));
        Assert.InRange(pair.B.Statistics.ReportsSent, 1600 / 16, (1600 / 16) + 5);
    }
}
