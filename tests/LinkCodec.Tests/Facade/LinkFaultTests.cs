using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>What goes wrong on a link: nothing wrong is delivered, nothing hangs, and every end has a reason.</summary>
public sealed class LinkFaultTests
{
    private static readonly byte[] Message = "attitude nominal"u8.ToArray();

    [Fact]
    public async Task Damaged_lost_doubled_and_shuffled_datagrams_change_nothing()
    {
        byte[][] sent = [.. Enumerable.Range(0, 400).Select(i => new TestRandom((ulong)i).Bytes(i))];
        await using LoopbackLink link = await LoopbackLink.OpenAsync(relayed: true);
        link.Relay!.Forward = Harm(new TestRandom(71));
        link.Relay.Back = Harm(new TestRandom(72));
        Assert.Equal(sent, await link.CarryAsync(sent));
        Assert.True(link.Receiver.Statistics.Session.Forged > 0);
        Assert.True(link.Receiver.Statistics.Session.Replayed > 0, "copies count as replays, not as forgeries");
        Assert.True(link.Sender.Statistics.Session.UnitsRetransmitted > 0);
    }

    [Fact]
    public async Task A_sender_that_is_disposed_ends_the_receiver_with_its_reason()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync();
        await link.Sender.SendAsync(Message);
        await using IAsyncEnumerator<ReceivedMessage> messages = link.Receiver.ReceiveAsync().GetAsyncEnumerator();
        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(LoopbackLink.Patience));
        Assert.Equal(Message, messages.Current.Content.ToArray());

        // It has said neither what follows nor that nothing does: the receiver waits.
        Task<bool> more = messages.MoveNextAsync().AsTask();
        Assert.False(more.IsCompleted);
        await link.Sender.DisposeAsync();
        LinkException error = await Assert.ThrowsAsync<LinkException>(() => more.WaitAsync(LoopbackLink.Patience));
        Assert.Equal(LinkErrorCode.Canceled, error.Code);
        Assert.Contains("The peer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_is_disposed_ends_the_sender_in_the_middle()
    {
        await using LoopbackLink link =
            await LoopbackLink.OpenAsync(options => options with { QueueLength = 4, Rate = new DataRate(2_000_000) });
        Task sending = LoopbackLink.SendAllAsync(link.Sender,
            Enumerable.Range(0, 2000).Select(i => new TestRandom((ulong)i).Bytes(2000)));
        await using IAsyncEnumerator<ReceivedMessage> messages = link.Receiver.ReceiveAsync().GetAsyncEnumerator();
        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(LoopbackLink.Patience));
        await link.Receiver.DisposeAsync();
        LinkException error = await Assert.ThrowsAsync<LinkException>(() => sending);
        Assert.Equal(LinkErrorCode.Canceled, error.Code);
        await Assert.ThrowsAsync<LinkException>(async () => await link.Sender.SendAsync(Message));
    }

    [Fact]
    public async Task A_peer_that_falls_silent_is_given_up()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(
            options => options with { IdleTimeout = TimeSpan.FromSeconds(2) }, relayed: true);
        link.Relay!.Forward = (_, _) => [];
        Task sending = LoopbackLink.SendAllAsync(link.Sender, [Message]);
        Assert.Equal(LinkErrorCode.TimedOut, (await Assert.ThrowsAsync<LinkException>(() => sending)).Code);
        Assert.Equal(LinkErrorCode.TimedOut,
            (await Assert.ThrowsAsync<LinkException>(() => LoopbackLink.ReceiveAllAsync(link.Receiver))).Code);
    }

    [Fact]
    public async Task Without_a_return_path_a_lost_message_is_named_though_the_last_words_are_lost_too()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with { HasReturnPath = false },
            relayed: true);
        TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool first = true;
        link.Relay!.Forward = (datagram, _) =>
        {
            bool drop = datagram[0] >= 0x80 && (first || link.Receiver.TotalMessages is not null);
            first &= !drop;
            if (drop)
            {
                lost.TrySetResult();
            }

            return drop ? [] : [datagram];
        };
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(link.Receiver);
        await link.Sender.SendAsync(Message);
        await lost.Task.WaitAsync(LoopbackLink.Patience);
        await LoopbackLink.SendAllAsync(link.Sender, [Message]);
        Assert.Equal(1UL, Assert.Single(await receiving).Number);
        Assert.Equal([(0UL, 1UL)], link.Receiver.Missing);
    }

    [Fact]
    public async Task A_reader_that_stops_holds_the_sender_back()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(
            options => options with { QueueLength = 4, MaxDatagramSize = 8000, Rate = new DataRate(400_000_000) });
        byte[] message = new TestRandom(5).Bytes(64 << 10);
        const int Messages = 600;
        Task sending = LoopbackLink.SendAllAsync(link.Sender, Enumerable.Repeat(message, Messages));
        long queued = await StandstillAsync(() => link.Sender.Statistics.Messages);
        Assert.InRange(queued, 1, Messages / 2);
        List<ReceivedMessage> got = await LoopbackLink.ReceiveAllAsync(link.Receiver);
        await sending;
        Assert.Equal(Messages, got.Count);
        Assert.All(got, m => Assert.True(m.Content.Span.SequenceEqual(message)));
    }

    [Fact]
    public async Task A_receiver_whose_reader_stopped_can_be_disposed()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with { QueueLength = 1 });
        Task sending = LoopbackLink.SendAllAsync(link.Sender, Enumerable.Repeat(Message, 50));
        await link.Receiver.DisposeAsync().AsTask().WaitAsync(LoopbackLink.Patience);
        LinkException error = await Assert.ThrowsAsync<LinkException>(() => sending.WaitAsync(LoopbackLink.Patience));
        Assert.Equal(LinkErrorCode.Canceled, error.Code);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled_and_disposal_repeated()
    {
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        LoopbackLink link = await LoopbackLink.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await link.Sender.SendAsync(Message, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await link.Receiver.ReceiveAsync(cancelled.Token).GetAsyncEnumerator().MoveNextAsync());
        Assert.Equal([Message], await link.CarryAsync([Message]));
        await link.DisposeAsync();
        await link.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await link.Sender.SendAsync(Message));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => link.Sender.CompleteAsync());
    }

    [Fact]
    public async Task A_listener_that_nobody_calls_can_be_cancelled_and_disposed()
    {
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        using CancellationTokenSource stop = new();
        Task accepting = receiver.AcceptAsync(cancellationToken: stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        await receiver.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused_where_it_is_sent()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with { MaxMessageSize = 1000 });
        LinkException error =
            await Assert.ThrowsAsync<LinkException>(async () => await link.Sender.SendAsync(new byte[1001]));
        Assert.Equal(LinkErrorCode.LimitExceeded, error.Code);
        Assert.Equal([new byte[1000]], await link.CarryAsync([new byte[1000]]));
    }

    [Fact]
    public async Task A_message_beyond_the_receivers_limit_ends_the_link_at_both_ends()
    {
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync(
            LoopbackLink.ReceiverOptions with { MaxMessageSize = 50_000 });
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        await using LinkSender sender = await LinkSender.ConnectAsync(receiver.Endpoint,
            LoopbackLink.SenderOptions with { Rate = new DataRate(400_000) }, LoopbackLink.WithoutFiles);

        // Slow enough that the refusal comes long before the end.
        Task sending = LoopbackLink.SendAllAsync(sender, [new TestRandom(3).Bytes(1_000_000)]);
        Assert.Equal(LinkErrorCode.LimitExceeded, (await Assert.ThrowsAsync<LinkException>(() => receiving)).Code);
        Assert.Equal(LinkErrorCode.LimitExceeded, (await Assert.ThrowsAsync<LinkException>(() => sending)).Code);
    }

    private static Func<byte[], int, IEnumerable<byte[]>> Harm(TestRandom random)
    {
        byte[]? late = null;
        return (datagram, _) =>
        {
            byte[] bad = (byte[])datagram.Clone();
            switch (random.Next(20))
            {
                case 0: return [];
                case 1: bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8)); return [bad];
                case 2: return [bad[..random.Next(bad.Length)], datagram];
                case 3: return [datagram, datagram];
                case 4: late = datagram; return [];
                case 5 when late is not null: return [datagram, late];
                default: return [datagram];
            }
        };
    }

    // The value once it has not changed for a while: what a full queue looks like from outside.
    private static async Task<long> StandstillAsync(Func<long> value)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(250));
        long last = -1;
        int same = 0;
        while (same < 4)
        {
            await timer.WaitForNextTickAsync();
            long now = value();
            same = now == last ? same + 1 : 0;
            last = now;
        }

        return last;
    }
}
