using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using Xunit;
using static LinkCodec.Tests.Session.HandshakeKeys;

namespace LinkCodec.Tests.Session;

/// <summary>
/// What strangers can do with many handshakes, recorded or made up: it costs them bytes, and nobody else a session.
/// </summary>
public sealed class HandshakeFloodTests
{
    private const int Many = 300; // More than any table holds.

    private static Timestamp Later => Timestamp.Zero + TimeSpan.FromHours(1);

    [Theory]
    [InlineData(HandshakePattern.KK)]
    [InlineData(HandshakePattern.KKpsk0)]
    [InlineData(HandshakePattern.IK)]
    [InlineData(HandshakePattern.NNpsk0)]
    [Spec("2.5-2")]
    public void An_initiate_that_recorded_ones_pushed_out_gets_the_same_answer_and_the_same_keys(
        HandshakePattern pattern)
    {
        using HandshakeResponder responder = new(Responder(pattern));
        using HandshakeInitiator initiator = new(Initiator(pattern));
        byte[] initiate = initiator.Transmit()!;
        (_, byte[] reply, HandshakeOutcome? first) = responder.Answer(initiate);
        initiator.OnDatagram(reply);
        Flood(responder, pattern);
        (HandshakeStatus status, byte[] again, HandshakeOutcome? second) = responder.Answer(initiate);
        Assert.Equal(HandshakeStatus.Established, status);
        Assert.Equal(reply, again);
        using EstablishedKeys forgotten = Assert.IsType<EstablishedKeys>(first);
        using EstablishedKeys keys = Assert.IsType<EstablishedKeys>(second);
        Assert.Equal(forgotten.HandshakeHash.ToArray(), keys.HandshakeHash.ToArray());
        AssertTheyTalk(initiator.Outcome<EstablishedKeys>(), keys);
    }

    [Fact]
    [Spec("2.5-2")]
    public void After_a_session_has_begun_its_initiate_never_gives_its_keys_again()
    {
        using HandshakeResponder responder = new(Responder());
        using HandshakeInitiator initiator = new(Initiator());
        byte[] initiate = initiator.Transmit()!;
        (_, byte[] reply, HandshakeOutcome? outcome) = responder.Answer(initiate);
        using EstablishedKeys used = Assert.IsType<EstablishedKeys>(outcome);
        responder.OnSessionBegun();
        Assert.Equal((HandshakeStatus.Duplicate, null),
            (responder.Answer(initiate, Later).Status, responder.Answer(initiate, Later).Outcome));
        Flood(responder, HandshakePattern.KKpsk0);
        (_, byte[] again, outcome) = responder.Answer(initiate);
        using EstablishedKeys fresh = Assert.IsType<EstablishedKeys>(outcome);
        Assert.NotEqual(reply, again);
        Assert.NotEqual(used.HandshakeHash.ToArray(), fresh.HandshakeHash.ToArray());
    }

    [Fact]
    [Spec("2.5-2")]
    public void After_a_session_has_begun_a_half_open_copy_of_its_handshake_gives_no_keys()
    {
        using HandshakeResponder responder = new(Responder(HandshakePattern.XX));
        using HandshakeInitiator initiator = new(Initiator(HandshakePattern.XX));
        byte[] initiate = initiator.Transmit()!;
        initiator.OnDatagram(responder.Answer(initiate).Reply);
        byte[] finish = initiator.Transmit()!;
        using EstablishedKeys used = Assert.IsType<EstablishedKeys>(responder.Answer(finish).Outcome);
        Assert.Equal(HandshakeStatus.InProgress, responder.Answer(initiate).Status); // A recording, in time.
        responder.OnSessionBegun();
        Assert.Equal(HandshakeStatus.Ignored, responder.Answer(finish).Status);
        responder.Answer(initiate);
        Assert.Equal(HandshakeStatus.Ignored, responder.Answer(finish).Status);
    }

    [Fact]
    [Spec("2.5-5")]
    public void Half_open_handshakes_of_strangers_flush_nothing_that_matters()
    {
        using HandshakeResponder responder = new(Responder(HandshakePattern.XX));
        using HandshakeInitiator initiator = new(Initiator(HandshakePattern.XX));
        byte[] initiate = initiator.Transmit()!;
        initiator.OnDatagram(responder.Answer(initiate).Reply);
        byte[] finish = initiator.Transmit()!;
        Flood(responder, HandshakePattern.XX);
        Assert.Equal(HandshakeStatus.Ignored, responder.Answer(finish).Status);

        initiator.OnTimeout(initiator.NextDeadline);
        Assert.Equal([initiate, finish], new[] { initiator.Transmit()!, initiator.Transmit()! });
        Assert.Equal(HandshakeStatus.InProgress, responder.Answer(initiate).Status);
        using EstablishedKeys keys = Assert.IsType<EstablishedKeys>(responder.Answer(finish).Outcome);
        AssertTheyTalk(initiator.Outcome<EstablishedKeys>(), keys);
    }

