using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

/// <summary>
/// 200,000 damaged datagrams: nothing is delivered, nothing throws, and the good ones still work afterwards.
/// </summary>
[Spec("2.4-1")]
[Spec("3.4-2")]
public sealed class MutatedDatagramTests
{
    private const ulong Seed = 4_242;

    [Theory]
    [InlineData(HandshakePattern.KKpsk0)]
    [InlineData(HandshakePattern.XX)]
    public void Handshakes_take_none_of_25_000_mutated_datagrams(HandshakePattern pattern)
    {
        RandomSource random = RandomSource.FromSeed(Seed);
        using HandshakeInitiator initiator = new(Initiator(pattern));
        using HandshakeResponder responder = new(Responder(pattern));
        byte[] initiate = initiator.Transmit()!;
        byte[] respond = responder.Answer(initiate).Reply;
        byte[] refuse = HandshakeRefusal.Write(Responder(pattern) with { PeerKey = Alice.PublicKey },
            LinkErrorCode.SnapshotMismatch, initiate[2], initiate);
        byte[][] good = pattern == HandshakePattern.XX ? [respond] : [initiate, respond, refuse];
        for (int i = 0; i < 25_000; i++)
        {
            byte[] bad = Mutate(good[i % good.Length], random);
            Assert.False(good.Any(g => g.AsSpan().SequenceEqual(bad)), $"seed {Seed}, step {i}: not damaged");
            Assert.True(initiator.OnDatagram(bad) is HandshakeStatus.Ignored or HandshakeStatus.InProgress,
                $"seed {Seed}, step {i}");
            Assert.False(initiator.TryTakeOutcome(out _), $"seed {Seed}, step {i}");
            Assert.False(responder.Answer(bad).Outcome is EstablishedKeys && pattern != HandshakePattern.XX,
                $"seed {Seed}, step {i}");
        }

        Assert.Equal(HandshakeStatus.Established, initiator.OnDatagram(respond));
    }

    [Fact]
    public void An_opener_takes_none_of_150_000_mutated_datagrams()
    {
        RandomSource random = RandomSource.FromSeed(Seed);
        byte[] key = new byte[32];
        using SegmentSealer sealer = new(key, 5);
        using SegmentOpener opener = new(key, 5);
        byte[] segment = new byte[60];
        Assert.True(sealer.TrySeal(new byte[40], segment, out _, out _));
        byte[] plain = new byte[200];
        for (int i = 0; i < 150_000; i++)
        {
            byte[] bad = Mutate(segment, random);
            plain.AsSpan().Fill(0xEE);
            Assert.False(opener.TryOpen(bad, plain, out _, out _), $"seed {Seed}, step {i}");
            Assert.True(plain.AsSpan(0, Math.Max(0, bad.Length - 20)).IndexOfAnyExcept((byte)0) < 0,
                $"seed {Seed}, step {i}: plaintext leaks");
        }

        Assert.Null(opener.HighestCounter);
        Assert.Equal(150_000, opener.RejectedCount);
        Assert.True(opener.TryOpen(segment, plain, out _, out _));
    }

    private static byte[] Mutate(byte[] good, RandomSource random)
    {
        ulong dice = random.NextUInt64();
        int at = (int)((dice >> 8) % (ulong)good.Length);
        byte[] bad;
        switch (dice & 7)
        {
            case 0:
                return good[..at];
            case 1:
                bad = [.. good, .. new byte[1 + at]];
                random.Fill(bad.AsSpan(good.Length));
                return bad;
            case 2:
                bad = new byte[at];
                random.Fill(bad);
                return bad;
            default:
                bad = (byte[])good.Clone();
                bad[at] ^= (byte)(1 + (dice >> 40) % 255);
                for (ulong i = 0; i < (dice >> 3 & 3); i++)
                {
                    ulong more = random.NextUInt64();
                    int where = (int)(more % (ulong)bad.Length);
                    bad[where] = where == at ? bad[where] : (byte)(more >> 32);
                }

                return bad;
        }
    }
}
