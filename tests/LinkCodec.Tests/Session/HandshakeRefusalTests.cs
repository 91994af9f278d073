using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

public sealed class HandshakeRefusalTests
{
    [Fact]
    [Spec("2.3-1")]
    [Spec("2.3-4")]
    public void The_initiator_falls_back_to_what_both_hold()
    {
        using HandshakeInitiator initiator = new(Initiator(offers: [A, B, SnapshotOffer.None]));
        using HandshakeResponder responder = new(Responder(offers: [BElsewhere, SnapshotOffer.None]));
        (HandshakeStatus status, byte[] refuse, HandshakeOutcome? outcome) = responder.Answer(initiator.Transmit()!);
        Assert.Equal(HandshakeStatus.Refused, status);
        Assert.Equal(LinkErrorCode.SnapshotMismatch, Assert.IsType<HandshakeFailure>(outcome).Code);
        Assert.Equal(4 + 16 + 48, refuse.Length);
        Assert.Equal(HandshakeStatus.InProgress, initiator.OnDatagram(refuse));
        (_, byte[] respond, outcome) = responder.Answer(initiator.Transmit()!);
        initiator.OnDatagram(respond);
        using EstablishedKeys one = initiator.Outcome<EstablishedKeys>();
        using EstablishedKeys two = Assert.IsType<EstablishedKeys>(outcome);
        Assert.Equal((2, 1), (one.SnapshotIndex, two.SnapshotIndex));
        AssertTheyTalk(one, two);
    }

    [Spec("6.5-2")]
    [Theory]
    [InlineData(false, LinkErrorCode.SnapshotMismatch)]
    [InlineData(true, LinkErrorCode.NumericsMismatch)]
    [Spec("2.3-1")]
    public void A_mismatch_is_named_with_both_sides_snapshots(bool sameName, LinkErrorCode code)
    {
        using HandshakeInitiator initiator = new(Initiator(offers: B));
        using HandshakeResponder responder = new(Responder(offers: sameName ? BElsewhere : A));
        byte[] refuse = responder.Answer(initiator.Transmit()!).Reply;
        Assert.Equal(HandshakeStatus.Refused, initiator.OnDatagram(refuse));
        HandshakeFailure failure = initiator.Outcome<HandshakeFailure>();
        Assert.Equal(code, failure.Code);
        Assert.True(failure.IsProven);
        Assert.Contains("02020202/01010101", failure.Message, StringComparison.Ordinal);
        Assert.Contains(sameName ? "02020202/09090909" : "01010101/01010101", failure.Message,
            StringComparison.Ordinal);
        Assert.Null(initiator.Transmit());
        Assert.Equal(Timestamp.Never, initiator.NextDeadline);
    }