    [Fact]
    [Spec("2.5-5")]
    public void An_initiator_repeats_its_initiate_until_the_responder_has_been_heard()
    {
        using HandshakeInitiator initiator = new(Initiator());
        using HandshakeResponder responder = new(Responder());
        byte[] initiate = initiator.Transmit()!;
        initiator.OnDatagram(responder.Answer(initiate).Reply);
        initiator.Outcome<EstablishedKeys>().Dispose();
        Assert.Null(initiator.Transmit());
        List<long> waits = [];
        // When the Initiate would have been sent again: the first segment is just under way.
        Timestamp now = initiator.NextDeadline;
        initiator.OnTimeout(now);
        for (int i = 0; i < 4; i++)
        {
            Assert.Null(initiator.Transmit(now));
            waits.Add((initiator.NextDeadline - now).Ticks / TimeSpan.TicksPerMillisecond);
            now = initiator.NextDeadline;
            initiator.OnTimeout(now);
            Assert.Equal(initiate, initiator.Transmit(now));
        }

        Assert.Equal([975, 1300, 1625, 1950], waits);
        initiator.ConfirmPeer();
        Assert.Equal(Timestamp.Never, initiator.NextDeadline);
    }

    [Theory]
    [MemberData(nameof(HandshakeTests.Patterns), MemberType = typeof(HandshakeTests))]
    [Spec("2.1-3")]
    public void No_answer_is_longer_than_what_was_sent_for_it(HandshakePattern pattern)
    {
        using HandshakeResponder responder = new(Responder(pattern));
        using HandshakeInitiator initiator = new(Initiator(pattern));
        byte[] initiate = initiator.Transmit()!;
        byte[] respond = responder.Answer(initiate).Reply;
        Assert.InRange(respond.Length, 1, initiate.Length);

        // A copy of the same moment gets nothing: whoever replays it fills no link with answers.
        Assert.Empty(responder.Answer(initiate).Reply);
        Assert.Equal(respond, responder.Answer(initiate, Later).Reply);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(59)]
    [InlineData(256)]
    [Spec("2.3-6")]
    public void An_address_gets_no_more_bytes_of_refusals_than_came_from_it(int length)
    {
        using HandshakeResponder responder = new(Responder(offers: [A, B, SnapshotOffer.None]));
        byte[] unknown = new byte[length];
        (unknown[0], unknown[1]) = (1, 0x10); // Another version: whoever sends it needs no keys.
        int asked = 0;
        int answered = 0;
        for (int i = 0; i < 2000; i++)
        {
            asked += length;
            answered += responder.Answer(unknown, Timestamp.Zero + TimeSpan.FromSeconds(i), source: 7).Reply.Length;
            Assert.InRange(answered, 0, asked);
        }

        Assert.True(answered > asked / 10, "it is refused all the same");
    }

    [Fact]
    [Spec("2.3-5")]
    public void A_flood_from_one_address_does_not_keep_another_from_its_refusal()
    {
        using HandshakeResponder responder = new(Responder(offers: B));
        using HandshakeInitiator initiator = new(Initiator());
        byte[] initiate = initiator.Transmit()!;
        Timestamp now = Timestamp.Zero;
        int answered = 0;
        for (int i = 0; i < 1000; i++)
        {
            now += TimeSpan.FromMilliseconds(1);
            answered += responder.Answer(initiate, now, source: 1).Reply.Length > 0 ? 1 : 0;
        }

        Assert.InRange(answered, 8, 10);
        Assert.Empty(responder.Answer(initiate, now, source: 2).Reply); // 59 bytes do not earn 60.
        Assert.Equal(HandshakeStatus.Refused, initiator.OnDatagram(responder.Answer(initiate, now, source: 2).Reply));
    }

