using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

[Spec("2.4-1")]
public sealed class HandshakeAttackTests
{
    [Fact]
    public void A_wrong_key_gets_no_answer_and_the_initiator_times_out()
    {
        foreach (HandshakeOptions wrong in new[]
        {
            Responder() with { PeerKey = Mallory.PublicKey },
            Responder() with { StaticKey = Mallory },
            Responder() with { Psk = new byte[32] },
        })
        {
            using HandshakeInitiator initiator = new(Initiator() with { MaxAttempts = 3 });
            using HandshakeResponder responder = new(wrong);
            int sent = 0;
            while (initiator.Transmit() is byte[] initiate)
            {
                sent++;
                (HandshakeStatus status, byte[] reply, _) = responder.Answer(initiate);
                Assert.Equal(HandshakeStatus.Ignored, status);
                Assert.Empty(reply);
                initiator.OnTimeout(initiator.NextDeadline);
            }

            Assert.Equal((3, 3), (sent, (int)responder.RejectedCount));
            Assert.Equal(LinkErrorCode.TimedOut, initiator.Outcome<HandshakeFailure>().Code);
        }
    }

    [Theory]
    [InlineData(HandshakePattern.IK)]
    [InlineData(HandshakePattern.XX)]
    public void A_responder_that_expects_one_key_takes_no_other(HandshakePattern pattern)
    {
        using HandshakeResponder responder = new(Responder(pattern) with { PeerKey = Mallory.PublicKey });
        using HandshakeInitiator initiator = new(Initiator(pattern));
        (HandshakeStatus status, byte[] reply, _) = responder.Answer(initiator.Transmit()!);
        if (pattern == HandshakePattern.XX)
        {
            initiator.OnDatagram(reply);
            status = responder.Answer(initiator.Transmit()!).Status;
        }

        Assert.Equal(HandshakeStatus.Ignored, status);
    }

    [Fact]
    public void An_initiator_that_expects_one_key_takes_no_other_and_goes_on_waiting()
    {
        using HandshakeInitiator initiator = new(Initiator(HandshakePattern.XX) with { PeerKey = Bob.PublicKey });
        using HandshakeResponder mallory = new(Responder(HandshakePattern.XX) with { StaticKey = Mallory });
        using HandshakeResponder bob = new(Responder(HandshakePattern.XX));
        byte[] initiate = initiator.Transmit()!;
        Assert.Equal(HandshakeStatus.Ignored, initiator.OnDatagram(mallory.Answer(initiate).Reply));
        Assert.Equal(HandshakeStatus.Established, initiator.OnDatagram(bob.Answer(initiate).Reply));
    }

    [Theory]
    [MemberData(nameof(HandshakeTests.Patterns), MemberType = typeof(HandshakeTests))]
    public void A_reflected_datagram_is_ignored(HandshakePattern pattern)
    {
        using HandshakeInitiator initiator = new(Initiator(pattern));
        byte[] initiate = initiator.Transmit()!;
        Assert.Equal(HandshakeStatus.Ignored, initiator.OnDatagram(initiate));
        if (pattern is HandshakePattern.KK or HandshakePattern.KKpsk0)
        {
            // A node that also answers must not take its own Initiate for the peer's.
            using HandshakeResponder own = new(Responder(pattern) with { StaticKey = Alice, PeerKey = Bob.PublicKey });
            Assert.Equal(HandshakeStatus.Ignored, own.Answer(initiate).Status);
        }
    }

    [Theory]
    [MemberData(nameof(HandshakeTests.Patterns), MemberType = typeof(HandshakeTests))]
    [Spec("2.1-1")]
    public void Every_single_changed_byte_and_every_length_is_refused(HandshakePattern pattern)
    {
        using HandshakeInitiator initiator = new(Initiator(pattern));
        using HandshakeResponder responder = new(Responder(pattern));
        byte[] initiate = initiator.Transmit()!;
        if (pattern != HandshakePattern.XX) // XX seals nothing before its second message.
        {
            foreach (byte[] changed in Changed(initiate))
            {
                Assert.Null(responder.Answer(changed).Outcome as EstablishedKeys);
            }
        }

        byte[] respond = responder.Answer(initiate).Reply;
        foreach (byte[] changed in Changed(respond))
        {
            Assert.Equal(HandshakeStatus.Ignored, initiator.OnDatagram(changed));
        }

        Assert.Equal(HandshakeStatus.Established, initiator.OnDatagram(respond));
        if (initiator.Transmit() is byte[] finish)
        {
            foreach (byte[] changed in Changed(finish))
            {
                Assert.Null(responder.Answer(changed).Outcome);
            }

            Assert.Equal(HandshakeStatus.Established, responder.Answer(finish).Status);
        }
    }

    [Fact]
    public void A_replayed_old_initiate_gives_keys_that_nobody_else_has_and_disturbs_no_other_handshake()
    {
        using HandshakeInitiator past = new(Initiator(seed: 50));
        byte[] recorded = past.Transmit()!;
        using HandshakeResponder restarted = new(Responder());
        (HandshakeStatus status, byte[] reply, HandshakeOutcome? outcome) = restarted.Answer(recorded);
        Assert.Equal(HandshakeStatus.Established, status);
        using EstablishedKeys replayed = Assert.IsType<EstablishedKeys>(outcome);
        Assert.False(replayed.IsConfirmed);

        using HandshakeInitiator initiator = new(Initiator());
        byte[] initiate = initiator.Transmit()!;
        Assert.Equal(HandshakeStatus.Ignored, initiator.OnDatagram(reply));
        (_, reply, outcome) = restarted.Answer(initiate);
        Assert.Equal(HandshakeStatus.Established, initiator.OnDatagram(reply));
        AssertTheyTalk(initiator.Outcome<EstablishedKeys>(), (EstablishedKeys)outcome!);
    }

    private static IEnumerable<byte[]> Changed(byte[] datagram)
    {
        for (int i = 0; i < datagram.Length; i++)
        {
            byte[] flipped = (byte[])datagram.Clone();
            flipped[i] ^= (byte)(1 << (i & 7));
            yield return flipped;
            yield return datagram[..i];
        }

        yield return [.. datagram, 0];
    }
}
