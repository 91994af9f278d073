using System.Security.Cryptography;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using Xunit;

namespace LinkCodec.Tests.Security;

public sealed class SegmentTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void Overhead_is_20_bytes_and_sealing_in_place_works()
    {
        using SegmentSealer sealer = new(Key, 3);
        using SegmentOpener opener = new(Key, 3);
        byte[] datagram = new byte[120];
        RandomNumberGenerator.Fill(datagram.AsSpan(4, 100));
        byte[] plain = datagram[4..104];
        Assert.True(sealer.TrySeal(datagram.AsSpan(4, 100), datagram, out _, out int length));
        Assert.Equal(120, length);
        byte[] opened = new byte[100];
        Assert.True(opener.TryOpen(datagram, opened, out _, out int size));
        Assert.Equal(plain, opened[..size]);
    }

    [Fact]
    [Spec("3.3-2")]
    public void No_two_segments_share_a_counter_even_after_a_mistake()
    {
        using SegmentSealer sealer = new(Key, 3);
        byte[] buffer = new byte[64];
        Assert.Throws<ArgumentException>(() => sealer.TrySeal(buffer.AsSpan(0, 40), buffer, out _, out _));
        Assert.True(sealer.TrySeal(default, buffer, out ulong first, out _));
        Assert.True(sealer.TrySeal(default, buffer, out ulong second, out _));
        Assert.Equal((1UL, 2UL, 3UL), (first, second, sealer.NextCounter));
        Assert.Throws<ArgumentException>(() => sealer.TrySeal(new byte[45], buffer, out _, out _));
        Assert.Equal(3UL, sealer.NextCounter);
    }

    [Fact]
    [Spec("3.3-3")]
    public void The_last_counter_is_used_and_then_no_more()
    {
        ulong lastEpoch = SegmentHeader.EpochOf(SegmentSealer.MaxCounter);
        using SegmentSealer sealer = new(new CipherState(Key), 3, SegmentSealer.MaxCounter, lastEpoch);
        using SegmentOpener opener = new(new CipherState(Key), 3, SegmentSealer.MaxCounter, lastEpoch);
        byte[] datagram = new byte[21];
        Assert.True(sealer.TrySeal("x"u8, datagram, out ulong counter, out _));
        Assert.Equal(SegmentSealer.MaxCounter, counter);
        Assert.True(opener.TryOpen(datagram, new byte[1], out _, out _));
        Assert.False(sealer.TrySeal("x"u8, datagram, out _, out int length));
        Assert.Equal(0, length);
        Assert.False(opener.TryOpen(datagram, new byte[1], out _, out _));
    }

    [Fact]
    [Spec("3.4-1")]
    public void Reordered_and_doubled_segments_arrive_once_each()
    {
        const ulong seed = 77;
        RandomSource random = RandomSource.FromSeed(seed);
        using SegmentSealer sealer = new(Key, 9, (1 << 20) - 500);
        using SegmentOpener opener = new(Key, 9, (1 << 20) - 500);
        List<byte[]> air = [];
        for (int i = 0; i < 1000; i++)
        {
            byte[] datagram = new byte[SegmentSealer.Overhead + 4];
            sealer.TrySeal(BitConverter.GetBytes(i), datagram, out _, out _);
            air.Add(datagram);
            air.Add(datagram);
        }

        for (int i = air.Count - 1; i > 0; i--)
        {
            int j = (int)(random.NextUInt64() % (ulong)(i + 1));
            (air[i], air[j]) = (air[j], air[i]);
        }

        HashSet<int> seen = [];
        byte[] plain = new byte[4];
        foreach (byte[] datagram in air)
        {
            if (opener.TryOpen(datagram, plain, out _, out _))
            {
                Assert.True(seen.Add(BitConverter.ToInt32(plain)), $"seed {seed}");
            }
        }

        Assert.Equal(1000, seen.Count);
        Assert.Equal(1000, opener.RejectedCount);
    }

    [Fact]
    [Spec("3.1-1")]
    public void Another_sessions_tag_and_a_handshake_datagram_are_not_opened()
    {
        using SegmentSealer sealer = new(Key, 3);
        using SegmentOpener opener = new(Key, 4);
        byte[] datagram = new byte[30];
        Assert.True(sealer.TrySeal(new byte[10], datagram, out _, out _));
        Assert.False(opener.TryOpen(datagram, new byte[10], out _, out _));
        datagram[0] &= 0x7F;
        Assert.False(opener.TryOpen(datagram, new byte[10], out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentSealer(Key, 128));
        Assert.Throws<ArgumentException>(() => new SegmentOpener(Key.AsSpan(1), 4));
    }

    [Fact]
    [Spec("3.4-1")]
    public void A_restarted_receiver_refuses_what_an_earlier_run_may_have_opened()
    {
        using SegmentSealer sealer = new(Key, 3, 99);
        using SegmentOpener restarted = new(Key, 3, firstCounter: 100);
        byte[] old = new byte[20];
        byte[] fresh = new byte[20];
        Assert.True(sealer.TrySeal(default, old, out _, out _));
        Assert.True(sealer.TrySeal(default, fresh, out _, out _));
        Assert.False(restarted.TryOpen(old, default, out _, out _));
        Assert.True(restarted.TryOpen(fresh, default, out _, out _));
        Assert.False(restarted.TryOpen(old, default, out _, out _));
    }

    [Fact]
    public void A_disposed_sealer_or_opener_has_no_key_left()
    {
        SegmentSealer sealer = new(Key, 3);
        byte[] datagram = new byte[20];
        Assert.True(sealer.TrySeal(default, datagram, out _, out _));
        sealer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sealer.TrySeal(default, datagram, out _, out _));
        SegmentOpener opener = new(Key, 3);
        opener.Dispose();
        Assert.Throws<ObjectDisposedException>(() => opener.TryOpen(datagram, default, out _, out _));
    }

    [Fact]
    public void Secret_buffers_are_zeroed_on_dispose()
    {
        SecretBuffer buffer = new(8);
        buffer.Span.Fill(7);
        buffer.Dispose();
        Assert.Equal(new byte[8], buffer.Span.ToArray());
    }
}
