using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>An erasure code between two sessions: what it mends, and what it costs.</summary>
public sealed class RepairScenarioTests
{
    private const int FullUnit = 1173;

    private static readonly SessionOptions Geo = new()
    {
        Rate = new DataRate(20_000_000),
        OneWayDelay = TimeSpan.FromMilliseconds(300),
        MaxDatagramSize = 1200,
        Redundancy = SessionOptions.AdaptiveRedundancy,
    };

    // Each as the share of the capacity that units take from the second to the sixth second.
    [Theory]
    [InlineData(0, 0.97, 0)]
    [InlineData(1, 0.965, 1)]
    [InlineData(10, 0.945, 2)]
    [InlineData(50, 0.895, 3)]
    [InlineData(100, 0.83, 4)]
    [InlineData(300, 0.58, 5)]
    public void Losses_in_thousandths_cost_this_much_and_hardly_anything_is_sent_again(
        int loss, double least, ulong seed)
    {
        PathOptions path = new() { Rate = Geo.Rate, Loss = loss / 1000.0 };
        using SessionPair pair = new(Geo, path, path, seed: 0x60 + seed) { UnitSize = FullUnit };
        pair.Offer(40_000);
        pair.Run(TimeSpan.FromSeconds(2));
        (int before, long again) = (pair.UnitsReceived, pair.A.Statistics.UnitsRetransmitted);
        pair.Run(TimeSpan.FromSeconds(4));
        double goodput = (pair.UnitsReceived - before) * FullUnit * 8 / 4.0 / Geo.Rate.BitsPerSecond;
        Assert.True(goodput >= least, $"{goodput:f3} of the capacity; {pair.A.Statistics}");
        Assert.True(pair.B.Statistics.SegmentsRecovered >= loss * 5, $"{pair.B.Statistics}");
        long repeats = pair.A.Statistics.UnitsRetransmitted - again;
        Assert.True(repeats <= (pair.UnitsReceived - before) / 20, $"{repeats} sent again");
        Assert.Equal(pair.B.Statistics.SegmentsRecovered, pair.A.Statistics.RecoveredByPeer, 150.0 + loss);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 1)]
    [InlineData(100, 2)]
    [InlineData(300, 3)]
    public void Every_unit_arrives_once_at_this_loss_in_thousandths_both_ways(int loss, ulong seed)
    {
        PathOptions path = new() { Rate = Geo.Rate, Loss = loss / 1000.0, ShuffleWindow = 8, Duplicate = 0.1 };
        using SessionPair pair = new(Geo, path, path, seed: 0x70 + seed) { UnitSize = FullUnit };
        pair.Transfer(4000, TimeSpan.FromMinutes(2));
        Assert.Equal(0, pair.A.Statistics.Malformed + pair.B.Statistics.Malformed);
    }

    [Fact]
    [Spec("15.5-3")]
    public void Bursts_are_sent_again_for_they_empty_any_code()
    {
        PathOptions path = new() { Rate = Geo.Rate, Bursts = (0.01, 0.167) };
        using SessionPair pair = new(Geo, path, path, seed: 0x68) { UnitSize = FullUnit };
        pair.Offer(40_000);
        pair.Run(TimeSpan.FromSeconds(6));
        double goodput = pair.UnitsReceived * FullUnit * 8 / (6 - 0.3) / Geo.Rate.BitsPerSecond;
        double arriving = 1 - ((double)pair.Forward.Lost / pair.Forward.Sent);
        Assert.True(goodput >= 0.96 * arriving, $"{goodput:f3} of the capacity; {arriving:f3} of the datagrams arrive");
    }

    [Fact]
    public void The_last_units_need_no_second_round_trip()
    {
        PathOptions path = new() { Rate = Geo.Rate, Loss = 0.01 };
        int late = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            using SessionPair pair = new(Geo, path, path, 0x80 + seed) { UnitSize = FullUnit };
            pair.Transfer(1000, TimeSpan.FromSeconds(10));
            TimeSpan ideal = Geo.OneWayDelay + Geo.Rate.TimeFor(1200 * 1020);
            late += pair.LastUnitAt - Timestamp.Zero > ideal + TimeSpan.FromMilliseconds(100) ? 1 : 0;
        }

        Assert.InRange(late, 0, 2);
    }

    [Fact]
    public void A_link_with_few_segments_in_a_round_trip_sends_no_repairs()
    {
        SessionOptions slow = Geo with { Rate = new DataRate(9600), MaxDatagramSize = 256 };
        PathOptions path = new() { Rate = slow.Rate, Loss = 0.01 };
        using SessionPair pair = new(slow, path, path, seed: 0x90);
        Assert.Equal(256 - 20, pair.A.MaxUnitSize);
        pair.Transfer(300, TimeSpan.FromMinutes(10));
        Assert.Equal(0, pair.A.Statistics.RepairsSent);
    }

    [Theory]
    [InlineData(250, 0.05, 1e-3, 1)]
    [InlineData(429, 0.10, 2e-3, 2)]
    public void One_way_this_many_repairs_for_a_thousand_mend_this_loss(
        int repairs, double loss, double most, ulong seed)
    {
        SessionOptions oneWay = Geo with { HasReturnPath = false, Redundancy = repairs };
        PathOptions path = new() { Rate = oneWay.Rate, Loss = loss };
        using SessionPair pair = new(oneWay, path, path, seed: 0xA0 + seed) { UnitSize = FullUnit };
        pair.Offer(10_000);
        pair.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(10_000, pair.A.Statistics.UnitsSent);
        Assert.InRange(pair.A.Statistics.RepairsSent, 10 * repairs, (10 * repairs) + 10);
        Assert.InRange(pair.UnitsReceived, (int)(10_000 * (1 - most)), 10_000);
        Assert.Equal(0, pair.B.Statistics.UnitsDuplicate);
    }

    [Fact]
    [Spec("15.3-2")]
    public void A_segment_that_comes_after_it_was_computed_comes_twice()
    {
        SessionOptions oneWay = Geo with { HasReturnPath = false, Redundancy = 500 };
        PathOptions path = new() { Rate = oneWay.Rate, ShuffleWindow = 64 };
        using SessionPair pair = new(oneWay, path, path, seed: 0xB0) { UnitSize = FullUnit };
        pair.Offer(2000);
        pair.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(2000, pair.UnitsReceived);
        Assert.True(pair.B.Statistics.SegmentsRecovered > 0);
        Assert.Equal(pair.B.Statistics.SegmentsRecovered, pair.B.Statistics.Replayed);
    }
}
