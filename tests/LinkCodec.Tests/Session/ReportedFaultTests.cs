using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>Faults that users of other protocols have reported, each on a path that shows it.</summary>
public sealed class ReportedFaultTests
{
    private const int FullUnit = 1173;

    private static readonly SessionOptions Geo = new()
    {
        Rate = new DataRate(20_000_000),
        OneWayDelay = TimeSpan.FromMilliseconds(300),
        MaxDatagramSize = 1200,
    };

    private static readonly TimeSpan RoundTrip = 2 * Geo.OneWayDelay;

    /// <summary>yamcs #830: a report that holds fewer gaps than there are. Aeron #1958: one gap repaired each round
    /// trip.</summary>
    [Theory]
    [InlineData(2, 0xC0)]
    [InlineData(3, 0xC1)]
    public void More_gaps_than_a_report_holds_are_all_mended_in_two_round_trips(int every, ulong seed)
    {
        const int Units = 1200;
        PathOptions path = new() { Rate = Geo.Rate, Delay = Geo.OneWayDelay };
        using SessionPair pair = new(Geo, path with { Drops = n => n < Units && n % every == 1 }, path, seed)
        {
            UnitSize = FullUnit,
        };
        pair.Transfer(Units, TimeSpan.FromMinutes(1));
        TimeSpan least = Geo.Rate.TimeFor(1200L * Units) + Geo.OneWayDelay;
        Assert.True(pair.A.Statistics.UnitsRetransmitted >= Units / every, $"{pair.A.Statistics}");
        Assert.InRange(pair.LastUnitAt - Timestamp.Zero, least, least + (2 * RoundTrip));
    }

    /// <summary>SRT #894: an erasure code that mends nothing any more once it has lost too much at a time.</summary>
    [Fact]
    public void After_a_loss_that_no_code_mends_the_code_mends_again()
    {
        SessionOptions options = Geo with { Redundancy = SessionOptions.AdaptiveRedundancy };
        PathOptions path = new() { Rate = Geo.Rate, Delay = Geo.OneWayDelay, Loss = 0.02 };
        PathOptions forward = path with { IsDead = now => now > At(4) && now < At(8) };
        using SessionPair pair = new(options, forward, path, seed: 0xC2) { UnitSize = FullUnit };
        pair.Offer(60_000);
        pair.Run(TimeSpan.FromSeconds(16)); // What left while the path was dead is sent again by then.
        (long recovered, long again) =
            (pair.B.Statistics.SegmentsRecovered, pair.A.Statistics.UnitsRetransmitted);
        pair.Run(TimeSpan.FromSeconds(4));
        recovered = pair.B.Statistics.SegmentsRecovered - recovered;
        again = pair.A.Statistics.UnitsRetransmitted - again;
        Assert.True(recovered > 80 && recovered > 4 * again, $"{recovered} recovered, {again} sent again");
    }

    /// <summary>picoquic #924: repairs of repairs, without end, when nothing comes back.</summary>
    [Fact]
    public void Nothing_but_probes_leaves_while_nothing_comes_back()
    {
        SessionOptions options = Geo with { Redundancy = SessionOptions.AdaptiveRedundancy };
        PathOptions path = new() { Rate = Geo.Rate, Delay = Geo.OneWayDelay, Loss = 0.05 };
        PathOptions back = path with { IsDead = now => now > At(3) };
        using SessionPair pair = new(options, path, back, seed: 0xC3) { UnitSize = FullUnit };
        pair.Offer(5000);
        pair.Run(TimeSpan.FromSeconds(10));
        (long repairs, long bytes) = (pair.A.Statistics.RepairsSent, pair.Forward.SentBytes);
        pair.Run(TimeSpan.FromMinutes(10));
        Assert.InRange(pair.A.Statistics.RepairsSent - repairs, 0, 20);
        Assert.InRange(pair.Forward.SentBytes - bytes, 0, 40_000);
    }

    /// <summary>RockBLOCK-9704 #27: a carrier that delivers a message seven times.</summary>
    [Fact]
    [Spec("4.5-2")]
    public void What_a_carrier_delivers_seven_times_comes_once()
    {
        SessionOptions options = new()
        {
            Rate = new DataRate(2400), OneWayDelay = TimeSpan.FromSeconds(1.5), MaxDatagramSize = 340,
            Billing = new Billing(50),
        };
        PathOptions path = new() { Rate = options.Rate, Delay = options.OneWayDelay, Copies = 7, Loss = 0.1 };
        using SessionPair pair = new(options, path, path, seed: 0xC4);
        pair.Transfer(60, TimeSpan.FromHours(1));
        Assert.True(pair.B.Statistics.Replayed > 6 * 50, $"{pair.B.Statistics}");
    }

    /// <summary>The same report: a carrier that says that it failed, and delivers. Whoever sends the datagram once more
    /// does no harm.</summary>
    [Fact]
    public void A_carrier_that_fails_and_delivers_all_the_same_does_no_harm()
    {
        PathOptions path = new() { Rate = Geo.Rate, Delay = Geo.OneWayDelay, Duplicate = 0.5, ShuffleWindow = 64 };
        using SessionPair pair = new(Geo, path, path, seed: 0xC5) { UnitSize = FullUnit };
        pair.Transfer(2000, TimeSpan.FromMinutes(1));
        Assert.True(pair.B.Statistics.Replayed > 900, $"{pair.B.Statistics}");
    }

    /// <summary>yamcs #863: work for a segment that grows with what was sent before.</summary>
    [Fact]
    public void A_session_remembers_no_more_after_a_hundred_thousand_units_than_after_ten_thousand()
    {
        SessionOptions options = Geo with { Rate = new DataRate(100_000_000), OneWayDelay = TimeSpan.Zero };
        PathOptions path = new() { Rate = options.Rate, Delay = options.OneWayDelay, Loss = 0.001 };
        using SessionPair pair = new(options, path, path, seed: 0xC6) { UnitSize = FullUnit };
        pair.Transfer(10_000, TimeSpan.FromMinutes(1));
        Assert.True(pair.Peak.A < 4 << 20, $"{pair.Peak}");
        using SessionPair longer = new(options, path, path, seed: 0xC6) { UnitSize = FullUnit };
        longer.Transfer(100_000, TimeSpan.FromMinutes(10));
        Assert.InRange(longer.Peak.A, 0, 2 * pair.Peak.A);
        Assert.InRange(longer.Peak.B, 0, 2 * pair.Peak.B);
    }

    private static Timestamp At(double seconds) => Timestamp.Zero + TimeSpan.FromSeconds(seconds);
}
