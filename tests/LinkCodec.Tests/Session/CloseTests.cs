using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

public sealed class CloseTests
{
    private static readonly SessionOptions Options = new()
    {
        OneWayDelay = TimeSpan.FromMilliseconds(10),
        MaxDatagramSize = 256,
    };
    private static readonly PathOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void Close_reaches_the_peer_with_its_code_and_text_cut_to_64_bytes()
    {
        using SessionPair pair = new(Options, Path, Path, seed: 0x61);
        pair.A.Close(LinkErrorCode.LimitExceeded, pair.Now, new string('ü', 40));
        pair.Run(TimeSpan.FromSeconds(5));
        SessionEvent told = pair.Told.Single(e => e.ByPeer);
        Assert.Equal((LinkErrorCode.LimitExceeded, new string('ü', 32)), (told.Error, told.Text));
        Assert.True(pair.A.IsClosed && pair.B.IsClosed);
        Assert.Equal(1, pair.Forward.Sent);
        Assert.Equal(1, pair.Back.Sent);
        Assert.False(pair.B.CanEnqueue);
        Assert.Throws<InvalidOperationException>(() => pair.B.Enqueue(pair.Unit(0), 0, 0));
    }

    [Fact]
    [Spec("4.7-3")]
    public void A_lost_close_is_said_again_to_a_peer_that_goes_on_but_not_to_each_of_its_segments()
    {
        using SessionPair pair = new(Options, Path, Path with { Drops = n => n < 2 }, seed: 0x62);
        pair.B.Close(LinkErrorCode.Canceled, pair.Now);
        pair.Pump();
        pair.Offer(20);
        pair.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(LinkErrorCode.Canceled, pair.Told.Single(e => e.ByPeer).Error);

        using SessionPair deaf = new(Options, Path, Path with { IsDead = _ => true }, seed: 0x63);
        deaf.B.Close(LinkErrorCode.Canceled, deaf.Now);
        deaf.Offer(200);
        deaf.Run(TimeSpan.FromSeconds(60));
        Assert.InRange(deaf.Back.Sent, 8, 60);
    }

    [Theory]
    [Spec("4.7-3")]
    [Spec("4.7-4")]
    [InlineData(3, 0)]
    [InlineData(0, 3)]
    [InlineData(2, 2)]
    public void An_end_says_close_until_it_is_answered_and_then_both_are_silent(int closesLost, int answersLost)
    {
        PathOptions forward = Path with { Drops = n => n < closesLost };
        PathOptions back = Path with { Drops = n => n < answersLost };
        using SessionPair pair = new(Options, forward, back, seed: 0x6A);
        pair.A.Close(LinkErrorCode.Closed, pair.Now);
        pair.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(LinkErrorCode.Closed, pair.Told.Single(e => e.ByPeer).Error);
        Assert.Equal(closesLost + answersLost + 1, pair.Forward.Sent);
        Assert.Equal(answersLost + 1, pair.Back.Sent);
        Assert.Equal((Timestamp.Never, Timestamp.Never), (pair.A.NextDeadline, pair.B.NextDeadline));
    }

    [Fact]
    [Spec("4.7-3")]
    public void A_peer_that_asks_for_hours_without_hearing_a_close_is_answered_all_the_time()
    {
        using SessionPair pair = new(Options, Path,
            Path with { IsDead = now => now < Timestamp.Zero + TimeSpan.FromMinutes(90) }, seed: 0x6E);
        pair.B.Close(LinkErrorCode.Closed, pair.Now);
        pair.Offer(20);
        pair.Run(TimeSpan.FromMinutes(100));
        Assert.Equal(LinkErrorCode.Closed, pair.Told.Single(e => e.ByPeer).Error);
        Assert.InRange(pair.Back.Sent, 9, 2000);
    }

