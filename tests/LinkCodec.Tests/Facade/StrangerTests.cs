using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Tests.Bytes;
using LinkCodec.Transport.Udp;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>
/// What datagrams of strangers do to a receiver: it lives, listens on, and its session's output is the same.
/// </summary>
public sealed class StrangerTests
{
    private static readonly byte[] Message = "hello"u8.ToArray();

    [Fact]
    public async Task A_refusal_to_port_0_does_not_end_a_receiver()
    {
        await using UdpTransport listener = await UdpTransport.ListenAsync("127.0.0.1", 0);
        await listener.SendAsync(Message, new IPEndPoint(IPAddress.Loopback, 0));
        Assert.True(listener.UndeliverableDatagrams > 0);
    }

    [NeedsFact(Machine.RawSockets)]
    public async Task Datagrams_from_port_0_are_not_even_seen()
    {
        using Socket raw = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp);
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        using Relay relay = Relay.Start(receiver.Endpoint);
        ConcurrentQueue<byte[]> seen = new();
        relay.Forward = (datagram, _) =>
        {
            seen.Enqueue(datagram);
            return [datagram];
        };
        SendFromPort0(raw, receiver.Endpoint.Port, Convert.FromHexString("0120000000000000000000"));
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        await using LinkSender sender = await LinkSender.ConnectAsync(relay.Endpoint, LoopbackLink.SenderOptions,
            LoopbackLink.WithoutFiles).WaitAsync(LoopbackLink.Patience);
        await sender.SendAsync(Message);
        relay.Forward = (datagram, _) =>
        {
            // An authentic segment that would move the peer there.
            SendFromPort0(raw, receiver.Endpoint.Port, datagram);
            return [datagram];
        };
        foreach (byte[] datagram in seen)
        {
            SendFromPort0(raw, receiver.Endpoint.Port, datagram);
        }

