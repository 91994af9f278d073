using LinkCodec.Core.Erasure;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>A peer with the keys whose repairs, repetitions and reports are not what they should be.</summary>
public sealed class HostileRepairTests
{
    private const ulong Seed = 0xC1;
    private static readonly byte[] Unit = [(byte)FrameType.Stored, 7, .. "seven"u8];

    private readonly PlainProtector _peer = new(Seed, ~Seed);
    private readonly LiveSession _session = new(
        new SessionOptions
        {
            Rate = new DataRate(20_000_000),
            OneWayDelay = TimeSpan.FromMilliseconds(300),
            Redundancy = SessionOptions.AdaptiveRedundancy,
        },
        new PlainProtector(~Seed, Seed), Timestamp.Zero);

    [Fact]
    [Spec("15.3-2")]
    public void A_lost_segment_is_delivered_from_a_repair()
    {
        RepairMaker maker = Lose(Unit);
        Give(Repair(maker));
        Assert.Equal(Unit[2..], Delivered());
        Assert.Equal(1, _session.Statistics.SegmentsRecovered);
    }

    [Theory]
    [Spec("15.3-3")]
    [InlineData("3f")] // No type of frame.
    [InlineData("060512")] // An AGAIN, which enters no repair.
    [InlineData("18010000000161")] // A repair.
    [InlineData("1207")] // A stored message whose unit is fine: see below.
    public void A_computed_segment_that_is_none_closes_the_session(string plaintext)
    {
        RepairMaker maker = Lose(Convert.FromHexString(plaintext));
        Give(Repair(maker));
        Assert.Equal(plaintext != "1207", _session.IsClosed);
        Assert.Equal(plaintext != "1207" ? 1 : 0, _session.Statistics.Malformed);
    }

    [Fact]
    [Spec("15.2-1")]
    public void A_repair_that_reaches_below_the_first_segment_closes_the_session()
    {
        Give([(byte)FrameType.Repair, 1, 0, 0, 0, 1, 0x61]);
        Assert.True(_session.IsClosed);
    }

    [Fact]
    [Spec("15.5-2")]
    public void Recovered_segments_that_were_never_sent_close_the_session()
    {
        Give([(byte)FrameType.Recovered, 1, 0, 0]);
        Assert.True(_session.IsClosed);
    }

    [Fact]
    [Spec("15.4-2")]
    public void A_unit_that_comes_again_solves_what_its_first_segment_entered()
    {
        RepairMaker maker = Lose(Unit);
        byte[] other = [(byte)FrameType.Stored, 8, .. "eight"u8];
        maker.Add(_peer.NextCounter, other);
        Seal(other); // Lost too: one repair is not enough for both.
        Give(Repair(maker));
        Assert.Empty(Delivered());
        Give([(byte)FrameType.Again, 3, .. Unit]);
        Assert.Equal([.. Unit[2..], .. other[2..]], Delivered());
    }

    [Fact]
    public void An_again_that_names_no_segment_is_left_alone()
    {
        Give([(byte)FrameType.Again, 50, .. Unit]);
        Assert.Equal(Unit[2..], Delivered());
        Assert.False(_session.IsClosed);
    }

    [Fact]
    [Spec("4.4-4")]
    public void A_segment_that_is_computed_late_is_reported_in_a_report_of_its_own()
    {
        RepairMaker maker = Lose(Unit);
        for (int i = 0; i < 240; i++)
        {
            maker.Add(_peer.NextCounter, (byte[])[(byte)FrameType.Ping]);
            Give([(byte)FrameType.Ping]);
        }

        Reported();
        Give(Repair(maker));
        Assert.Contains(1UL, Reported());
    }

    // The counters below 200 that a report names.
    private HashSet<ulong> Reported()
    {
        HashSet<ulong> named = [];
        byte[] datagram = new byte[1200], plaintext = new byte[1200];
        while (_session.TryTransmit(datagram, Timestamp.Zero + TimeSpan.FromSeconds(1), out int length))
        {
            Assert.Equal(SegmentStatus.Opened,
                _peer.TryOpen(datagram.AsSpan(0, length), plaintext, out int size, out _));
            Assert.True(Segment.TryRead(plaintext.AsMemory(0, size), out Segment segment));
            named.UnionWith(segment.Frames.Where(f => f.Type == FrameType.Report && f.Value < 200)
                .Select(f => f.Value));
        }

        return named;
    }

    private RepairMaker Lose(byte[] plaintext)
    {
        Give([(byte)FrameType.Ping]); // Counter 0; what is lost has counter 1.
        RepairMaker maker = new();
        maker.Add(0, (byte[])[(byte)FrameType.Ping]);
        maker.Add(1, plaintext);
        Seal(plaintext);
        return maker;
    }

    private byte[] Repair(RepairMaker maker)
    {
        Assert.True(maker.TryMake(_peer.NextCounter, 0, 1100, out RepairFrame repair));
        byte[] plaintext = new byte[1200];
        FrameWriter writer = new(plaintext);
        Assert.True(writer.TryWriteRepair(repair));
        return plaintext[..writer.Written];
    }

    private void Give(byte[] plaintext) => _session.OnDatagram(Seal(plaintext), Timestamp.Zero);

    private byte[] Seal(byte[] plaintext)
    {
        byte[] datagram = new byte[1300];
        return datagram[.._peer.Seal(plaintext, datagram)];
    }

    private byte[] Delivered()
    {
        List<byte> bytes = [];
        while (_session.TryTakeEvent(out SessionEvent e))
        {
            foreach (DataFrame frame in e.Frames)
            {
                bytes.AddRange(frame.Payload.Span);
            }
        }

        return [.. bytes];
    }
}
