using LinkCodec.Core.Primitives;
using LinkCodec.Core.Security;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Endpoint;
using LinkCodec.Tests.Session;
using Xunit;

namespace LinkCodec.Tests.Security;

/// <summary>The two keys of a resumed session, at both ends.</summary>
public sealed class EarlySegmentTests : IDisposable
{
    private readonly byte[] _room = new byte[256];
    private readonly ResumptionSecret _secret = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private readonly KeptSecrets _kept = new();
    private readonly HandshakeInitiator _initiator;
    private readonly HandshakeResponder _responder;
    private readonly KeyedProtector _sender;
    private readonly KeyedProtector _receiver;
    private Timestamp _now;

    public EarlySegmentTests()
    {
        _kept.Keep(HandshakeKeys.Alice.PublicKey, _secret);
        _initiator = new(HandshakeKeys.Initiator() with { Resumption = new Resumption(_secret, 0) });
        _responder = new(HandshakeKeys.Responder() with { Resumptions = _kept });
        _sender = new KeyedProtector(_initiator.Early!, TimeSpan.Zero);
        (_, byte[] reply, HandshakeOutcome? outcome) = _responder.Answer(_initiator.Transmit()!);
        using EstablishedKeys keys = Assert.IsType<EstablishedKeys>(outcome);
        _receiver = new KeyedProtector(keys);
        _initiator.OnDatagram(reply);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        _initiator.Dispose();
        _responder.Dispose();
        _secret.Dispose();
    }

    [Fact]
    [Spec("2.8-4")]
    public void Counters_go_on_from_early_segments_to_the_sessions_own()
    {
        byte[][] early = [.. Enumerable.Range(0, 5).Select(_ => Seal())];
        Confirm();
        byte[][] own = [.. Enumerable.Range(0, 5).Select(_ => Seal())];
        Assert.NotEqual(early[0][0], own[0][0]); // Another tag.
        ulong expected = 0;
        foreach (byte[] segment in early.Concat(own))
        {
            Assert.Equal(SegmentStatus.Opened, Open(segment, out ulong counter));
            Assert.Equal(expected++, counter);
        }

        foreach (byte[] segment in early.Concat(own))
        {
            Assert.Equal(SegmentStatus.Replayed, Open(segment, out _));
        }
    }

    [Fact]
    [Spec("2.8-8")]
    public void No_early_segment_opens_above_one_of_the_sessions_own()
    {
        byte[] before = Seal();
        byte[] overtaken = Seal();
        for (int i = 0; i < 10; i++)
        {
            Seal();
        }

        // What one could seal who has the early key, and nothing else.
        byte[] forged = Seal();
        using (KeyedProtector own = new(Confirmed()))
        {
            Assert.Equal(SegmentStatus.Opened, Open(before, out _));
            for (int i = 0; i < 2; i++)
            {
                own.Seal("abc"u8, _room);
            }

            Assert.Equal(SegmentStatus.Opened, Open([.. _room[..own.Seal("abc"u8, _room)]], out ulong counter));
            Assert.Equal(2UL, counter);
        }

        Assert.Equal(SegmentStatus.Forged, Open(forged, out _));
        Assert.Equal(SegmentStatus.Opened, Open(overtaken, out _));
        Assert.True(_receiver.HasOpenedOwn);
    }

    [Fact]
    [Spec("2.8-8")]
    public void The_early_key_is_gone_after_a_minute()
    {
        byte[] first = Seal();
        byte[] late = Seal();
        Confirm();
        Assert.Equal(SegmentStatus.Opened, Open(first, out _));
        Assert.Equal(SegmentStatus.Opened, Open(Seal(), out _));
        _now += TimeSpan.FromSeconds(61);
        Assert.Equal(SegmentStatus.Opened, Open(Seal(), out _));
        Assert.Equal(SegmentStatus.Forged, Open(late, out _));
    }

    [Theory]
    [InlineData(HandshakePattern.XX)]
    [InlineData(HandshakePattern.NNpsk0)]
    [Spec("2.8-1")]
    public void Other_patterns_are_not_resumed(HandshakePattern pattern)
    {
        Assert.Throws<ArgumentException>(() => new HandshakeInitiator(
            HandshakeKeys.Initiator(pattern) with { Resumption = new Resumption(_secret, 0) }));
        using HandshakeInitiator plain = new(HandshakeKeys.Initiator(pattern));
        using HandshakeResponder responder = new(HandshakeKeys.Responder(pattern) with { Resumptions = _kept });
        byte[] datagram = plain.Transmit()!;
        datagram[0] = HandshakeDatagram.Resume;
        byte[] longer = [.. datagram[..11], .. new byte[8], .. datagram[11..]];
        Assert.Equal(HandshakeStatus.Ignored, responder.Answer(datagram).Status);
        Assert.Equal(HandshakeStatus.Ignored, responder.Answer(longer).Status);
    }

    [Fact]
    [Spec("2.3-4")]
    public void A_refusal_ends_what_early_segments_rest_on()
    {
        using HandshakeInitiator initiator = new(HandshakeKeys.Initiator(offers: [HandshakeKeys.A, HandshakeKeys.B])
            with { Resumption = new Resumption(_secret, 0) });
        using HandshakeResponder responder = new(HandshakeKeys.Responder(offers: HandshakeKeys.B));
        byte[] resume = initiator.Transmit()!;
        Assert.Equal(HandshakeDatagram.Resume, resume[0]);
        responder.Answer(resume, source: 1);
        (_, byte[] refuse, _) = responder.Answer(resume, source: 1);
        Assert.Equal(HandshakeStatus.InProgress, initiator.OnDatagram(refuse));
        Assert.True(initiator.IsEarlyRefused);
        Assert.Equal(HandshakeDatagram.Initiate, initiator.Transmit()![0]);
    }

    private byte[] Seal() => [.. _room[.._sender.Seal("abc"u8, _room)]];

    private SegmentStatus Open(byte[] segment, out ulong counter)
    {
        SegmentStatus status = _receiver.TryOpen(segment, _room, out _, out counter);
        _receiver.OnTime(_now);
        return status;
    }

    private EstablishedKeys Confirmed() => _initiator.Outcome<EstablishedKeys>();

    private void Confirm()
    {
        using EstablishedKeys keys = Confirmed();
        Assert.True(keys.TakesEarly);
        _sender.Confirm(keys);
    }
}