    [Fact]
    [Spec("2.3-5")]
    public void A_flood_from_every_address_takes_no_more_memory_and_sends_no_more_than_the_table_allows()
    {
        RefusalLimits limits = new(TimeSpan.FromSeconds(1), salt: 5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int sent = 0;
        for (ulong i = 0; i < 100_000; i++)
        {
            sent += limits.TryTake(i, 256, 60, Timestamp.Zero) ? 1 : 0;
        }

        Assert.InRange(sent, 1024, 8 * 1024);

        // Nothing for an address; the runtime takes a little of its own while it compiles the loop.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Spec("2.5-6")]
    public void An_inquiry_learns_whether_the_responder_has_the_session(bool has)
    {
        using HandshakeInitiator initiator = new(Initiator());
        using HandshakeResponder responder = new(Responder());
        byte[] initiate = initiator.Transmit()!;
        initiator.OnDatagram(responder.Answer(initiate).Reply);
        using EstablishedKeys keys = initiator.Outcome<EstablishedKeys>();
        Assert.False(keys.PeerKnowsSession);
        using HandshakeResponder now = new(Responder(seed: 9)); // The same process, or one that was started anew.
        now.KnowsSession = (tag, _) => has && tag == keys.LocalTag;
        using HandshakeInitiator inquiry = initiator.CreateInquiry();
        byte[] question = inquiry.Transmit()!;
        Assert.NotEqual(initiate, question);
        Assert.Equal(HandshakeStatus.Established, inquiry.OnDatagram(now.Answer(question).Reply));
        using EstablishedKeys answer = inquiry.Outcome<EstablishedKeys>();
        Assert.Equal(has, answer.PeerKnowsSession);
        Assert.InRange(answer.RemoteTag, 0, 127);
    }

    [Fact]
    [Spec("2.5-7")]
    public void Other_answers_are_a_reason_to_ask_once_a_transmission_until_the_peer_was_heard()
    {
        using HandshakeInitiator initiator = new(Initiator());
        using HandshakeResponder responder = new(Responder());
        byte[] respond = responder.Answer(initiator.Transmit()!).Reply;
        initiator.OnDatagram(respond);
        initiator.Outcome<EstablishedKeys>().Dispose();
        byte[] forged = [.. respond];
        forged[^1] ^= 1;
        initiator.OnDatagram(respond);
        initiator.OnDatagram(forged);
        Assert.False(initiator.TryTakeOtherAnswer()); // It has not asked again.
        while (initiator.Transmit() is null)
        {
            initiator.OnTimeout(initiator.NextDeadline);
        }

        initiator.OnDatagram(forged);
        Assert.True(initiator.TryTakeOtherAnswer());
        initiator.OnDatagram(forged);
        Assert.False(initiator.TryTakeOtherAnswer());
        initiator.ConfirmPeer();
        initiator.OnDatagram(forged);
        Assert.False(initiator.TryTakeOtherAnswer());
    }

    [Fact]
    [Spec("2.5-6")]
    public void Nobody_but_the_peer_can_answer_an_inquiry_though_the_pattern_takes_any_key()
    {
        using HandshakeInitiator initiator = new(Initiator(HandshakePattern.XX));
        using HandshakeResponder bob = new(Responder(HandshakePattern.XX));
        initiator.OnDatagram(bob.Answer(initiator.Transmit()!).Reply);
        initiator.Outcome<EstablishedKeys>().Dispose();
        using HandshakeInitiator inquiry = initiator.CreateInquiry();
        byte[] question = inquiry.Transmit()!;
        using HandshakeResponder mallory = new(Responder(HandshakePattern.XX) with { StaticKey = Mallory });
        Assert.Equal(HandshakeStatus.Ignored, inquiry.OnDatagram(mallory.Answer(question).Reply));
        Assert.Equal(HandshakeStatus.Established, inquiry.OnDatagram(bob.Answer(question).Reply));
    }

    [Fact]
    public void Handshakes_under_other_keys_are_counted_and_noise_is_not()
    {
        using HandshakeResponder responder = new(Responder());
        using HandshakeInitiator other = new(Initiator() with { StaticKey = Mallory });
        using HandshakeInitiator withoutPsk = new(Initiator(HandshakePattern.KK));
        responder.Answer(other.Transmit()!);
        responder.Answer(withoutPsk.Transmit()!);
        responder.Answer(OneWaySender.Start(Initiator(HandshakePattern.K)).Datagram);
        responder.Answer([9, 9, 9]);
        responder.Answer(new byte[59]);
        Assert.Equal((3, 5), (responder.MisfitCount, responder.RejectedCount));

        OneWayReceiver oneWay = new(Responder(HandshakePattern.K));
        oneWay.OnDatagram(OneWaySender.Start(Initiator(HandshakePattern.K) with { StaticKey = Mallory }).Datagram,
            out _);
        using HandshakeInitiator answered = new(Initiator());
        oneWay.OnDatagram(answered.Transmit()!, out _);
        Assert.Equal(2, oneWay.MisfitCount);
    }

    private static void Flood(HandshakeResponder responder, HandshakePattern pattern)
    {
        for (int i = 0; i < Many; i++)
        {
            using HandshakeInitiator past = new(Initiator(pattern, (ulong)i + 1000));
            (responder.Answer(past.Transmit()!).Outcome as EstablishedKeys)?.Dispose();
        }
    }
}
