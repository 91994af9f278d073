using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Facade;
using LinkCodec.Tests.Session.Support;
using Xunit;

namespace LinkCodec.Tests.Endpoint;

/// <summary>One listener, many senders: in virtual time, so that every figure is exact.</summary>
public sealed class ListenerEndpointTests
{
    private static readonly LinkOptions Listening = LoopbackLink.ReceiverOptions with
    {
        OneWayDelay = TimeSpan.FromMilliseconds(10),
    };
    private static readonly LinkOptions Sending = LoopbackLink.SenderOptions with
    {
        OneWayDelay = TimeSpan.FromMilliseconds(10),
    };
    private static readonly LinkOptions AnyListening =
        Listening with { Pattern = HandshakePattern.IK, PeerPublicKey = null, MaxSessions = 256 };

    [Fact]
    public void A_thousand_sessions_in_a_row_leave_nothing_behind()
    {
        using EndpointLink link = new(Listening);
        for (int i = 0; i < 1000; i++)
        {
            byte[] message = Encoding.ASCII.GetBytes($"session {i}");
            SenderEndpoint sender = link.Connect(Sending);
            (ReceiverEndpoint receiver, List<ReceivedMessage> got) = Carry(link, sender, message);
            Assert.Equal(message, Assert.Single(got).Content.ToArray());
            Assert.True(sender.Stream!.IsThrough, $"session {i}");
            link.Run(TimeSpan.FromMinutes(2), () => !link.Listener.Receivers.Any());
            Assert.True(receiver.IsOver);
            link.Kill(sender);
        }

        Assert.Empty(link.Listener.Receivers);
    }