    [Fact]
    [Spec("4.7-3")]
    public void An_end_that_is_never_answered_gives_up_within_half_a_minute()
    {
        using SessionPair pair = new(Options, Path with { IsDead = _ => true }, Path, seed: 0x6B);
        pair.A.Close(LinkErrorCode.Closed, pair.Now);
        pair.Run(TimeSpan.FromSeconds(30));
        Assert.InRange(pair.Forward.Sent, 6, 8);
        Assert.Equal(Timestamp.Never, pair.A.NextDeadline);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_end_that_leaves_says_close_three_times_at_once_and_waits_for_nothing(bool isClosedBefore)
    {
        using SessionPair pair = new(Options with { Rate = new DataRate(300) }, Path, Path, seed: 0x6F);
        if (isClosedBefore)
        {
            pair.A.Close(LinkErrorCode.LimitExceeded, pair.Now);
            pair.Pump();
        }

        byte[] datagram = new byte[256];
        pair.A.Leave(LinkErrorCode.Canceled, pair.Now, "gone");
        for (int i = 0; i < 3; i++)
        {
            Assert.True(pair.A.TryTransmit(datagram, Timestamp.Never, out int length));
            pair.B.OnDatagram(datagram.AsSpan(0, length), pair.Now);
        }

        Assert.False(pair.A.TryTransmit(datagram, Timestamp.Never, out _));
        Assert.Equal(Timestamp.Never, pair.A.NextDeadline);
        pair.TakeEvents();
        LinkErrorCode firstCause = isClosedBefore ? LinkErrorCode.LimitExceeded : LinkErrorCode.Canceled;
        Assert.Equal(firstCause, pair.Told.Single(e => e.ByPeer).Error);
    }

    [Fact]
    public void An_end_that_leaves_a_peer_that_does_not_know_it_says_nothing()
    {
        using SessionPair pair = new(Options, Path, Path, seed: 0x60);
        pair.A.Abandon(LinkErrorCode.Canceled, pair.Now, "unknown");
        pair.A.Leave(LinkErrorCode.Canceled, pair.Now);
        Assert.False(pair.A.TryTransmit(new byte[256], Timestamp.Never, out _));
    }

    [Fact]
    [Spec("4.2-4")]
    public void An_older_control_does_not_undo_a_newer_one()
    {
        using SessionPair pair = new(Options, Path, Path, seed: 0x6C);
        PlainProtector peer = new(0x6C, ~0x6CUL);
        byte[] older = new byte[256];
        byte[] newer = new byte[256];
        int olderLength = peer.Seal(Convert.FromHexString("0403810100"), older);
        int newerLength = peer.Seal(Convert.FromHexString("0403810101"), newer);
        pair.B.OnDatagram(newer.AsSpan(0, newerLength), pair.Now);
        pair.B.OnDatagram(older.AsSpan(0, olderLength), pair.Now);
        Assert.True(pair.B.TryTakeEvent(out SessionEvent told));
        Assert.Equal([0x81, 0x01, 0x01], told.Control);
        Assert.False(pair.B.TryTakeEvent(out _));
    }

    [Fact]
    [Spec("4.6-2")]
    public void Units_that_are_held_back_come_again_until_the_gap_is_filled()
    {
        // The first unit is lost three times; meanwhile the receiver takes nothing beyond what is missing.
        PathOptions forward = Path with { Drops = n => n is 0 or 4 or 6 };
        using SessionPair pair = new(Options, forward, Path, seed: 0x6D) { UnitSize = 100 };
        pair.B.HoldBackUnitsFrom(1);
        pair.Offer(4);
        pair.Run(TimeSpan.FromSeconds(20), () => pair.UnitsReceived > 0);
        Assert.Equal(1, pair.UnitsReceived);
        Assert.True(pair.B.Statistics.Overflowed >= 3);
        pair.B.HoldBackUnitsFrom(ulong.MaxValue);
        pair.Transfer(0, TimeSpan.FromSeconds(60), expected: 4);
    }

    [Fact]
    public void The_first_cause_wins()
    {
        using SessionPair pair = new(Options, Path, Path, seed: 0x64);
        pair.A.Close(LinkErrorCode.Canceled, pair.Now);
        pair.A.Close(LinkErrorCode.LimitExceeded, pair.Now);
        pair.B.Close(LinkErrorCode.Closed, pair.Now);
        pair.Run(TimeSpan.FromSeconds(5));
        Assert.Equal([LinkErrorCode.Closed, LinkErrorCode.Canceled], pair.Told.Select(e => e.Error).Order());
    }

    [Fact]
    public void A_session_that_was_cut_off_is_not_drained()
    {
        using SessionPair pair = new(Options, Path with { IsDead = _ => true }, Path, seed: 0x65);
        pair.Offer(3);
        pair.Pump();
        Assert.False(pair.A.IsDrained);
        pair.A.Close(LinkErrorCode.Closed, pair.Now);
        Assert.False(pair.A.IsDrained);
    }

    [Theory]
    [Spec("4.1-1")]
    [InlineData("0507013F")]
    [InlineData("05071301001F")]
    [InlineData("05071000000000")]
    public void An_authentic_malformed_segment_closes_both_ends_and_none_of_it_counts(string hex)
    {
        using SessionPair pair = new(Options, Path, Path, seed: 0x66);
        Inject(pair, new PlainProtector(0x66, ~0x66UL), hex);
        pair.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(1, pair.B.Statistics.Malformed);
        Assert.All(pair.Told, e => Assert.Equal((SessionEventKind.Closed, LinkErrorCode.Malformed), (e.Kind, e.Error)));
        Assert.Equal(2, pair.Told.Count);
    }

    [Theory]
    [Spec("4.4-3")]
    [Spec("4.7-2")]
    [InlineData("020000")]
    [InlineData("05020503")]
    public void An_authentic_lie_closes_the_session(string hex)
    {
        using SessionPair pair = new(Options, Path, Path, seed: 0x67);
        Inject(pair, new PlainProtector(0x67, ~0x67UL), hex);
        Assert.True(pair.B.TryTakeEvent(out SessionEvent first));
        Assert.True(first.Kind == SessionEventKind.Closed
            || (pair.B.TryTakeEvent(out first) && first.Kind == SessionEventKind.Closed));
        Assert.Equal(LinkErrorCode.Malformed, first.Error);
    }

    [Theory]
    [Spec("9.1-2")]
    [InlineData("0300" + "00", LinkErrorCode.Canceled)]
    [InlineData("0311" + "00", LinkErrorCode.Canceled)]
    [InlineData("03FFFFFFFFFFFFFFFF" + "00", LinkErrorCode.Canceled)]
    [InlineData("0305" + "00", LinkErrorCode.NumericsMismatch)]
    public void A_close_code_that_is_not_known_still_ends_the_session(string hex, LinkErrorCode expected)
    {
        using SessionPair pair = new(Options, Path, Path, seed: 0x68);
        Inject(pair, new PlainProtector(0x68, ~0x68UL), hex);
        Assert.True(pair.B.TryTakeEvent(out SessionEvent e));
        Assert.Equal((SessionEventKind.Closed, expected, true), (e.Kind, e.Error, e.ByPeer));
    }

    [Fact]
    public void Control_maps_arrive_over_a_lossy_path_one_at_a_time()
    {
        PathOptions lossy = Path with { Loss = 0.4 };
        using SessionPair pair = new(Options, lossy, lossy, seed: 0x69);
        for (int i = 1; i <= 20; i++)
        {
            pair.A.SendControl([0x81, (byte)i, 0x00]);
            Assert.False(pair.A.CanSendControl);
            pair.Run(TimeSpan.FromMinutes(1), () => pair.A.CanSendControl);
            Assert.True(pair.Told.Count(e => e.Kind == SessionEventKind.ControlReceived) >= i);
        }

        Assert.True(pair.A.IsDrained);
    }

    private static void Inject(SessionPair pair, PlainProtector peer, string plaintext)
    {
        byte[] datagram = new byte[256];
        int length = peer.Seal(Convert.FromHexString(plaintext), datagram);
        pair.B.OnDatagram(datagram.AsSpan(0, length), pair.Now);
    }
}
