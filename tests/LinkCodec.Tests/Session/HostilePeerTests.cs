using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>Datagrams from someone without the key, and segments from someone with the key and bad manners.</summary>
public sealed class HostilePeerTests
{
    private static readonly SessionOptions Options =
        new() { Rate = new DataRate(10_000_000), OneWayDelay = TimeSpan.FromMilliseconds(5), MaxDatagramSize = 256 };
    private static readonly PathOptions Path = new() { Delay = TimeSpan.FromMilliseconds(5), Rate = Options.Rate };

    [Fact]
    [Spec("4.6-1")]
    public void Three_hundred_thousand_mutated_datagrams_deliver_nothing_and_take_no_memory()
    {
        const ulong seed = 0x71;
        using SessionPair pair = new(Options, Path, Path, seed, keepLog: true);
        pair.Transfer(200, TimeSpan.FromMinutes(1));
        RandomSource random = RandomSource.FromSeed(seed);
        byte[] mutated = new byte[512];
        byte[][] log = [.. pair.Forward.Log!];
        SessionStatistics before = pair.B.Statistics;
        Mutate(pair, random, log, mutated, 1000);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Mutate(pair, random, log, mutated, 299_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 4096);

        SessionStatistics after = pair.B.Statistics;
        Assert.Equal(300_000, after.Forged + after.Replayed - before.Forged - before.Replayed);
        Assert.Equal(before.UnitsReceived, after.UnitsReceived);
        Assert.False(pair.B.TryTakeEvent(out _));
        Assert.False(pair.B.IsClosed);
        Assert.Equal(200, pair.UnitsReceived);
    }

    [Fact]
    [Spec("4.1-1")]
    public void Authentic_random_segments_never_throw_and_hold_bounded_memory()
    {
        const ulong seed = 0x72;
        RandomSource random = RandomSource.FromSeed(seed);
        byte[] plaintext = new byte[200];
        byte[] datagram = new byte[256];
        for (int round = 0; round < 2000; round++)
        {
            using SessionPair pair = new(Options, Path, Path, seed + (ulong)round);
            PlainProtector peer = new(seed + (ulong)round, ~(seed + (ulong)round));
            for (int i = 0; i < 50 && !pair.B.IsClosed; i++)
            {
                int length = (int)(random.NextUInt64() % 40);
                random.Fill(plaintext.AsSpan(0, length));
                if (length > 0)
                {
                    plaintext[0] = (byte)(0x10 + (plaintext[0] % 8)); // Mostly something that gets through.
                }

                int sealedLength = peer.Seal(plaintext.AsSpan(0, length), datagram);
                pair.B.OnDatagram(datagram.AsSpan(0, sealedLength), pair.Now);
                pair.B.OnTimeout(pair.Now);
            }

            Assert.True(pair.B.BytesHeld < 50 * (40 + 64), $"seed {seed:x}, round {round}");
        }
    }

    [Fact]
    [Spec("4.6-2")]
    public void A_flood_of_empty_control_maps_stops_at_the_receive_buffer()
    {
        SessionOptions options = Options with { ReceiveBufferBytes = 20_000 };
        using SessionPair pair = new(options, Path, Path, seed: 0x73);
        PlainProtector peer = new(0x73, ~0x73UL);
        byte[] flood = new byte[236];
        for (int i = 0; i < flood.Length; i += 2)
        {
            flood[i] = (byte)FrameType.Control;
        }

        byte[] datagram = new byte[256];
        for (int i = 0; i < 10_000; i++)
        {
            pair.B.OnDatagram(datagram.AsSpan(0, peer.Seal(flood, datagram)), pair.Now);
        }

        int events = 0;
        while (pair.B.TryTakeEvent(out _))
        {
            events++;
        }

        Assert.InRange(events, 300, 313);
    }

    [Fact]
    [Spec("4.6-2")]
    public void A_flood_of_units_of_many_empty_frames_stops_at_the_receive_buffer()
    {
        const int bound = 200_000;
        using SessionPair pair = new(Options with { ReceiveBufferBytes = bound }, Path, Path, seed: 0x75);
        PlainProtector peer = new(0x75, ~0x75UL);
        byte[] flood = new byte[234];
        byte[] datagram = new byte[256];
        for (byte i = 0; i < 64; i++)
        {
            for (int at = 0; at < flood.Length; at += 3)
            {
                (flood[at], flood[at + 1], flood[at + 2]) = ((byte)FrameType.StoredWithLength, 1, i);
            }

            pair.B.OnDatagram(datagram.AsSpan(0, peer.Seal(flood, datagram)), pair.Now);
        }

        int frames = 0;
        while (pair.B.TryTakeEvent(out SessionEvent e))
        {
            frames += e.Frames.Count;
        }

        Assert.InRange(frames, flood.Length / 3, bound / 64);
        Assert.True(pair.B.Statistics.Overflowed > 0);
        Assert.Equal(0, pair.B.BytesHeld);
    }

    [Fact]
    [Spec("4.6-3")]
    public void The_memory_of_units_is_bounded_whatever_numbers_the_peer_uses()
    {
        ReceivedUnits units = new();
        RandomSource random = RandomSource.FromSeed(0x74);
        for (int i = 0; i < 100_000; i++)
        {
            units.TryAdd(new UnitPosition(random.NextUInt64() >> 2, 1), null);
        }

        Assert.InRange(units.Count, 65_536, 81_920);
    }

    private static void Mutate(SessionPair pair, RandomSource random, byte[][] log, byte[] mutated, int times)
    {
        for (int i = 0; i < times; i++)
        {
            byte[] original = log[random.NextUInt64() % (ulong)log.Length];
            original.CopyTo(mutated, 0);
            int length = original.Length;
            switch (random.NextUInt64() % 4)
            {
                case 0:
                    mutated[random.NextUInt64() % (ulong)length] ^= (byte)(1 << (i & 7));
                    break;
                case 1:
                    length = (int)(random.NextUInt64() % (ulong)length);
                    break;
                case 2:
                    random.Fill(mutated.AsSpan(length, 16));
                    length += 1 + (i & 15);
                    break;
                default:
                    random.Fill(mutated.AsSpan((int)(random.NextUInt64() % (ulong)length), 4));
                    break;
            }

            pair.B.OnDatagram(mutated.AsSpan(0, length), pair.Now);
        }
    }
}
