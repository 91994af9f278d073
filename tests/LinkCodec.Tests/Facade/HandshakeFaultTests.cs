using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Ends that do not fit each other, and what strangers can do with handshakes.</summary>
public sealed class HandshakeFaultTests
{
    private static readonly byte[] Message = "hello"u8.ToArray();
    private static readonly LinkSnapshots BuiltIn = LinkSnapshots.Load([TestSnapshots.BuiltIn]);
    private static readonly LinkSnapshots Both = LinkSnapshots.Load([TestSnapshots.BuiltIn, LinkSnapshots.None]);

    [Fact]
    public async Task A_wrong_key_is_a_time_out_that_names_what_to_look_at()
    {
        using LinkIdentity other = LinkIdentity.Create();
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync(
            LoopbackLink.ReceiverOptions with { PeerPublicKey = other.PublicKey });
        using CancellationTokenSource stop = new();
        Task accepting = receiver.AcceptAsync(cancellationToken: stop.Token);
        LinkException error = await Assert.ThrowsAsync<LinkException>(() => LinkSender.ConnectAsync(
            receiver.Endpoint, LoopbackLink.SenderOptions with { HandshakeTimeout = TimeSpan.FromSeconds(1) },
            LoopbackLink.WithoutFiles));
        Assert.Equal(LinkErrorCode.TimedOut, error.Code);
        Assert.Contains("public keys", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(accepting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
    }

    [Fact]
    public async Task Nobody_at_the_other_end_is_a_time_out()
    {
        await using ReceivingEnd gone = await LoopbackLink.ListenAsync();
        await gone.DisposeAsync();
        LinkException error = await Assert.ThrowsAsync<LinkException>(() => LinkSender.ConnectAsync(
            gone.Endpoint, LoopbackLink.SenderOptions with { HandshakeTimeout = TimeSpan.FromSeconds(1) },
            LoopbackLink.WithoutFiles));
        Assert.Equal(LinkErrorCode.TimedOut, error.Code);
    }

    [Fact]
    public async Task A_snapshot_that_the_receiver_lacks_is_refused_by_name()
    {
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        TaskCompletionSource<string> refused = new();
        using CancellationTokenSource stop = new();
        Task accepting = receiver.AcceptAsync(line => refused.TrySetResult(line), stop.Token);
        LinkException error = await Assert.ThrowsAsync<LinkException>(
            () => LinkSender.ConnectAsync(receiver.Endpoint, LoopbackLink.SenderOptions, BuiltIn))
            .WaitAsync(LoopbackLink.Patience);
        Assert.Equal(LinkErrorCode.SnapshotMismatch, error.Code);
        string offered = BuiltIn.All[0].Name.ToString()[..8];
        Assert.Contains(offered, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(offered, await refused.Task.WaitAsync(LoopbackLink.Patience),
            StringComparison.OrdinalIgnoreCase);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
    }

    [Fact]
    public async Task A_sender_that_offers_both_falls_back_to_the_common_one()
    {
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        await using LinkSender sender = await LinkSender
            .ConnectAsync(receiver.Endpoint, LoopbackLink.SenderOptions, Both).WaitAsync(LoopbackLink.Patience);
        Assert.Same(Both.All[1], sender.Snapshot);
        await LoopbackLink.SendAllAsync(sender, [Message]);
        Assert.Equal(Message, Assert.Single(await receiving).Content.ToArray());
    }

    [Fact]
    public async Task Of_several_common_snapshots_the_senders_first_is_taken()
    {
        using LinkSnapshots reversed = LinkSnapshots.Load([LinkSnapshots.None, TestSnapshots.BuiltIn]);
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync(snapshots: reversed);
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        await using LinkSender sender = await LinkSender
            .ConnectAsync(receiver.Endpoint, LoopbackLink.SenderOptions, Both).WaitAsync(LoopbackLink.Patience);
        Assert.Same(Both.All[0], sender.Snapshot);
        await LoopbackLink.SendAllAsync(sender, [Message]);
        Assert.Equal(Message, Assert.Single(await receiving).Content.ToArray());
        Assert.Equal(sender.Snapshot.Name, receiver.Snapshot!.Name);
    }

    [Fact]
    [Spec("6.5-4")]
    public async Task A_snapshot_that_proves_altered_during_the_handshake_ends_the_attempt()
    {
        string good = TestSnapshots.Find("models/snapshots/flight-1");
        string folder = Directory.CreateTempSubdirectory("linkcodec").FullName;
        foreach (string file in Directory.EnumerateFiles(good))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string weights = Path.Combine(folder, "context-mixing.bin");
        byte[] bytes = await File.ReadAllBytesAsync(weights);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes);
        using LinkSnapshots snapshots = LinkSnapshots.Load([good]);
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync(snapshots: snapshots);
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        LinkException error = await Assert.ThrowsAsync<LinkException>(() => LinkSender.ConnectAsync(
            receiver.Endpoint, LoopbackLink.SenderOptions with { Snapshots = [folder] }))
            .WaitAsync(LoopbackLink.Patience);
        Assert.Equal(LinkErrorCode.SnapshotAltered, error.Code);
        Directory.Delete(folder, recursive: true);

        // Whether or not the receiver has seen a session, it has got no message out of it.
        await receiver.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => receiving.WaitAsync(LoopbackLink.Patience));
    }

    [Fact]
    public async Task A_connecting_sender_can_be_cancelled()
    {
        await using ReceivingEnd deaf = await LoopbackLink.ListenAsync();
        using CancellationTokenSource stop = new();
        Task<LinkSender> connecting = LinkSender.ConnectAsync(deaf.Endpoint, LoopbackLink.SenderOptions,
            LoopbackLink.WithoutFiles, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact]
    public async Task Every_second_handshake_datagram_may_be_lost_or_damaged()
    {
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        using Relay relay = Relay.Start(receiver.Endpoint);
        relay.Forward = (datagram, number) => number % 2 == 0 && datagram[0] < 0x80 ? [datagram[..^1]] : [datagram];
        relay.Back = (datagram, number) => number == 0 ? [] : [datagram];
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        await using LinkSender sender = await LinkSender.ConnectAsync(relay.Endpoint, LoopbackLink.SenderOptions,
            LoopbackLink.WithoutFiles).WaitAsync(LoopbackLink.Patience);
        await LoopbackLink.SendAllAsync(sender, [Message]);
        Assert.Equal(Message, Assert.Single(await receiving).Content.ToArray());
    }

    [Fact]
    [Spec("2.5-3")]
    public async Task A_replayed_handshake_from_elsewhere_is_answered_there_and_moves_nothing()
    {
        byte[]? initiate = null;
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        using Relay relay = Relay.Start(receiver.Endpoint);
        relay.Forward = (datagram, _) =>
        {
            initiate ??= datagram;
            return [datagram];
        };
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        await using LinkSender sender = await LinkSender.ConnectAsync(relay.Endpoint, LoopbackLink.SenderOptions,
            LoopbackLink.WithoutFiles);
        using UdpClient stranger = new(new IPEndPoint(IPAddress.Loopback, 0));
        using CancellationTokenSource limit = new(LoopbackLink.Patience);
        using PeriodicTimer again = new(TimeSpan.FromMilliseconds(20)); // A copy of the same moment is not answered.
        while (stranger.Available == 0)
        {
            await stranger.SendAsync(initiate!, "127.0.0.1", receiver.Endpoint.Port);
            await again.WaitForNextTickAsync(limit.Token);
        }

        await LoopbackLink.SendAllAsync(sender, [Message, Message]);
        Assert.Equal(2, (await receiving).Count);
        while (stranger.Available > 0)
        {
            Assert.Equal(2, (await stranger.ReceiveAsync(limit.Token)).Buffer[0]);
        }
    }

    [Theory]
    [InlineData("not a key")]
    [InlineData("")]
    [InlineData("/no/such/file.pub")]
    public void A_bad_public_key_is_one_clear_line(string text)
    {
        LinkKeyException error = Assert.Throws<LinkKeyException>(() => LinkPublicKey.ParseOrLoad(text));
        Assert.Contains("keygen", error.Message, StringComparison.Ordinal);
    }
}
