using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Session.Support;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

public sealed class LiveSessionTests
{
    private static readonly SessionOptions Options = new()
    {
        OneWayDelay = TimeSpan.FromMilliseconds(10),
        MaxDatagramSize = 256,
    };
    private static readonly PathOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    [Spec("4.3-3")]
    public void Enqueue_refuses_what_is_no_unit_or_too_long()
    {
        using SessionPair pair = new(Options, Path, Path, seed: 0x91);
        Assert.Equal(236, pair.A.MaxUnitSize);
        Assert.Throws<ArgumentException>(() => pair.A.Enqueue([], 0, 0));
        Assert.Throws<ArgumentException>(() => pair.A.Enqueue([(byte)FrameType.Ping], 0, 0));
        Assert.Throws<ArgumentException>(() => pair.A.Enqueue([.. pair.Unit(0), 0], 0, 0));
        pair.A.Enqueue(pair.Unit(6), 0, 6);
        pair.A.SignalEnd(7);
        Assert.Throws<InvalidOperationException>(() => pair.A.Enqueue(pair.Unit(7), 0, 7));
        Assert.Throws<InvalidOperationException>(() => pair.A.SignalEnd(7));
        Assert.Throws<ArgumentException>(() => pair.A.TryTransmit(new byte[255], pair.Now, out _));
    }

    [Fact]
    [Spec("4.5-3")]
    public void The_window_counts_units_and_bytes()
    {
        using SessionPair units = new(Options with { WindowUnits = 10 }, Path, Path, seed: 0x92);
        units.Offer(100);
        units.Pump();
        Assert.Equal(10UL, units.UnitsEnqueued);
        using SessionPair bytes = new(Options with { WindowBytes = 1000 }, Path, Path, seed: 0x93);
        bytes.Offer(100);
        bytes.Pump();
        Assert.Equal(5UL, bytes.UnitsEnqueued);
    }

    [Fact]
    public void Options_out_of_their_range_throw()
    {
        SessionOptions[] wrong =
        [
            new() { MaxDatagramSize = 63 }, new() { MaxDatagramSize = 65_508 },
            new() { OneWayDelay = TimeSpan.FromTicks(-1) }, new() { OneWayDelay = TimeSpan.FromHours(1) },
            new() { IdleTimeout = TimeSpan.Zero }, new() { WindowUnits = 65_537 }, new() { WindowBytes = -1 },
            new() { ReceiveBufferBytes = 10 }, new() { PaddingBucket = 1201 }, new() { Rate = new DataRate(-1) },
        ];
        Assert.All(wrong,
            o => Assert.Throws<ArgumentException>(() => new LiveSession(o, new PlainProtector(0, 0), Timestamp.Zero)));
    }

    [Fact]
    public void Padding_makes_every_length_a_multiple_of_the_bucket_and_units_arrive_unchanged()
    {
        using SessionPair pair = new(Options with { PaddingBucket = 59 }, Path, Path, seed: 0x94, keepLog: true)
        {
            UnitSize = 70,
        };
        pair.Transfer(50, TimeSpan.FromMinutes(1));
        Assert.All(pair.Forward.Log!, d => Assert.Equal(0, (d.Length - 20) % 59));
    }

    [Fact]
    public void The_same_seed_gives_the_same_datagrams()
    {
        PathOptions lossy = Path with { Loss = 0.2, ShuffleWindow = 10 };
        using SessionPair one = new(Options, lossy, lossy, seed: 0x95, keepLog: true);
        using SessionPair two = new(Options, lossy, lossy, seed: 0x95, keepLog: true);
        one.Transfer(500, TimeSpan.FromMinutes(5));
        two.Transfer(500, TimeSpan.FromMinutes(5));
        Assert.Equal(one.Forward.Log!.Select(Convert.ToHexString), two.Forward.Log!.Select(Convert.ToHexString));
        Assert.Equal(one.Back.Log!.Select(Convert.ToHexString), two.Back.Log!.Select(Convert.ToHexString));
    }