        await LoopbackLink.SendAllAsync(sender, [Message, Message]);
        Assert.Equal(3, (await receiving).Count);
    }

    [Fact]
    public async Task A_send_that_the_system_forbids_is_loss_to_a_listener()
    {
        await using UdpTransport listener = await UdpTransport.ListenAsync("127.0.0.1", 0);
        // "Permission denied", as a firewall says it too.
        await listener.SendAsync(Message, new IPEndPoint(IPAddress.Broadcast, 9));
        await listener.SendAsync(Message, new IPEndPoint(IPAddress.Parse("240.0.0.1"), 9));
        Assert.True(listener.UndeliverableDatagrams > 0);
    }

    [Theory]
    [InlineData("0425000000000000000000")] // Another version.
    [InlineData("0415000909090909090909")]
    [InlineData("0415000909090909090909" + "0000000000000000000000000000000000000000000000000000000000000000"
        + "000000000000000000000000000000000000")] // Another snapshot.
    [Spec("2.6-2")]
    public async Task An_opening_that_names_an_unknown_snapshot_does_not_end_a_one_way_receiver(string opening)
    {
        ConcurrentQueue<string> notices = new();
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync(
            LoopbackLink.ReceiverOptions with { HasReturnPath = false });
        using UdpClient stranger = new();
        for (int i = 0; i < 50; i++)
        {
            await stranger.SendAsync(Convert.FromHexString(opening), "127.0.0.1", receiver.Endpoint.Port);
        }

        Task accepting = receiver.AcceptAsync(notices.Enqueue);
        await using LinkSender sender = await LinkSender.ConnectAsync(
            receiver.Endpoint, LoopbackLink.SenderOptions with { HasReturnPath = false }, LoopbackLink.WithoutFiles);
        Task sending = LoopbackLink.SendAllAsync(sender, [Message]);
        await accepting.WaitAsync(LoopbackLink.Patience);
        Assert.Equal(Message, Assert.Single(await LoopbackLink.ReceiveAllAsync(receiver)).Content.ToArray());
        await sending;
        Assert.InRange(notices.Count, 0, 2); // Strangers do not fill a screen.
    }

    [Fact]
    [Spec("2.6-2")]
    public async Task A_recorded_opening_does_not_make_a_one_way_receiver_deaf()
    {
        LinkOptions oneWay = LoopbackLink.ReceiverOptions with { HasReturnPath = false };
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync(oneWay);
        using UdpClient stranger = new();
        for (int i = 0; i < 10; i++)
        {
            await stranger.SendAsync(OneWaySender.Start(Recorded(HandshakePattern.K)).Datagram.ToArray(), "127.0.0.1",
                receiver.Endpoint.Port);
        }

        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        await using LinkSender sender = await LinkSender.ConnectAsync(
            receiver.Endpoint, LoopbackLink.SenderOptions with { HasReturnPath = false }, LoopbackLink.WithoutFiles);
        await LoopbackLink.SendAllAsync(sender, [Message]);
        Assert.Equal(Message, Assert.Single(await receiving).Content.ToArray());
    }

    [Fact]
    public async Task A_file_whose_opening_names_a_snapshot_that_is_not_here_says_which()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("linkcodec").FullName, "link");
        using LinkSnapshots builtIn = LinkSnapshots.Load([TestSnapshots.BuiltIn]);
        await using (LinkSender sender = await LinkSender.ConnectAsync(LinkEndpoint.File(path),
            new LinkOptions { UsePublishedKeys = true }, builtIn))
        {
            await LoopbackLink.SendAllAsync(sender, [Message]);
        }

        await using ReceivingEnd receiver = await ReceivingEnd.ListenAsync(LinkEndpoint.File(path),
            new LinkOptions { UsePublishedKeys = true }, LoopbackLink.WithoutFiles);
        LinkException error = await Assert.ThrowsAsync<LinkException>(() => LoopbackLink.ReceiveAllAsync(receiver));
        Assert.Equal(LinkErrorCode.SnapshotMismatch, error.Code);
        Assert.Contains(builtIn.All[0].Name.ToString()[..8], error.Message, StringComparison.OrdinalIgnoreCase);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    [Spec("2.5-2")]
    public async Task A_sender_gets_its_session_while_recorded_first_flights_are_replayed_without_end()
    {
        byte[][] recorded = [.. Enumerable.Range(0, 400).Select(_ => Initiate(Recorded(HandshakePattern.KK)))];
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        using UdpClient stranger = new();

        // With every answer comes the flood: before the first segment under it can arrive, the candidates have been
        // turned over three times.
        using Relay relay = Relay.Start(receiver.Endpoint);
        int floods = 0;
        relay.Back = (datagram, _) =>
        {
            if (datagram[0] == 2)
            {
                floods++;
                Array.ForEach(recorded, initiate => stranger.Send(initiate, "127.0.0.1", receiver.Endpoint.Port));
            }

            return [datagram];
        };
        await using LinkSender sender = await LinkSender.ConnectAsync(relay.Endpoint, LoopbackLink.SenderOptions,
            LoopbackLink.WithoutFiles).WaitAsync(LoopbackLink.Patience);
        await LoopbackLink.SendAllAsync(sender, [Message, Message]);
        Assert.Equal(2, (await receiving).Count);
        Assert.True(floods >= 2, "the first answer's keys were pushed out, and brought back");
    }

    [Fact]
    public async Task Handshakes_under_other_keys_are_told_once_and_without_a_secret()
    {
        using LinkIdentity other = LinkIdentity.Create();
        ConcurrentQueue<string> notices = new();
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync(
            LoopbackLink.ReceiverOptions with { PeerPublicKey = other.PublicKey });
        using CancellationTokenSource stop = new();
        Task accepting = receiver.AcceptAsync(notices.Enqueue, stop.Token);
        await Assert.ThrowsAsync<LinkException>(() => LinkSender.ConnectAsync(
            receiver.Endpoint, LoopbackLink.SenderOptions with { HandshakeTimeout = TimeSpan.FromSeconds(1) },
            LoopbackLink.WithoutFiles));
        Assert.Contains("dropped 1 handshake that does not fit these keys", Assert.Single(notices),
            StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
    }

    private static HandshakeOptions Recorded(HandshakePattern pattern) => new()
    {
        Pattern = pattern,
        StaticKey = LoopbackLink.Alice.Key,
        PeerKey = LoopbackLink.Bob.Key.PublicKey,
    };

    private static byte[] Initiate(HandshakeOptions options)
    {
        using HandshakeInitiator initiator = new(options);
        ArrayBufferWriter<byte> writer = new();
        Assert.True(initiator.TryTransmit(writer, Timestamp.Zero));
        return writer.WrittenSpan.ToArray();
    }

    private static void SendFromPort0(Socket raw, int port, byte[] datagram)
    {
        byte[] packet = [0, 0, (byte)(port >> 8), (byte)port, (byte)((datagram.Length + 8) >> 8),
            (byte)(datagram.Length + 8), 0, 0, .. datagram];
        raw.SendTo(packet, new IPEndPoint(IPAddress.Loopback, 0));
    }
}
