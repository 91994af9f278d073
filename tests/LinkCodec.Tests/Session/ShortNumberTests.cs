using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>Units that say eight bits of their message's number, through whole sessions.</summary>
[Spec("4.3-7")]
public sealed class ShortNumberTests
{
    private const ulong Seed = 0xA1;

    private static readonly SessionOptions Options = new()
    {
        OneWayDelay = TimeSpan.FromMilliseconds(10),
        MaxDatagramSize = 256,
    };
    private static readonly PathOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void A_unit_that_was_lost_is_sent_again_with_its_number_in_full()
    {
        using SessionPair pair = new(Options, Path with { Drops = n => n == 3 }, Path, Seed, keepLog: true)
        {
            SaysNumbersInShort = true,
        };
        pair.Transfer(20, TimeSpan.FromMinutes(1));
        Assert.Equal(1, pair.A.Statistics.UnitsRetransmitted);
        List<DataFrame> came = Units(pair);
        Assert.Equal(20, came.Count);
        Assert.Equal(3UL, Assert.Single(came, frame => !frame.IsShort).FirstMessage);
    }

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.2, 1)]
    [InlineData(0.0, 40)]
    [InlineData(0.3, 200)]
    public void Every_number_is_right_and_no_unit_comes_twice_whatever_the_path_does(double loss, int shuffled)
    {
        PathOptions path = Path with { Loss = loss, Duplicate = 0.2, ShuffleWindow = shuffled };
        using SessionPair pair = new(Options, path, path, Seed, keepLog: true) { SaysNumbersInShort = true };
        pair.Transfer(3_000, TimeSpan.FromMinutes(30));
        Assert.True(Units(pair).Count(frame => frame.IsShort) > 100);
    }

    [Fact]
    [Spec("4.5-2")]
    public void A_unit_that_comes_in_two_segments_is_given_out_once()
    {
        using LiveSession session = new(Options, new PlainProtector(1, 2), Timestamp.Zero);
        PlainProtector peer = new(2, 1);
        Assert.Equal([5UL], Give(session, peer, "8005ABCD01"));
        Assert.Empty(Give(session, peer, "9005ABCD01"));
        Assert.Equal([6UL], Give(session, peer, "8006ABCD01"));
        Assert.Equal(1, session.Statistics.UnitsDuplicate);
    }

    [Fact]
    public void A_segment_too_late_to_tell_its_number_is_not_reported_so_that_its_unit_comes_again()
    {
        using LiveSession session = new(Options, new PlainProtector(1, 2), Timestamp.Zero);
        PlainProtector peer = new(2, 1);
        byte[] late = new byte[256];
        int length = peer.Seal(Convert.FromHexString("8000ABCD01"), late);
        for (int i = 100; i < 400; i++)
        {
            Assert.Equal([(ulong)i], Give(session, peer, $"90{0x4000 + i:X4}ABCD01"));
        }

        Assert.Equal(SegmentStatus.Opened, session.OnDatagram(late.AsSpan(0, length), Timestamp.Zero));
        Assert.Equal(1, session.Statistics.Overflowed);
        Assert.False(session.TryTakeEvent(out _));
        Assert.Equal([0UL], Give(session, peer, "9000ABCD01"));
    }

    private static List<ulong> Give(LiveSession session, PlainProtector peer, string hex)
    {
        byte[] datagram = new byte[256];
        int length = peer.Seal(Convert.FromHexString(hex), datagram);
        session.OnDatagram(datagram.AsSpan(0, length), Timestamp.Zero);
        List<ulong> given = [];
        while (session.TryTakeEvent(out SessionEvent e))
        {
            given.Add(Assert.Single(e.Frames).FirstMessage);
        }

        return given;
    }

    // The data frames of the segments that arrived, as they stood in them.
    private static List<DataFrame> Units(SessionPair pair)
    {
        PlainProtector spy = new(0, Seed);
        byte[] plaintext = new byte[256];
        List<DataFrame> frames = [];
        foreach (byte[] datagram in pair.Forward.Log!)
        {
            if (spy.TryOpen(datagram, plaintext, out int length, out _) == SegmentStatus.Opened
                && Segment.TryRead(plaintext.AsMemory(0, length), out Segment segment))
            {
                frames.AddRange(segment.Unit);
            }
        }

        return frames;
    }
}
