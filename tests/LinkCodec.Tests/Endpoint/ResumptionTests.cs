using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Facade;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Endpoint;

/// <summary>Sessions that are resumed, in virtual time: what leaves first, and what else may come first.</summary>
[Collection(Session.AloneCollection.Name)]
public sealed class ResumptionTests : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);
    private static readonly LinkOptions Listening = LoopbackLink.ReceiverOptions with { OneWayDelay = Delay };
    private static readonly LinkOptions Sending = LoopbackLink.SenderOptions with { OneWayDelay = Delay };

    private readonly KeptSecrets _kept = new();
    private readonly List<byte[]> _forward = [];
    private readonly EndpointLink _link;
    private ResumptionSecret? _secret;

    public ResumptionTests()
    {
        _link = new(Listening, new PathOptions { Delay = Delay }, resumptions: _kept)
        {
            Passes = datagram =>
            {
                _forward.Add(datagram);
                return true;
            },
        };
    }

    public void Dispose()
    {
        _secret?.Dispose();
        _link.Dispose();
    }

    [Fact]
    [Spec("2.8-1")]
    [Spec("2.8-3")]
    [Spec("2.8-4")]
    public void Ten_sessions_in_a_row_deliver_in_the_first_flight()
    {
        Carry("first");
        for (int pass = 0; pass < 10; pass++)
        {
            Timestamp start = _link.Now;
            SenderEndpoint sender = Resume($"pass {pass}");
            ReceiverEndpoint receiver = Accept(Delay);
            _link.Run(TimeSpan.FromSeconds(1), () => receiver.Messages.Waiting > 0);
            Assert.InRange(_link.Now - start, Delay, Delay + TimeSpan.FromMilliseconds(5)); // No round trip.
            Assert.False(sender.IsAnswered);
            Assert.Equal($"pass {pass}", Text(Assert.Single(_link.Take(receiver))));
            Finish(sender, receiver);
            Assert.True(sender.IsEarlyTaken);
        }
    }

    [Fact]
    [Spec("2.8-6")]
    public void A_receiver_that_lost_its_secrets_takes_all_of_it_after_one_round_trip()
    {
        Carry("first");
        _kept.Spend(_secret!.Id);
        Timestamp start = _link.Now;
        SenderEndpoint sender = Resume(Enumerable.Range(0, 40).Select(i => $"message {i} {new string('x', 600)}"));
        ReceiverEndpoint receiver = Accept(TimeSpan.FromMinutes(1));
        Assert.InRange(_link.Now - start, 3 * Delay, (3 * Delay) + TimeSpan.FromMilliseconds(1));
        List<ReceivedMessage> got = Finish(sender, receiver);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (ulong)i), got.Select(message => message.Number));
        Assert.False(sender.IsEarlyTaken);
        Assert.Equal(0, sender.Statistics.RepairsReceived);
    }

    [Fact]
    [Spec("2.8-7")]
    public void An_answer_that_is_lost_comes_again_whoever_asks_meanwhile()
    {
        Carry("first");
        int lost = 0;
        _link.PassesBack = datagram => datagram[0] != HandshakeDatagram.Respond || ++lost > 3;
        SenderEndpoint sender = Resume("second");
        ReceiverEndpoint receiver = Accept(Delay);
        _link.Run(TimeSpan.FromSeconds(1), () => receiver.Messages.Waiting > 0);
        Assert.Equal("second", Text(Assert.Single(_link.Take(receiver))));

        // A recorded Initiate of each session that ever was pushes out what can be pushed out.
        byte[][] recorded = [.. Enumerable.Range(0, 600).Select(_ => RecordInitiate())];
        foreach (byte[] initiate in recorded)
        {
            _link.Inject(initiate, "stranger");
        }

        Finish(sender, receiver);
        Assert.True(sender.IsEarlyTaken);
    }

    [Fact]
    [Spec("2.5-6")]
    public void A_receiver_that_was_killed_and_takes_the_first_flight_once_more_does_not_keep_its_sender_waiting()
    {
        Carry("first");
        using ResumptionSecret secret = new(_secret!.Span);
        _forward.Clear();
        SenderEndpoint sender = Resume("second");
        Accept(Delay);
        byte[][] flight = [.. _forward];
        _link.Run(TimeSpan.FromSeconds(3));
        Assert.True(sender.IsAnswered && sender.Statistics.ReportsReceived > 0);

        _kept.Keep(LoopbackLink.Alice.PublicKey.Key, secret); // It was killed before that was noted.
        _link.RestartListener();
        Array.ForEach(flight, datagram => _link.Inject(datagram, sender));
        Assert.Single(_link.Listener.Receivers);
        Add(sender, ["third"]);
        _link.Run(TimeSpan.FromMinutes(2), () => sender.IsOver);
        Assert.True(sender.IsOver);
        Assert.False(sender.Stream!.IsThrough);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Spec("2.8-7")]
    public void A_first_flight_that_was_recorded_gives_nothing(bool isRestarted)
    {
        Carry("first");
        _forward.Clear();
        SenderEndpoint sender = Resume("second");
        Finish(sender, Accept(Delay));
        byte[][] flight = [.. _forward];
        if (isRestarted)
        {
            _link.RestartListener();
        }

        for (int i = 0; i < 50; i++)
        {
            foreach (byte[] datagram in flight)
            {
                Assert.NotEqual(DatagramStatus.Segment, _link.Inject(datagram, "stranger"));
            }

            _link.Run(TimeSpan.FromSeconds(1));
        }

        Assert.False(_link.Listener.TryAccept(out _));
        Assert.Empty(_link.Listener.Receivers);
    }

    [Fact]
    [Spec("2.8-7")]
    public void Of_two_copies_of_a_state_one_is_resumed_and_no_key_is_used_twice()
    {
        Carry("first");
        using ResumptionSecret copy = new(_secret!.Span);
        _forward.Clear();
        SenderEndpoint first = Resume("the one");
        SenderEndpoint second = Connect(copy, "the other");
        _link.Run(TimeSpan.FromSeconds(20));
        Assert.True(first.IsAnswered && second.IsAnswered);
        ReceiverEndpoint receiver = Accept(TimeSpan.Zero);
        Assert.Equal("the one", Text(Assert.Single(_link.Take(receiver))));
        Assert.Single(_link.Listener.Receivers);

        // Both have sealed under counter 0 with the same tag and the same secret: under different keys all the same.
        byte[][] early = [.. _forward.Where(datagram => datagram[0] == (0x80 | copy.Tag) && datagram[3] == 0)];
        Assert.True(early.Length >= 2);
        Assert.Equal(early.Length, early.Select(datagram => Convert.ToHexString(datagram[^16..])).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Spec("2.8-6")]
    [Spec("2.8-7")]
    public void Losses_both_ways_cost_time_and_nothing_else(bool isKnown)
    {
        using EndpointLink lossy = new(Listening, new PathOptions { Delay = Delay, Loss = 0.1, Duplicate = 0.1 },
            resumptions: _kept, seed: 77);
        for (int pass = 0; pass < 20; pass++)
        {
            using ResumptionSecret secret = new(new TestRandom((ulong)pass + 1).Bytes(32));
            if (isKnown)
            {
                _kept.Keep(LoopbackLink.Alice.PublicKey.Key, secret);
            }

            SenderEndpoint sender = lossy.Connect(Sending with { Rate = new DataRate(200_000) }, secret);
            Add(sender, Enumerable.Range(0, 60).Select(i => $"{pass} {i} {new string('x', 20 * i)}"));
            List<ReceivedMessage> got = [];
            ReceiverEndpoint? receiver = null;
            sender.Stream!.Complete();
            lossy.Run(TimeSpan.FromMinutes(5), () =>
            {
                _ = receiver is null && lossy.Listener.TryAccept(out receiver);
                got.AddRange(receiver is null ? [] : lossy.Take(receiver));
                return sender.IsOver && receiver?.IsOver == true;
            });
            Assert.True(sender.Stream!.IsThrough, $"pass {pass}: {sender.Stream.Closing}");
            Assert.Equal(isKnown, sender.IsEarlyTaken);
            Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{pass} {i} {new string('x', 20 * i)}"),
                got.Select(Text));
            lossy.Kill(sender);
        }
    }

    [Fact]
    [Spec("2.8-9")]
    public void A_receiver_that_is_away_costs_a_bounded_flight()
    {
        Carry("first");
        long bytes = 0;
        _link.Passes = datagram =>
        {
            bytes += datagram.Length;
            return false;
        };
        LinkOptions narrow = Sending with { Rate = new DataRate(9600) };
        SenderEndpoint sender = _link.Connect(narrow, _secret);
        Add(sender, Enumerable.Range(0, 200).Select(i => $"message {i} {new string('x', 1000)}"));
        _link.Run(TimeSpan.FromMinutes(20), () => sender.IsOver);
        Assert.Equal(LinkErrorCode.TimedOut, sender.Stream!.Closing!.Value.Error);

        // Two intervals of 650 ms at 9600 bit/s are 1560 bytes; eight datagrams, one more, and repetitions of 67 bytes.
        Assert.InRange(bytes, 1560, 1560 + (9 * 1200) + (100 * 67));
    }

    [Fact]
    [Spec("2.8-3")]
    public void Another_secret_or_another_key_opens_nothing_early()
    {
        Carry("first");
        byte[] changed = _secret!.Span.ToArray();
        changed[9] ^= 1;
        using ResumptionSecret wrong = new(changed);
        _kept.Keep(LoopbackLink.Alice.PublicKey.Key, wrong);
        _secret.Dispose();
        _secret = new ResumptionSecret(changed);
        using LinkIdentity stranger = LinkIdentity.Create();
        SenderEndpoint other = _link.Connect(Sending with { Identity = stranger }, _secret);
        Add(other, ["a stranger's"]);
        _link.Run(TimeSpan.FromSeconds(10));
        Assert.False(other.IsAnswered);
        Assert.False(_link.Listener.TryAccept(out _));
        Assert.Equal(0, _kept.Found);
    }

    [Fact]
    [Spec("2.4-1")]
    [Spec("2.8-7")]
    public void A_hundred_thousand_forged_and_recorded_resumptions_change_nothing()
    {
        Carry("first");
        _forward.Clear();
        SenderEndpoint sender = Resume("before");
        ReceiverEndpoint receiver = Accept(Delay);
        _link.Run(TimeSpan.FromSeconds(2));
        byte[][] recorded = [.. _forward];
        byte[] resume = recorded.First(datagram => datagram[0] == HandshakeDatagram.Resume);
        TestRandom random = new(5);
        long sent = _link.Listener.HandshakeBytes.Sent;
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] datagram = (i % 4) switch
            {
                0 => recorded[random.Next(recorded.Length)],
                1 => Flip(resume, random.Next(8 * resume.Length)),
                2 => [HandshakeDatagram.Resume, .. random.Bytes(random.Next(100))],
                _ => [resume[0], resume[1], resume[2], .. random.Bytes(resume.Length - 3)],
            };
            Assert.NotEqual(DatagramStatus.Segment, _link.Inject(datagram, "stranger"));
        }

        Assert.Equal(0, _kept.Count);
        Assert.InRange(_link.Listener.HandshakeBytes.Sent - sent, 0, (2 * 52) + (8 * 60)); // As 2.5-2 and 2.3-5 allow.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 1 << 20);
        Add(sender, ["after"]);
        List<ReceivedMessage> got = Finish(sender, receiver);
        Assert.Equal(["before", "after"], got.Select(Text));
    }

    private static byte[] Flip(byte[] datagram, int bit)
    {
        byte[] copy = [.. datagram];
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }

    private static string Text(ReceivedMessage message) => Encoding.ASCII.GetString(message.Content.Span);

    private static void Add(SenderEndpoint sender, IEnumerable<string> messages)
    {
        foreach (string message in messages)
        {
            sender.Stream!.Add(Encoding.ASCII.GetBytes(message));
        }
    }

    private byte[] RecordInitiate()
    {
        using HandshakeInitiator initiator = new(_link.OptionsOf(Sending).Handshake);
        System.Buffers.ArrayBufferWriter<byte> writer = new();
        initiator.TryTransmit(writer, _link.Now);
        return writer.WrittenSpan.ToArray();
    }

    private SenderEndpoint Resume(params IEnumerable<string> messages) => Connect(_secret, messages);

    private SenderEndpoint Connect(ResumptionSecret? secret, params IEnumerable<string> messages)
    {
        SenderEndpoint sender = _link.Connect(Sending, secret);
        Add(sender, messages);
        return sender;
    }

    private ReceiverEndpoint Accept(TimeSpan limit)
    {
        ReceiverEndpoint? receiver = null;
        _link.Run(limit, () => _link.Listener.TryAccept(out receiver));
        return receiver ?? throw new InvalidOperationException("No session has begun.");
    }

    // A session with a handshake of its own; both ends keep what it leaves.
    private void Carry(string message)
    {
        SenderEndpoint sender = _link.Connect(Sending);
        _link.Run(TimeSpan.FromSeconds(10), () => sender.Stream is not null);
        Add(sender, [message]);
        Finish(sender, Accept(TimeSpan.FromSeconds(10)));
        Assert.False(sender.IsResumed);
    }

    private List<ReceivedMessage> Finish(SenderEndpoint sender, ReceiverEndpoint receiver)
    {
        List<ReceivedMessage> got = [];
        _link.Run(TimeSpan.FromMinutes(2), () =>
        {
            if (sender.IsAnswered)
            {
                sender.Stream!.Complete();
            }

            got.AddRange(_link.Take(receiver));
            return sender.IsOver && receiver.IsOver;
        });
        Assert.True(sender.Stream!.IsThrough);
        _secret?.Dispose();
        _secret = new ResumptionSecret(sender.Resumption!.Span);
        Assert.Equal(_secret.Span, receiver.Resumption!.Span);
        _kept.Keep(LoopbackLink.Alice.PublicKey.Key, receiver.Resumption);
        _link.Kill(sender);
        return got;
    }
}
