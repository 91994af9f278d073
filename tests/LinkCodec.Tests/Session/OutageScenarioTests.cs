using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>Paths that die and come back, and paths that never had a way back.</summary>
public sealed class OutageScenarioTests
{
    private static readonly SessionOptions Leo = new()
    {
        Rate = new DataRate(256_000),
        OneWayDelay = TimeSpan.FromMilliseconds(20),
        MaxDatagramSize = 256,
    };

    private static readonly PathOptions LeoPath = new() { Delay = TimeSpan.FromMilliseconds(20), Rate = Leo.Rate };

    [Fact]
    public void Two_seconds_of_nothing_are_made_good()
    {
        PathOptions path = LeoPath with { IsDead = now => now > At(3) && now < At(5) };
        using SessionPair pair = new(Leo, path, path, seed: 0x31);
        pair.Transfer(1200, TimeSpan.FromMinutes(2));

        // 1200 units of 8 ms make 9.6 s; 2 s were dead, and the rest is finding out.
        Assert.True(pair.LastUnitAt < At(9.7 + 2 + 1.5), $"{pair.LastUnitAt}");
    }

    [Fact]
    [Spec("4.5-6")]
    public void An_outage_of_90_minutes_ends_without_a_handshake_and_within_a_probe()
    {
        PathOptions path = LeoPath with { IsDead = now => now > At(1) && now < At(5401) };
        using SessionPair pair = new(Leo, path, path, seed: 0x32);
        pair.Offer(1000);
        pair.Run(TimeSpan.FromSeconds(5400));
        long bytesInTheDark = pair.Forward.SentBytes;
        Assert.InRange(pair.A.Statistics.ProbesSent, 100, 700);
        Assert.True(bytesInTheDark < 150_000, $"{bytesInTheDark}");
        Assert.InRange(pair.A.Statistics.UnitsRetransmitted, 0, 2); // By the probes that carry data.
        pair.Transfer(200, TimeSpan.FromMinutes(1), expected: 1200);
        Assert.True(pair.LastUnitAt < At(5401 + 10 + 10), $"{pair.LastUnitAt}");
    }

    [Fact]
    [Spec("4.5-3")]
    public void A_dead_return_path_bounds_the_sender_and_it_resumes()
    {
        PathOptions back = LeoPath with { IsDead = now => now > At(1) && now < At(600) };
        using SessionPair pair = new(Leo, LeoPath, back, seed: 0x33);
        pair.Offer(2000);
        pair.Run(TimeSpan.FromSeconds(590));
        Assert.True(pair.UnitsEnqueued < 300);
        Assert.False(pair.A.CanEnqueue);
        Assert.True(pair.Peak.A <= 236L * Leo.EffectiveWindowUnits);
        Assert.True(pair.Forward.SentBytes < 100_000, $"{pair.Forward.SentBytes}");
        pair.Transfer(0, TimeSpan.FromMinutes(5), expected: 2000);
        Assert.InRange(pair.A.Statistics.UnitsRetransmitted, 0, 70);
    }

    [Fact]
    public void Nothing_heard_for_the_idle_time_closes_with_TimedOut()
    {
        SessionOptions options = Leo with { IdleTimeout = TimeSpan.FromMinutes(10) };
        PathOptions path = LeoPath with { IsDead = now => now > At(1) };
        using SessionPair pair = new(options, path, path, seed: 0x34);
        pair.Offer(1000);
        pair.Run(TimeSpan.FromMinutes(11));
        Assert.Equal(2, pair.Told.Count(e => e.Kind == SessionEventKind.Closed && e.Error == LinkErrorCode.TimedOut));
        Assert.False(pair.A.IsDrained);
        Assert.Equal(Timestamp.Never, pair.A.NextDeadline);
    }

    [Fact]
    [Spec("4.5-4")]
    [Spec("4.7-1")]
    public void Without_a_return_path_units_go_out_once_and_the_end_three_times()
    {
        SessionOptions options = Leo with { HasReturnPath = false };
        PathOptions path = LeoPath with { Loss = 0.1 };
        using SessionPair pair = new(options, path, path, seed: 0x35);
        pair.Offer(1000);
        pair.Run(TimeSpan.FromMinutes(1));
        pair.A.SignalEnd(1000);
        pair.Run(TimeSpan.FromMinutes(1));
        Assert.True(pair.A.IsDrained);
        Assert.Equal(1003, pair.Forward.Sent);
        Assert.Equal(0, pair.Back.Sent);
        Assert.Equal(0, pair.A.BytesHeld);
        Assert.Equal(pair.Forward.Sent - pair.Forward.Lost, pair.B.Statistics.DatagramsReceived);
        Assert.InRange(pair.UnitsReceived, 850, 950);
        Assert.Equal(1000UL, pair.Told.Single(e => e.Kind == SessionEventKind.PeerEnded).TotalMessages);
        Assert.Equal(Timestamp.Never, pair.A.NextDeadline);
    }

    [Fact]
    [Spec("4.5-4")]
    public void Delivery_once_sends_nothing_again()
    {
        SessionOptions options = Leo with { Delivery = UnitDelivery.Once };
        PathOptions path = LeoPath with { Loss = 0.1 };
        using SessionPair pair = new(options, path, LeoPath, seed: 0x36);
        pair.Offer(1000);
        pair.Run(TimeSpan.FromMinutes(1));
        pair.A.SignalEnd(1000);
        pair.Run(TimeSpan.FromMinutes(1));
        Assert.True(pair.A.IsDrained);
        Assert.Equal((1000L, 0L), (pair.A.Statistics.UnitsSent, pair.A.Statistics.UnitsRetransmitted));
        Assert.InRange(pair.A.Statistics.SegmentsLost, 60, 140);
        Assert.Empty(pair.Acknowledged);
    }

    [Fact]
    [Spec("4.6-2")]
    public void A_reader_that_sleeps_loses_nothing_and_holds_no_more_than_the_options_say()
    {
        SessionOptions slow = Leo with { ReceiveBufferBytes = 10_000 };
        using SessionPair pair = new(Leo, LeoPath, LeoPath, seed: 0x37, optionsOfB: slow) { ReaderIsAwake = false };
        pair.Offer(500);
        pair.Run(TimeSpan.FromSeconds(30));
        Assert.True(pair.Peak.B < 10_000 + 512);
        Assert.True(pair.B.Statistics.Overflowed > 0);
        pair.ReaderIsAwake = true;
        pair.Transfer(0, TimeSpan.FromMinutes(2), expected: 500);
    }

    private static Timestamp At(double seconds) => Timestamp.Zero + TimeSpan.FromSeconds(seconds);
}
