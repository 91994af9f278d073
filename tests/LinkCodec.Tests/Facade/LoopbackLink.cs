using LinkCodec.Core.Compression;
using LinkCodec.Core.Session;

namespace LinkCodec.Tests.Facade;

/// <summary>
/// A sender and a receiver of this process with UDP on the loopback device between them, or a relay that harms what
/// passes.
/// </summary>
internal sealed class LoopbackLink : IAsyncDisposable
{
    /// <summary>The time that a test waits for what must happen; far beyond what it takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private LoopbackLink(LinkSender sender, ReceivingEnd receiver, Relay? relay) =>
        (Sender, Receiver, Relay) = (sender, receiver, relay);

    public static LinkIdentity Alice { get; } = LinkIdentity.Create();

    public static LinkIdentity Bob { get; } = LinkIdentity.Create();

    public static LinkSnapshots WithoutFiles { get; } = LinkSnapshots.Load([LinkSnapshots.None]);

    public static LinkOptions SenderOptions { get; } = new()
    {
        Identity = Alice,
        PeerPublicKey = Bob.PublicKey,
        Snapshots = [LinkSnapshots.None],
        OneWayDelay = TimeSpan.FromMilliseconds(5),
        HandshakeTimeout = Patience,
        IdleTimeout = Patience,
    };

    public static LinkOptions ReceiverOptions { get; } = SenderOptions with
    {
        Identity = Bob,
        PeerPublicKey = Alice.PublicKey,
    };

    public LinkSender Sender { get; }

    public ReceivingEnd Receiver { get; }

    public Relay? Relay { get; }

    /// <summary>Both ends, after their handshake. <paramref name="change"/> is applied to both ends' options.</summary>
    public static async Task<LoopbackLink> OpenAsync(Func<LinkOptions, LinkOptions>? change = null,
        LinkSnapshots? snapshots = null, bool relayed = false)
    {
        change ??= options => options;
        LinkSnapshots loaded = snapshots ?? WithoutFiles;
        ReceivingEnd receiver = await ListenAsync(change(ReceiverOptions), loaded);
        Relay? relay = relayed ? Relay.Start(receiver.Endpoint) : null;
        // One-way: it waits for the first message.
        Task accepting = change(ReceiverOptions).HasReturnPath
            ? receiver.AcceptAsync().WaitAsync(Patience)
            : Task.CompletedTask;
        LinkSender sender = await LinkSender
            .ConnectAsync(relay?.Endpoint ?? receiver.Endpoint, change(SenderOptions), loaded).WaitAsync(Patience);
        await accepting;
        return new LoopbackLink(sender, receiver, relay);
    }

    public static Task<ReceivingEnd> ListenAsync(LinkOptions? options = null, LinkSnapshots? snapshots = null) =>
        ReceivingEnd.ListenAsync(LinkEndpoint.Udp("127.0.0.1", 0), options ?? ReceiverOptions,
            snapshots ?? WithoutFiles);

    /// <summary>Everything that comes, in the order in which it is given out.</summary>
    public static async Task<List<ReceivedMessage>> ReceiveAllAsync(ReceivingEnd receiver)
    {
        using CancellationTokenSource limit = new(Patience);
        List<ReceivedMessage> all = [];
        await foreach (ReceivedMessage message in receiver.ReceiveAsync(limit.Token))
        {
            all.Add(message);
        }

        return all;
    }

    public static async Task SendAllAsync(LinkSender sender, IEnumerable<byte[]> messages)
    {
        using CancellationTokenSource limit = new(Patience);
        foreach (byte[] message in messages)
        {
            await sender.SendAsync(message, limit.Token);
        }

        await sender.CompleteAsync(cancellationToken: limit.Token);
    }

    /// <summary>Sends the messages and returns what came.</summary>
    public async Task<byte[][]> CarryAsync(IEnumerable<byte[]> messages)
    {
        Task<List<ReceivedMessage>> receiving = ReceiveAllAsync(Receiver);
        await SendAllAsync(Sender, messages);
        return [.. (await receiving).Select(m => m.Content.ToArray())];
    }

    public async ValueTask DisposeAsync()
    {
        await Sender.DisposeAsync().AsTask().WaitAsync(Patience);
        await Receiver.DisposeAsync().AsTask().WaitAsync(Patience);
        Relay?.Dispose();
    }
}