    [Fact]
    [Spec("2.3-4")]
    public void A_responder_that_refuses_what_it_says_it_holds_ends_the_handshake()
    {
        using HandshakeInitiator initiator = new(Initiator(offers: [A, B]));
        HandshakeOptions options = Responder(offers: [A, B]);
        for (int i = 0; i < 2; i++)
        {
            byte[] initiate = initiator.Transmit()!;
            HandshakeStatus status = initiator.OnDatagram(
                HandshakeRefusal.Write(options, LinkErrorCode.SnapshotMismatch, initiate[2], initiate));
            Assert.Equal(i == 0 ? HandshakeStatus.InProgress : HandshakeStatus.Refused, status);
        }

        Assert.Equal(LinkErrorCode.SnapshotMismatch, initiator.Outcome<HandshakeFailure>().Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(15)]
    [Spec("2.3-1")]
    public void Another_version_is_refused_by_name(int version)
    {
        using HandshakeInitiator initiator = new(Initiator());
        using HandshakeResponder responder = new(Responder());
        byte[] future = initiator.Transmit()!;
        future[1] = (byte)((version << 4) | (future[1] & 0x0F));
        (_, byte[] refuse, HandshakeOutcome? outcome) = responder.Answer(future);
        Assert.Equal(LinkErrorCode.VersionMismatch, Assert.IsType<HandshakeFailure>(outcome).Code);
        Assert.Equal(LinkErrorCode.VersionMismatch, HandshakeRefusal.Read(Initiator(), refuse, future)!.Code);

        // The initiator sent another Initiate, so this refusal is none of its business.
        Assert.Equal(HandshakeStatus.Ignored, initiator.OnDatagram(refuse));
    }

    [Fact]
    [Spec("2.3-4")]
    public void A_proven_version_mismatch_ends_the_handshake_at_once()
    {
        using HandshakeInitiator initiator = new(Initiator(offers: [A, B]));
        byte[] initiate = initiator.Transmit()!;
        byte[] refuse = HandshakeRefusal.Write(Responder(offers: B), LinkErrorCode.VersionMismatch,
            initiate[2], initiate);
        Assert.Equal(HandshakeStatus.Refused, initiator.OnDatagram(refuse));
        Assert.Equal(LinkErrorCode.VersionMismatch, initiator.Outcome<HandshakeFailure>().Code);
    }

    [Fact]
    [Spec("2.3-3")]
    public void An_unproven_refusal_must_come_twice_and_loses_to_the_true_answer()
    {
        using HandshakeResponder responder = new(Responder(HandshakePattern.XX));
        using HandshakeInitiator initiator = new(Initiator(HandshakePattern.XX, offers: [A, B]));
        byte[] initiate = initiator.Transmit()!;
        byte[] forged = [5, initiate[2], (byte)LinkErrorCode.SnapshotMismatch, 0];
        Assert.Equal(HandshakeStatus.InProgress, initiator.OnDatagram(forged));
        Assert.Equal(HandshakeStatus.Established, initiator.OnDatagram(responder.Answer(initiate).Reply));

        using HandshakeResponder honest = new(Responder(HandshakePattern.XX, offers: B));
        using HandshakeInitiator refused = new(Initiator(HandshakePattern.XX, offers: [A, B]));
        byte[] hint = honest.Answer(refused.Transmit()!).Reply;
        Assert.Equal(HandshakeStatus.InProgress, refused.OnDatagram(hint));
        Assert.Null(refused.Transmit());
        Assert.Equal(HandshakeStatus.InProgress, refused.OnDatagram(hint));
        refused.OnTimeout(refused.NextDeadline);
        byte[] again = refused.Transmit()!;
        Assert.Equal(SnapshotShortId.Read(again.AsSpan(3)), A.ShortId);
        Assert.Equal(HandshakeStatus.InProgress, refused.OnDatagram(honest.Answer(again).Reply));
        refused.OnTimeout(refused.NextDeadline);
        Assert.Equal(HandshakeStatus.Established, refused.OnDatagram(honest.Answer(refused.Transmit()!).Reply));
        Assert.Equal(1, refused.Outcome<EstablishedKeys>().SnapshotIndex);
    }

    [Fact]
    [Spec("2.3-3")]
    public void An_unproven_refusal_by_someone_who_holds_the_offer_is_ignored()
    {
        using HandshakeInitiator initiator = new(Initiator(HandshakePattern.XX));
        byte[] initiate = initiator.Transmit()!;
        byte[] damaged = (byte[])initiate.Clone();
        damaged[4] ^= 1;
        using HandshakeResponder responder = new(Responder(HandshakePattern.XX));
        Assert.Equal(HandshakeStatus.Ignored, initiator.OnDatagram(responder.Answer(damaged).Reply));
    }

    [Fact]
    [Spec("2.3-3")]
    public void A_forged_refusal_does_not_stop_a_pattern_with_known_keys()
    {
        using HandshakeInitiator initiator = new(Initiator());
        byte[] initiate = initiator.Transmit()!;
        Assert.Equal(HandshakeStatus.Ignored,
            initiator.OnDatagram([5, initiate[2], (byte)LinkErrorCode.SnapshotMismatch, 0]));
        byte[] proven = HandshakeRefusal.Write(Responder(), LinkErrorCode.SnapshotMismatch, initiate[2], initiate);
        for (int i = 0; i < proven.Length; i++)
        {
            byte[] changed = (byte[])proven.Clone();
            changed[i] ^= 0x10;
            Assert.Equal(HandshakeStatus.Ignored, initiator.OnDatagram(changed));
        }

        Assert.Equal(HandshakeStatus.Refused, initiator.OnDatagram(proven));
    }

    [Fact]
    [Spec("2.3-5")]
    public void Forged_initiates_can_not_make_the_responder_send_without_end()
    {
        using HandshakeResponder responder = new(Responder(offers: B));
        using HandshakeInitiator initiator = new(Initiator());
        byte[] initiate = initiator.Transmit()!;
        int answered = 0;
        for (int i = 0; i < 100; i++)
        {
            initiate[^1]++;
            answered += responder.Answer(initiate).Reply.Length > 0 ? 1 : 0;
        }

        Assert.Equal(8, answered);
        Timestamp later = Timestamp.Zero + Responder().RetransmitInterval;
        Assert.Equal(HandshakeStatus.Refused, responder.Answer(initiate, later).Status);
        Assert.Equal(HandshakeStatus.Ignored, responder.Answer(initiate, later).Status);
        Assert.Equal(HandshakeStatus.Refused,
            responder.Answer(initiate, later + Responder().RetransmitInterval).Status);
    }

    [Fact]
    public void At_most_eight_snapshots_are_named()
    {
        SnapshotOffer[] many = [.. Enumerable.Range(10, 20).Select(i => Offer((byte)i, 1))];
        using HandshakeResponder responder = new(Responder(offers: many));
        using HandshakeInitiator initiator = new(Initiator());
        byte[] refuse = responder.Answer(initiator.Transmit()!).Reply;
        Assert.Equal(4 + 64 + 48, refuse.Length);
        Assert.Equal(HandshakeStatus.Refused, initiator.OnDatagram(refuse));
        Assert.Equal(8, initiator.Outcome<HandshakeFailure>().PeerHolds.Count);
    }
}
