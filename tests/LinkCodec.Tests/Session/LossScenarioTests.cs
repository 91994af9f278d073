using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>What the path may do to datagrams without harm: every unit arrives once, and the sender knows.</summary>
public sealed class LossScenarioTests
{
    private static readonly SessionOptions Geo = new()
    {
        Rate = new DataRate(2_000_000),
        OneWayDelay = TimeSpan.FromMilliseconds(300),
        MaxDatagramSize = 256,
    };

    [Theory]
    [Spec("4.5-1")]
    [Spec("4.5-2")]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(50)]
    public void Every_unit_arrives_once_at_this_loss_in_percent_both_ways(int percent)
    {
        PathOptions path = new() { Rate = Geo.Rate, Loss = percent / 100.0 };
        using SessionPair pair = new(Geo, path, path, seed: 0x10 + (ulong)percent);
        pair.Transfer(3000, TimeSpan.FromMinutes(10));
        if (percent == 0)
        {
            Assert.Equal(0, pair.A.Statistics.UnitsRetransmitted);
            Assert.Equal(0, pair.A.Statistics.ProbesSent);
        }
    }

    [Fact]
    [Spec("4.6-1")]
    public void Every_datagram_duplicated_changes_nothing()
    {
        PathOptions path = new() { Rate = Geo.Rate, Duplicate = 1 };
        using SessionPair pair = new(Geo, path, path, seed: 0x21);
        pair.Transfer(2000, TimeSpan.FromMinutes(1));
        Assert.Equal(pair.Forward.Sent, pair.B.Statistics.Replayed);
        Assert.Equal(0, pair.A.Statistics.UnitsRetransmitted);
    }

    [Fact]
    public void Full_reordering_in_a_window_of_64_costs_few_repeats()
    {
        PathOptions path = new() { Rate = Geo.Rate, ShuffleWindow = 64 };
        using SessionPair pair = new(Geo, path, path, seed: 0x22);
        pair.Transfer(4000, TimeSpan.FromMinutes(2));
        Assert.InRange(pair.A.Statistics.UnitsRetransmitted, 0, 400);
        Assert.Equal(pair.A.Statistics.LossesSpurious, pair.A.Statistics.SegmentsLost);
    }

    [Fact]
    [Spec("4.6-1")]
    public void Bit_errors_at_one_in_ten_thousand_deliver_nothing_wrong()
    {
        PathOptions path = new() { Rate = Geo.Rate, BitErrors = 1e-4 };
        using SessionPair pair = new(Geo, path, path, seed: 0x23);
        pair.Transfer(2000, TimeSpan.FromMinutes(5));
        Assert.True(pair.B.Statistics.Forged > 200);
        Assert.False(pair.B.IsClosed);
    }

    [Fact]
    [Spec("4.4-2")]
    public void Lost_reports_are_harmless()
    {
        PathOptions forward = new() { Rate = Geo.Rate };
        PathOptions back = new() { Rate = Geo.Rate, Drops = n => n % 4 != 0 };
        using SessionPair pair = new(Geo, forward, back, seed: 0x24);
        pair.Transfer(3000, TimeSpan.FromMinutes(2));
        Assert.Equal(0, pair.A.Statistics.UnitsRetransmitted - pair.A.Statistics.ProbesSent);
    }

    [Fact]
    [Spec("4.5-6")]
    public void The_last_segment_lost_is_found_within_three_round_trips()
    {
        PathOptions path = new() { Rate = Geo.Rate };
        // The last unit, and the END behind it.
        using SessionPair pair = new(Geo, path with { Drops = n => n is 99 or 100 }, path, seed: 0x25);
        pair.Transfer(100, TimeSpan.FromMinutes(1));
        Assert.Equal(2, pair.Forward.Lost);
        Assert.True(pair.LastUnitAt < new Timestamp(1_800_000), $"{pair.LastUnitAt}");
    }

    [Fact]
    public void A_replay_storm_only_counts()
    {
        PathOptions path = new() { Rate = Geo.Rate };
        using SessionPair pair = new(Geo, path, path, seed: 0x26, keepLog: true);
        pair.Transfer(500, TimeSpan.FromMinutes(1));
        long received = pair.B.Statistics.UnitsReceived;
        long replayed = pair.B.Statistics.Replayed;
        for (int round = 0; round < 20; round++)
        {
            foreach (byte[] datagram in pair.Forward.Log!)
            {
                pair.B.OnDatagram(datagram, pair.Now);
            }
        }

        Assert.Equal(received, pair.B.Statistics.UnitsReceived);
        Assert.Equal(replayed + (20L * pair.Forward.Log!.Count), pair.B.Statistics.Replayed);
        Assert.False(pair.B.TryTakeEvent(out _));
    }
}
