using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using NSec.Cryptography;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

public sealed class HandshakeTests
{
    public static TheoryData<HandshakePattern> Patterns => TwoWay;

    [Theory]
    [MemberData(nameof(Patterns))]
    [Spec("2.1-2")]
    [Spec("2.2-1")]
    public void Both_sides_get_keys_that_fit(HandshakePattern pattern)
    {
        using HandshakeInitiator initiator = new(Initiator(pattern));
        using HandshakeResponder responder = new(Responder(pattern));
        (HandshakeStatus status, byte[] reply, HandshakeOutcome? outcome) = responder.Answer(initiator.Transmit()!);
        Assert.Equal(HandshakeStatus.Established, initiator.OnDatagram(reply));
        if (pattern == HandshakePattern.XX)
        {
            Assert.Equal((HandshakeStatus.InProgress, null), (status, outcome));
            (status, reply, outcome) = responder.Answer(initiator.Transmit()!);
            Assert.Empty(reply);
        }

        Assert.Equal(HandshakeStatus.Established, status);
        using EstablishedKeys one = initiator.Outcome<EstablishedKeys>();
        using EstablishedKeys two = Assert.IsType<EstablishedKeys>(outcome);
        AssertTheyTalk(one, two);
        Assert.Equal(pattern == HandshakePattern.NNpsk0 ? null : Bob.PublicKey, one.RemoteStaticKey);
        Assert.Equal(pattern == HandshakePattern.NNpsk0 ? null : Alice.PublicKey, two.RemoteStaticKey);
        Assert.Throws<InvalidOperationException>(() => one.CreateSealer());
    }

    [Theory]
    [InlineData(HandshakePattern.KK, 59, 51, 0)]
    [InlineData(HandshakePattern.KKpsk0, 59, 51, 0)]
    [InlineData(HandshakePattern.IK, 107, 51, 0)]
    [InlineData(HandshakePattern.XX, 99, 99, 66)]
    [InlineData(HandshakePattern.NNpsk0, 59, 51, 0)]
    [Spec("2.1-1")]
    public void Datagrams_have_the_lengths_of_the_table(HandshakePattern pattern, int initiate, int respond, int finish)
    {
        using HandshakeInitiator initiator = new(Initiator(pattern));
        using HandshakeResponder responder = new(Responder(pattern));
        byte[] first = initiator.Transmit()!;
        byte[] second = responder.Answer(first).Reply;
        initiator.OnDatagram(second);
        Assert.Equal((initiate, respond, finish), (first.Length, second.Length, initiator.Transmit()?.Length ?? 0));
    }

    [Fact]
    public void Handshakes_work_with_SHA_256_too_and_not_where_the_peer_has_another_hash()
    {
        using HandshakeInitiator initiator = new(Initiator() with { Hash = NoiseHash.Sha256 });
        using HandshakeResponder same = new(Responder() with { Hash = NoiseHash.Sha256 });
        using HandshakeResponder other = new(Responder());
        byte[] initiate = initiator.Transmit()!;
        Assert.Equal(HandshakeStatus.Ignored, other.Answer(initiate).Status);
        Assert.Equal(HandshakeStatus.Established, initiator.OnDatagram(same.Answer(initiate).Reply));
    }

    [Fact]
    [Spec("2.5-3")]
    public void Only_the_side_that_heard_an_answer_knows_that_the_peer_is_there()
    {
        using HandshakeInitiator initiator = new(Initiator());
        using HandshakeResponder responder = new(Responder());
        (_, byte[] reply, HandshakeOutcome? outcome) = responder.Answer(initiator.Transmit()!);
        initiator.OnDatagram(reply);
        Assert.True(initiator.Outcome<EstablishedKeys>().IsConfirmed);
        Assert.False(Assert.IsType<EstablishedKeys>(outcome).IsConfirmed);
    }

    [Fact]
    [Spec("2.5-2")]
    public void A_doubled_initiate_gets_the_same_answer_and_no_new_keys()
    {
        using HandshakeInitiator initiator = new(Initiator());
        using HandshakeResponder responder = new(Responder());
        byte[] initiate = initiator.Transmit()!;
        byte[] reply = responder.Answer(initiate).Reply;
        (HandshakeStatus status, byte[] again, HandshakeOutcome? outcome) = responder.Answer(initiate,
            Timestamp.Zero + Responder().RetransmitInterval);
        Assert.Equal((HandshakeStatus.Duplicate, null), (status, outcome));
        Assert.Equal(reply, again);
        Assert.Equal(HandshakeStatus.Established, initiator.OnDatagram(reply));
        Assert.Equal(HandshakeStatus.Ignored, initiator.OnDatagram(reply));
    }

    [Fact]
    [Spec("2.5-4")]
    public void A_lost_finish_is_sent_again_when_the_responder_repeats_itself_or_the_timer_runs_out()
    {
        using HandshakeInitiator initiator = new(Initiator(HandshakePattern.XX));
        using HandshakeResponder responder = new(Responder(HandshakePattern.XX));
        byte[] initiate = initiator.Transmit()!;
        byte[] respond = responder.Answer(initiate).Reply;
        initiator.OnDatagram(respond);
        byte[] finish = initiator.Transmit()!;
        Assert.Null(initiator.Transmit());
        Assert.Equal(HandshakeStatus.Duplicate,
            initiator.OnDatagram(responder.Answer(initiate, Timestamp.Zero + TimeSpan.FromSeconds(1)).Reply));
        Assert.Equal(finish, initiator.Transmit());
        initiator.OnTimeout(initiator.NextDeadline);
        Assert.Equal(initiate, initiator.Transmit());
        Assert.Equal(finish, initiator.Transmit());
        Assert.Equal(HandshakeStatus.Established, responder.Answer(finish).Status);
        Assert.Equal(HandshakeStatus.Ignored, responder.Answer(finish).Status);
        initiator.ConfirmPeer();
        Assert.Equal(Timestamp.Never, initiator.NextDeadline);
        Assert.Equal(HandshakeStatus.Ignored, initiator.OnDatagram(respond));
    }

    [Fact]
    public void Options_that_can_not_work_are_the_callers_mistake()
    {
        HandshakeOptions good = Initiator();
        Assert.Throws<ArgumentException>(() => new HandshakeInitiator(good with { StaticKey = null }));
        Assert.Throws<ArgumentException>(() => new HandshakeInitiator(good with { PeerKey = null }));
        Assert.Throws<ArgumentException>(() => new HandshakeInitiator(good with { PeerKey = Alice.PublicKey }));
        Assert.Throws<ArgumentException>(() => new HandshakeInitiator(good with { Psk = new byte[31] }));
        Assert.Throws<ArgumentException>(() => new HandshakeInitiator(good with { Snapshots = [] }));
        Assert.Throws<ArgumentException>(() => new HandshakeInitiator(good with { LocalTag = 128 }));
        Assert.Throws<ArgumentException>(
            () => new HandshakeResponder(good with { Pattern = HandshakePattern.K, Psk = null }));
        PublicKey low = PublicKey.Import(KeyAgreementAlgorithm.X25519, new byte[32], KeyBlobFormat.RawPublicKey);
        Assert.Throws<ArgumentException>(() => new HandshakeInitiator(good with { PeerKey = low }));
        using Key signing = Key.Create(SignatureAlgorithm.Ed25519);
        Assert.Throws<ArgumentException>(() => new HandshakeInitiator(good with { StaticKey = signing }));
    }
}