    [Fact]
    public void The_smallest_datagrams_carry_units_reports_and_the_end()
    {
        SessionOptions small = Options with { MaxDatagramSize = 64, Rate = new DataRate(300) };
        PathOptions lossy = Path with { Loss = 0.2, Rate = small.Rate };
        using SessionPair pair = new(small, lossy, lossy, seed: 0x96) { UnitSize = 44 };
        pair.Transfer(300, TimeSpan.FromHours(2));
    }

    [Fact]
    public void Dispose_in_mid_send_lets_go_of_the_units_and_the_keys()
    {
        PlainProtector protector = new(1, 2);
        LiveSession session = new(Options, protector, Timestamp.Zero);
        session.Enqueue(Unit(), 0, 0);
        byte[] datagram = new byte[256];
        Assert.True(session.TryTransmit(datagram, Timestamp.Zero, out _));
        Assert.Equal(100, session.BytesHeld);
        session.Dispose();
        session.Dispose();
        Assert.Equal(0, session.BytesHeld);
        Assert.Equal(Timestamp.Never, session.NextDeadline);
        Assert.True(protector.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => session.OnDatagram(datagram, Timestamp.Zero));
    }

    [Fact]
    [Spec("4.6-1")]
    public void A_datagram_is_forged_replayed_or_opened_also_after_the_close()
    {
        using LiveSession session = new(Options, new PlainProtector(1, 2), Timestamp.Zero);
        PlainProtector peer = new(2, 1);
        byte[] first = new byte[256];
        int length = peer.Seal([(byte)FrameType.Ping], first);
        Assert.Equal(SegmentStatus.Forged, session.OnDatagram(Unit(), Timestamp.Zero));
        Assert.Equal(SegmentStatus.Opened, session.OnDatagram(first.AsSpan(0, length), Timestamp.Zero));
        Assert.Equal(SegmentStatus.Replayed, session.OnDatagram(first.AsSpan(0, length), Timestamp.Zero));
        byte[] malformed = new byte[256];
        Assert.Equal(SegmentStatus.Opened,
            session.OnDatagram(malformed.AsSpan(0, peer.Seal([0x3F], malformed)), Timestamp.Zero));
        Assert.True(session.IsClosed);
        byte[] late = new byte[256];
        Assert.Equal(SegmentStatus.Opened, session.OnDatagram(late.AsSpan(0, peer.Seal([0x3F], late)), Timestamp.Zero));
        SessionStatistics said = session.Statistics;
        Assert.Equal((5, 1, 1, 1), (said.DatagramsReceived, said.Forged, said.Replayed, said.Malformed));
    }

    [Fact]
    public void Silence_is_probed_and_counted()
    {
        using LiveSession session = new(Options, new PlainProtector(1, 2), Timestamp.Zero);
        session.Enqueue(Unit(), 0, 0);
        Assert.True(session.TryTransmit(new byte[256], Timestamp.Zero, out _));
        Assert.Equal(0, session.Statistics.ProbesSent);
        session.OnTimeout(session.NextDeadline);
        Assert.Equal(1, session.Statistics.ProbesSent);
    }

    [Fact]
    public void An_idle_session_with_a_large_window_takes_little_memory()
    {
        using HandshakeInitiator initiator = new(Initiator());
        using HandshakeResponder responder = new(Responder());
        initiator.OnDatagram(responder.Answer(initiator.Transmit()!).Reply);
        using EstablishedKeys keys = initiator.Outcome<EstablishedKeys>();
        SessionOptions options = new() { WindowUnits = SessionOptions.MaxWindowUnits };
        long before = GC.GetAllocatedBytesForCurrentThread();
        using LiveSession session = new(options, keys, Timestamp.Zero);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_500);
    }

    private static byte[] Unit()
    {
        byte[] unit = new byte[100];
        DataFrameWriter.Write(unit, StoredContent.FrameOf(0, 1, default), toEnd: true);
        return unit;
    }
}
