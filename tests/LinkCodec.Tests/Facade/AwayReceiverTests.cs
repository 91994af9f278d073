using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Senders with a state folder whose receiver is away, or does not take them.</summary>
public sealed class AwayReceiverTests : IDisposable
{
    private static readonly LinkEndpoint Nobody = LinkEndpoint.Udp("127.0.0.1", 9);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Spec("4.8-1")]
    public async Task Messages_are_stored_before_any_receiver_has_answered_and_come_out_later()
    {
        for (int run = 0; run < 3; run++)
        {
            await using LinkSender sender = await ConnectAsync(Nobody);
            await SendAsync(sender, run * 10, 10);
            Assert.Equal(new LinkReceipts((ulong)(run * 10) + 10, 0, 0), sender.Receipts);
            Assert.Equal(0, sender.Statistics.Messages);
            Assert.Throws<InvalidOperationException>(() => sender.Snapshot);
        }

        await using LinkListener listener = await ListenAsync();
        await using LinkSender last = await ConnectAsync(listener.Endpoint);
        await SendAsync(last, 30, 1);
        await FinishAsync(listener, last, 31);
    }

    [Fact]
    [Spec("4.8-1")]
    public async Task A_sender_that_waits_without_end_goes_on_when_the_receiver_comes()
    {
        await using LinkListener listener = await ListenAsync();
        using Relay relay = Relay.Start(listener.Endpoint);
        TaskCompletionSource repeated = new(TaskCreationOptions.RunContinuationsAsynchronously);
        relay.Forward = (_, number) =>
        {
            if (number == 5)
            {
                repeated.TrySetResult();
            }

            return [];
        };
        await using LinkSender sender = await ConnectAsync(relay.Endpoint, Timeout.InfiniteTimeSpan);
        await SendAsync(sender, 0, 100);
        await repeated.Task.WaitAsync(LoopbackLink.Patience);
        Task connected = sender.WhenConnectedAsync();
        Assert.False(connected.IsCompleted);
        relay.Forward = (datagram, _) => [datagram];
        await connected.WaitAsync(LoopbackLink.Patience);
        Assert.Same(LoopbackLink.WithoutFiles.All[0], sender.Snapshot);
        await FinishAsync(listener, sender, 100);
    }

    [Fact]
    public async Task After_the_time_out_every_call_says_so_and_the_messages_stay()
    {
        await using (LinkSender sender = await ConnectAsync(Nobody, TimeSpan.FromSeconds(1)))
        {
            await SendAsync(sender, 0, 3);
            await AssertTimedOutAsync(() => sender.WhenConnectedAsync());
            await AssertTimedOutAsync(() => sender.SendAsync(Message(3)).AsTask());
            await AssertTimedOutAsync(() => sender.WhenDeliveredAsync(1));
            await AssertTimedOutAsync(() => sender.CompleteAsync());
            Assert.Equal(new LinkReceipts(3, 0, 0), sender.Receipts);
        }

        await using LinkListener listener = await ListenAsync();
        await using LinkSender next = await ConnectAsync(listener.Endpoint);
        await FinishAsync(listener, next, 3);
    }

    [Fact]
    public async Task A_receiver_that_refuses_is_told_behind_the_caller_and_nothing_is_lost()
    {
        LinkSnapshots other = LinkSnapshots.Load([TestSnapshots.BuiltIn]);
        await using (LinkListener listener = await ListenAsync())
        {
            await using LinkSender sender = await LinkSender.ConnectAsync(listener.Endpoint, OptionsWith(null), other);
            await SendAsync(sender, 0, 3);
            LinkException told = await Assert.ThrowsAsync<LinkException>(
                () => sender.CompleteAsync().WaitAsync(LoopbackLink.Patience));
            Assert.Equal(LinkErrorCode.SnapshotMismatch, told.Code);
        }

        await using LinkListener listening = await ListenAsync();
        await using LinkSender next = await ConnectAsync(listening.Endpoint);
        await FinishAsync(listening, next, 3);
    }

    [Fact]
    public async Task A_receiver_that_is_busy_is_asked_again_by_a_sender_that_waits_without_end()
    {
        await using LinkListener listener = await ListenAsync();
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable telling = listener.Events.Subscribe(new ReceivingEnd.Observer(e =>
        {
            if (e.Kind == LinkEventKind.SenderTurnedAway)
            {
                told.TrySetResult();
            }
        }));
        await using LinkSender first = await LinkSender.ConnectAsync(listener.Endpoint,
            OptionsWith(null) with { State = Path.Combine(_folder.FullName, "first") }, LoopbackLink.WithoutFiles);
        await first.SendAsync(Message(7));
        LinkReceiver taking = await listener.AcceptAsync();
        await using LinkSender second = await LinkSender.ConnectAsync(listener.Endpoint,
            OptionsWith(Timeout.InfiniteTimeSpan) with { TimeProvider = new FastTime(60) }, LoopbackLink.WithoutFiles);
        await SendAsync(second, 0, 3);
        await told.Task.WaitAsync(LoopbackLink.Patience); // Of the same key: the session that is alive stays.
        Task completing = first.CompleteAsync();
        await foreach (ReceivedMessage message in taking.ReceiveAsync())
        {
            Assert.Equal(Message(7), message.Content.ToArray());
        }

        await completing.WaitAsync(LoopbackLink.Patience);
        await taking.DisposeAsync();
        await FinishAsync(listener, second, 3);
    }

    [Fact]
    public async Task Where_a_name_is_nowhere_a_sender_that_waits_without_end_stores_all_the_same()
    {
        LinkEndpoint nowhere = LinkEndpoint.Udp("nowhere.invalid", 9);
        LinkException told = await Assert.ThrowsAsync<LinkException>(() => ConnectAsync(nowhere));
        Assert.Equal(LinkErrorCode.TransportFailed, told.Code);
        await using LinkSender sender = await ConnectAsync(nowhere, Timeout.InfiniteTimeSpan);
        await SendAsync(sender, 0, 3);
        Assert.Equal(3UL, sender.Receipts.Stored);
    }

    private static byte[] Message(int number) => Encoding.ASCII.GetBytes($"message {number}");

    private static async Task SendAsync(LinkSender sender, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            await sender.SendAsync(Message(i)).AsTask().WaitAsync(LoopbackLink.Patience);
        }
    }

    private static async Task AssertTimedOutAsync(Func<Task> call)
    {
        LinkException told = await Assert.ThrowsAsync<LinkException>(() => call().WaitAsync(LoopbackLink.Patience));
        Assert.Equal(LinkErrorCode.TimedOut, told.Code);
    }

    // All messages of the queue come out, once and in order.
    private static async Task FinishAsync(LinkListener listener, LinkSender sender, int count)
    {
        Task completing = sender.CompleteAsync();
        await using LinkReceiver receiver = await listener.AcceptAsync();
        List<string> all = [];
        await foreach (ReceivedMessage message in receiver.ReceiveAsync())
        {
            all.Add(Encoding.ASCII.GetString(message.Content.Span));
        }

        await completing.WaitAsync(LoopbackLink.Patience);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"message {i}"), all);
    }

    private Task<LinkListener> ListenAsync() => LinkListener.ListenAsync(LinkEndpoint.Udp("127.0.0.1", 0),
        LoopbackLink.ReceiverOptions with { State = Path.Combine(_folder.FullName, "marks") },
        LoopbackLink.WithoutFiles);

    private LinkOptions OptionsWith(TimeSpan? timeout) => LoopbackLink.SenderOptions with
    {
        State = Path.Combine(_folder.FullName, "queue"),
        HandshakeTimeout = timeout ?? LoopbackLink.Patience,
    };

    private Task<LinkSender> ConnectAsync(LinkEndpoint to, TimeSpan? timeout = null) =>
        LinkSender.ConnectAsync(to, OptionsWith(timeout), LoopbackLink.WithoutFiles);
}
