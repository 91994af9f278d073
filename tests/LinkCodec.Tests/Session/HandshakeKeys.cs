using System.Buffers;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using NSec.Cryptography;
using Xunit;

namespace LinkCodec.Tests.Session;

/// <summary>Keys and snapshots that the handshake tests share, and the options of both sides.</summary>
internal static class HandshakeKeys
{
    internal static readonly Key Alice = Key.Create(KeyAgreementAlgorithm.X25519);
    internal static readonly Key Bob = Key.Create(KeyAgreementAlgorithm.X25519);
    internal static readonly Key Mallory = Key.Create(KeyAgreementAlgorithm.X25519);
    internal static readonly byte[] Psk = Enumerable.Repeat((byte)0x5A, 32).ToArray();
    internal static readonly SnapshotOffer A = Offer(1, 1);
    internal static readonly SnapshotOffer B = Offer(2, 1);
    internal static readonly SnapshotOffer BElsewhere = Offer(2, 9);

    public static TheoryData<HandshakePattern> TwoWay =>
        [HandshakePattern.KK, HandshakePattern.KKpsk0, HandshakePattern.IK, HandshakePattern.XX,
            HandshakePattern.NNpsk0];

    internal static SnapshotOffer Offer(byte name, byte fingerprint) =>
        new(Enumerable.Repeat(name, 32).ToArray(), Enumerable.Repeat(fingerprint, 32).ToArray());

    internal static HandshakeOptions Initiator(HandshakePattern pattern = HandshakePattern.KKpsk0, ulong seed = 1,
        params SnapshotOffer[] offers) => new()
        {
            Pattern = pattern,
            StaticKey = pattern == HandshakePattern.NNpsk0 ? null : Alice,
            PeerKey = pattern is HandshakePattern.NNpsk0 or HandshakePattern.XX ? null : Bob.PublicKey,
            Psk = pattern is HandshakePattern.NNpsk0 or HandshakePattern.KKpsk0 or HandshakePattern.Kpsk0 ? Psk : null,
            Snapshots = offers.Length == 0 ? [A] : offers,
            RandomSource = RandomSource.FromSeed(seed),
        };

    internal static HandshakeOptions Responder(HandshakePattern pattern = HandshakePattern.KKpsk0, ulong seed = 2,
        params SnapshotOffer[] offers) =>
            Initiator(pattern, seed, offers) with
            {
                StaticKey = pattern == HandshakePattern.NNpsk0 ? null : Bob,
                PeerKey = pattern is HandshakePattern.KK or HandshakePattern.KKpsk0 or HandshakePattern.K
                    or HandshakePattern.Kpsk0 ? Alice.PublicKey : null,
            };

    internal static byte[]? Transmit(this HandshakeInitiator initiator, Timestamp now = default)
    {
        ArrayBufferWriter<byte> writer = new();
        return initiator.TryTransmit(writer, now) ? writer.WrittenSpan.ToArray() : null;
    }

    internal static (HandshakeStatus Status, byte[] Reply, HandshakeOutcome? Outcome) Answer(
        this HandshakeResponder responder, ReadOnlySpan<byte> datagram, Timestamp now = default, ulong? source = null)
    {
        ArrayBufferWriter<byte> writer = new();
        HandshakeStatus status = responder.OnDatagram(datagram, now, writer, out HandshakeOutcome? outcome, source);
        return (status, writer.WrittenSpan.ToArray(), outcome);
    }

    internal static T Outcome<T>(this HandshakeInitiator initiator)
        where T : HandshakeOutcome
    {
        Assert.True(initiator.TryTakeOutcome(out HandshakeOutcome? outcome));
        Assert.False(initiator.TryTakeOutcome(out _));
        return Assert.IsType<T>(outcome);
    }

    /// <summary>Fails unless what one side seals the other opens, in every direction that both have.</summary>
    internal static void AssertTheyTalk(EstablishedKeys one, EstablishedKeys two)
    {
        Assert.Equal(one.HandshakeHash.ToArray(), two.HandshakeHash.ToArray());
        Assert.Equal(one.Snapshot.ShortId, two.Snapshot.ShortId);
        Assert.Equal((one.LocalTag, one.RemoteTag), (two.RemoteTag, two.LocalTag));
        foreach ((EstablishedKeys from, EstablishedKeys to) in new[] { (one, two), (two, one) })
        {
            Assert.Equal(from.CanSend, to.CanReceive);
            if (from.CanSend)
            {
                using SegmentSealer sealer = from.CreateSealer();
                using SegmentOpener opener = to.CreateOpener();
                byte[] segment = new byte[25];
                Assert.True(sealer.TrySeal("hello"u8, segment, out _, out _));
                byte[] plain = new byte[5];
                Assert.True(opener.TryOpen(segment, plain, out _, out _));
                Assert.Equal("hello"u8.ToArray(), plain);
            }
        }
    }

    /// <summary>The protectors that both sides have after a handshake.</summary>
    internal static (KeyedProtector Initiator, KeyedProtector Responder) Protectors(ulong seed = 1)
    {
        using HandshakeInitiator initiator = new(Initiator(seed: seed));
        using HandshakeResponder responder = new(Responder(seed: seed + 100));
        (_, byte[] reply, HandshakeOutcome? outcome) = responder.Answer(initiator.Transmit()!);
        initiator.OnDatagram(reply);
        using EstablishedKeys one = initiator.Outcome<EstablishedKeys>();
        using EstablishedKeys two = Assert.IsType<EstablishedKeys>(outcome);
        return (new KeyedProtector(one), new KeyedProtector(two));
    }
}
