using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

public sealed class OneWayTests
{
    private static OneWaySender Sender => OneWaySender.Start(Initiator(HandshakePattern.K));

    private static OneWayReceiver Receiver(params SnapshotOffer[] offers) =>
        new(Responder(HandshakePattern.K, offers: offers));

    [Fact]
    [Spec("2.6-1")]
    public void One_datagram_gives_both_sides_keys_once()
    {
        OneWaySender sender = Sender;
        OneWayReceiver receiver = Receiver();
        Assert.Equal(59, sender.Datagram.Length);
        Assert.Equal(HandshakeStatus.Established, receiver.OnDatagram(sender.Datagram, out HandshakeOutcome? outcome));
        using EstablishedKeys keys = Assert.IsType<EstablishedKeys>(outcome);
        Assert.Equal((true, false, false, true),
            (sender.Keys.CanSend, sender.Keys.CanReceive, keys.CanSend, keys.CanReceive));
        AssertTheyTalk(sender.Keys, keys);
        Assert.Equal(HandshakeStatus.Duplicate, receiver.OnDatagram(sender.Datagram, out outcome));
        Assert.Null(outcome);
    }

    [Fact]
    [Spec("2.1-1")]
    [Spec("2.4-1")]
    public void A_changed_or_foreign_datagram_gives_no_keys()
    {
        byte[] datagram = Sender.Datagram.ToArray();
        OneWayReceiver receiver = Receiver();
        for (int i = 0; i < datagram.Length; i++)
        {
            byte[] changed = (byte[])datagram.Clone();
            changed[i] ^= 0x20;
            receiver.OnDatagram(changed, out HandshakeOutcome? outcome);
            Assert.False(outcome is EstablishedKeys);
            Assert.Equal(HandshakeStatus.Ignored, receiver.OnDatagram(datagram.AsSpan(0, i), out _));
        }

        OneWayReceiver other = new(Responder(HandshakePattern.K) with { PeerKey = Mallory.PublicKey });
        Assert.Equal(HandshakeStatus.Ignored, other.OnDatagram(datagram, out _));
        Assert.Equal(HandshakeStatus.Established, receiver.OnDatagram(datagram, out _));
    }

    [Fact]
    [Spec("2.1-1")]
    public void A_one_way_link_with_a_shared_key_opens_for_that_key_alone()
    {
        OneWaySender sender = OneWaySender.Start(Initiator(HandshakePattern.Kpsk0));
        Assert.Equal(59, sender.Datagram.Length);
        Assert.Equal(HandshakeStatus.Ignored, Receiver().OnDatagram(sender.Datagram, out _));
        OneWayReceiver other = new(Responder(HandshakePattern.Kpsk0) with { Psk = new byte[32] });
        Assert.Equal(HandshakeStatus.Ignored, other.OnDatagram(sender.Datagram, out _));
        OneWayReceiver receiver = new(Responder(HandshakePattern.Kpsk0));
        Assert.Equal(HandshakeStatus.Established, receiver.OnDatagram(sender.Datagram, out HandshakeOutcome? outcome));
        using EstablishedKeys keys = Assert.IsType<EstablishedKeys>(outcome);
        AssertTheyTalk(sender.Keys, keys);
    }

    [Fact]
    public void The_snapshot_that_a_datagram_names_is_read_from_none_but_a_OneWay()
    {
        byte[] datagram = Sender.Datagram.ToArray();
        Assert.True(OneWayReceiver.TryReadSnapshot(datagram, out SnapshotShortId id));
        Assert.Equal(A.ShortId, id);
        Assert.False(OneWayReceiver.TryReadSnapshot(datagram.AsSpan(0, 10), out _));
        datagram[0] = 1;
        Assert.False(OneWayReceiver.TryReadSnapshot(datagram, out _));
    }

    [Fact]
    public void A_missing_snapshot_is_named()
    {
        Assert.Equal(HandshakeStatus.Refused, Receiver(B).OnDatagram(Sender.Datagram, out HandshakeOutcome? outcome));
        HandshakeFailure failure = Assert.IsType<HandshakeFailure>(outcome);
        Assert.Equal((LinkErrorCode.SnapshotMismatch, false), (failure.Code, failure.IsProven));
        Receiver(Offer(1, 7)).OnDatagram(Sender.Datagram, out outcome);
        Assert.Equal(LinkErrorCode.NumericsMismatch, Assert.IsType<HandshakeFailure>(outcome).Code);
    }

    [Fact]
    public void A_receiver_that_closed_has_nothing_due_when_more_comes()
    {
        OneWaySender sender = Sender;
        Receiver().OnDatagram(sender.Datagram, out HandshakeOutcome? outcome);
        using EstablishedKeys keys = Assert.IsType<EstablishedKeys>(outcome);
        SessionOptions options = new() { HasReturnPath = false };
        using LiveSession a = new(options, sender.Keys, Timestamp.Zero);
        using LiveSession b = new(options, keys, Timestamp.Zero);
        byte[] datagram = new byte[options.MaxDatagramSize];

        b.Close(LinkErrorCode.Closed, Timestamp.Zero);
        a.SignalEnd(0);
        Assert.True(a.TryTransmit(datagram, Timestamp.Zero, out int length));
        b.OnDatagram(datagram.AsSpan(0, length), Timestamp.Zero);

        Assert.Equal((1, 0), (b.Statistics.DatagramsReceived, b.Statistics.Forged));
        Assert.Equal(Timestamp.Never, b.NextDeadline);
    }
}