    [Fact]
    [Spec("2.5-7")]
    public void A_listener_that_is_started_anew_before_the_first_segment_does_not_keep_its_sender_waiting()
    {
        using EndpointLink link = new(Listening) { Passes = datagram => datagram[0] < HandshakeDatagram.SegmentBit };
        SenderEndpoint first = link.Connect(Sending);
        link.Run(TimeSpan.FromSeconds(1), () => first.HasSession);
        link.RestartListener();
        link.Passes = _ => true;
        Timestamp since = link.Now;
        link.Run(TimeSpan.FromMinutes(10), () => first.IsOver);
        Assert.True(first.IsOver);
        Assert.InRange(link.Now - since, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        (_, List<ReceivedMessage> got) = Carry(link, link.Connect(Sending), "two"u8.ToArray());
        Assert.Equal("two"u8.ToArray(), Assert.Single(got).Content.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void Two_hundred_sessions_at_once_are_kept_apart(double misfortune)
    {
        PathOptions path = new()
        {
            Delay = Listening.OneWayDelay,
            Loss = misfortune,
            Duplicate = misfortune,
            ShuffleWindow = misfortune > 0 ? 8 : 1,
        };
        using EndpointLink link = new(AnyListening, path);
        LinkIdentity[] identities = [.. Enumerable.Range(0, 200).Select(_ => LinkIdentity.Create())];
        SenderEndpoint[] senders =
            [.. identities.Select(own => link.Connect(Sending with { Identity = own, Pattern = HandshakePattern.IK }))];
        Dictionary<string, List<string>> got = [];
        List<ReceiverEndpoint> receivers = [];
        int added = 0;
        link.Run(TimeSpan.FromMinutes(1), () =>
        {
            while (link.Listener.TryAccept(out ReceiverEndpoint? receiver))
            {
                receivers.Add(receiver);
            }

            for (int i = 0; added < 3 * senders.Length && i < senders.Length; i++)
            {
                if (senders[i].Stream is { NextNumber: < 3 } stream)
                {
                    stream.Add(Encoding.ASCII.GetBytes($"{identities[i].PublicKey} {stream.NextNumber}"));
                    added++;
                }
            }

            foreach (ReceiverEndpoint receiver in receivers)
            {
                string key = new LinkPublicKey(receiver.PeerKey!).ToString();
                got.TryAdd(key, []);
                got[key].AddRange(link.Take(receiver).Select(m => Encoding.ASCII.GetString(m.Content.Span)));
            }

            return got.Values.Sum(messages => messages.Count) == 3 * senders.Length;
        });

        Assert.Equal(200, link.Listener.Receivers.Count());
        Assert.All(identities, own =>
            Assert.Equal(Enumerable.Range(0, 3).Select(i => $"{own.PublicKey} {i}"), got[own.PublicKey.ToString()]));
    }

    [Fact]
    [Spec("2.7-1")]
    public void A_killed_senders_successor_is_served_within_a_round_trip_and_a_second()
    {
        using EndpointLink link = new(Listening);
        SenderEndpoint first = link.Connect(Sending);
        ReceiverEndpoint served = Accept(link);
        link.Kill(first);
        link.Run(TimeSpan.FromSeconds(5));
        Timestamp start = link.Now;

        SenderEndpoint second = link.Connect(Sending);
        ReceiverEndpoint next = Accept(link);

        // Its own handshake takes a round trip and a half; the dead one is asked for two delays and a second.
        TimeSpan took = link.Now - start;
        Assert.InRange(took, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1) + (6 * Listening.OneWayDelay));
        Assert.True(served.IsSuperseded);
        Assert.False(next.IsClosed);
        Assert.Same(next, Assert.Single(link.Listener.Receivers, r => !r.IsClosed));
        Assert.NotNull(second.Stream);
    }

    [Fact]
    [Spec("2.7-1")]
    public void A_healthy_session_is_not_disturbed_by_a_second_sender_with_its_key()
    {
        using EndpointLink link = new(Listening);
        SenderEndpoint first = link.Connect(Sending);
        ReceiverEndpoint served = Accept(link);
        for (int i = 0; i < 5; i++)
        {
            SenderEndpoint second = link.Connect(Sending);
            link.Run(TimeSpan.FromSeconds(10), () => second.Stream?.Closing is not null);
            second.Stream!.Pump(link.Now);
            Assert.Equal((LinkErrorCode.Canceled, true),
                (second.Stream.Closing!.Value.Error, second.Stream.Closing.Value.ByPeer));
            link.Kill(second);
        }

        (_, List<ReceivedMessage> got) = Carry(link, first, "on it goes"u8.ToArray(), served);
        Assert.Single(got);
        Assert.False(served.IsSuperseded);
    }

    [Fact]
    public void With_all_places_taken_a_sender_is_told_so_and_a_silent_session_makes_room()
    {
        using EndpointLink link = new(AnyListening with { MaxSessions = 2 });
        LinkOptions ForAnyone(LinkIdentity own) => Sending with { Identity = own, Pattern = HandshakePattern.IK };
        SenderEndpoint[] two = [link.Connect(ForAnyone(LinkIdentity.Create())),
            link.Connect(ForAnyone(LinkIdentity.Create()))];
        Accept(link);
        Accept(link);

        SenderEndpoint third = link.Connect(ForAnyone(LinkIdentity.Create()));
        link.Run(TimeSpan.FromSeconds(10), () => third.Stream?.Closing is not null);
        Assert.NotNull(third.Stream?.Closing);
        link.Kill(third);
        link.Kill(two[0]);
        link.Run(TimeSpan.FromSeconds(5));

        link.Connect(ForAnyone(LinkIdentity.Create()));
        ReceiverEndpoint fourth = Accept(link);
        Assert.Equal(2, link.Listener.Receivers.Count(r => !r.IsClosed));
        Assert.Contains(fourth, link.Listener.Receivers);
    }

    [Fact]
    public void Only_senders_that_are_known_get_a_session()
    {
        using LinkIdentity known = LinkIdentity.Create();
        using LinkIdentity stranger = LinkIdentity.Create();
        using EndpointLink link = new(AnyListening with { Senders = [known.PublicKey] });
        SenderEndpoint refused = link.Connect(Sending with { Identity = stranger, Pattern = HandshakePattern.IK });
        link.Run(TimeSpan.FromSeconds(10));
        Assert.Null(refused.Stream);
        Assert.Equal(ListenerNoticeKind.Misfit, link.Listener.TryTakeNotice()?.Kind);

        link.Connect(Sending with { Identity = known, Pattern = HandshakePattern.IK });
        Assert.Equal(known.PublicKey, new LinkPublicKey(Accept(link).PeerKey!));
    }

    [Fact]
    public void Each_datagram_has_one_status()
    {
        using EndpointLink link = new(Listening);
        List<byte[]> toListener = [];
        link.Passes = datagram =>
        {
            toListener.Add(datagram);
            return false;
        };
        SenderEndpoint sender = link.Connect(Sending);
        link.Run(TimeSpan.Zero);
        Assert.Equal(DatagramStatus.Handshake, link.Inject(toListener[0], sender));
        link.Run(TimeSpan.FromMilliseconds(15));
        byte[] segment = toListener[^1];
        byte[] forged = [.. segment];
        forged[^1] ^= 1;
        Assert.Equal(DatagramStatus.Ignored, link.Inject([], sender));
        Assert.Equal(DatagramStatus.Ignored, link.Inject(forged, sender));
        Assert.Equal(DatagramStatus.Segment, link.Inject(segment, sender));
        Assert.Equal(DatagramStatus.Ignored, link.Inject(segment, sender));
        Assert.Equal(DatagramStatus.Ignored, link.Inject(forged, sender));
    }

    [Fact]
    public void How_long_coding_takes_changes_when_bytes_leave_and_what_they_decode_to_not()
    {
        byte[][] sent = [.. Enumerable.Range(0, 200)
            .Select(i => Encoding.ASCII.GetBytes($"reading {i}: {i * 37 % 101} V, {i * 13 % 7} A"))];
        List<byte[]> quick = Run(TimeSpan.Zero);
        List<byte[]> again = Run(TimeSpan.Zero);
        List<byte[]> slow = Run(TimeSpan.FromMilliseconds(250));
        Assert.Equal(quick, again);
        Assert.Equal(sent, quick);
        Assert.Equal(sent, slow);

        List<byte[]> Run(TimeSpan coding)
        {
            using EndpointLink link = new(Listening) { Coding = _ => coding };
            SenderEndpoint sender = link.Connect(Sending with { Rate = new DataRate(9600) });
            (_, List<ReceivedMessage> got) = Carry(link, sender, sent);
            return [.. got.Select(m => m.Content.ToArray())];
        }
    }

    private static ReceiverEndpoint Accept(EndpointLink link)
    {
        ReceiverEndpoint? accepted = null;
        link.Run(TimeSpan.FromSeconds(30), () => accepted is not null || link.Listener.TryAccept(out accepted));
        return accepted ?? throw new InvalidOperationException("No session began.");
    }

    private static (ReceiverEndpoint Receiver, List<ReceivedMessage> Got) Carry(
        EndpointLink link, SenderEndpoint sender, params byte[][] messages) =>
            Carry(link, sender, messages, null);

    private static (ReceiverEndpoint Receiver, List<ReceivedMessage> Got) Carry(
        EndpointLink link, SenderEndpoint sender, byte[] message, ReceiverEndpoint receiver) =>
            Carry(link, sender, [message], receiver);

    private static (ReceiverEndpoint Receiver, List<ReceivedMessage> Got) Carry(
        EndpointLink link, SenderEndpoint sender, byte[][] messages, ReceiverEndpoint? receiver)
    {
        List<ReceivedMessage> got = [];
        bool isQueued = false;
        link.Run(TimeSpan.FromMinutes(10), () =>
        {
            if (!isQueued && sender.Stream is { } stream)
            {
                isQueued = true;
                Array.ForEach(messages, message => stream.Add(message));
                stream.Complete();
            }

            _ = receiver is null && link.Listener.TryAccept(out receiver);
            got.AddRange(receiver is null ? [] : link.Take(receiver));
            return sender.Stream?.Closing is not null;
        });
        return (receiver!, got);
    }
}
