using System.Collections.Concurrent;
using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;

using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>
/// Ends that die and come again: a dead session is replaced, one that lives is not disturbed, and somebody says so.
/// </summary>
public sealed class SuccessorTests
{
    private static readonly byte[] One = "one"u8.ToArray();
    private static readonly byte[] Two = "two"u8.ToArray();

    [Fact]
    [Spec("2.5-3")]
    [Spec("2.7-1")]
    public async Task A_sender_that_starts_anew_takes_the_place_of_its_silent_session()
    {
        ConcurrentQueue<string> notices = new();
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        using Relay relay = Relay.Start(receiver.Endpoint);
        Task accepting = receiver.AcceptAsync(notices.Enqueue);
        await using LinkSender first = await LinkSender.ConnectAsync(relay.Endpoint, LoopbackLink.SenderOptions,
            LoopbackLink.WithoutFiles);
        await accepting.WaitAsync(LoopbackLink.Patience);
        await using IAsyncEnumerator<ReceivedMessage> messages = receiver.ReceiveAsync().GetAsyncEnumerator();
        await first.SendAsync(One);
        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(LoopbackLink.Patience));
        relay.Dispose(); // The first one's machine is gone.

        await using LinkSender second = await LinkSender.ConnectAsync(receiver.Endpoint, LoopbackLink.SenderOptions,
            LoopbackLink.WithoutFiles).WaitAsync(LoopbackLink.Patience);
        Task sending = LoopbackLink.SendAllAsync(second, [Two, One]);
        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(LoopbackLink.Patience));
        Assert.Equal((1UL, "two"), (messages.Current.Number, Encoding.ASCII.GetString(messages.Current.Content.Span)));
        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(LoopbackLink.Patience));
        Assert.Equal((2UL, "one"), (messages.Current.Number, Encoding.ASCII.GetString(messages.Current.Content.Span)));
        Assert.False(await messages.MoveNextAsync().AsTask().WaitAsync(LoopbackLink.Patience));
        await sending;
        Assert.Equal("a new session of the sender replaces the one that fell silent; 0 messages of it were not "
            + "finished", Assert.Single(notices));
        Assert.Empty(receiver.Missing);
        Assert.Equal(3, receiver.Statistics.Messages);
    }

    [Fact]
    [Spec("2.7-1")]
    public async Task A_second_sender_is_told_that_the_receiver_is_busy_and_the_first_goes_on()
    {
        ConcurrentQueue<string> notices = new();
        await using ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        Task accepting = receiver.AcceptAsync(notices.Enqueue);
        await using LinkSender first = await LinkSender.ConnectAsync(receiver.Endpoint, LoopbackLink.SenderOptions,
            LoopbackLink.WithoutFiles);
        await accepting.WaitAsync(LoopbackLink.Patience);
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(receiver);
        await first.SendAsync(One);
        for (int i = 0; i < 3; i++)
        {
            await using LinkSender second = await LinkSender.ConnectAsync(receiver.Endpoint, LoopbackLink.SenderOptions,
                LoopbackLink.WithoutFiles).WaitAsync(LoopbackLink.Patience);
            LinkException told =
                await Assert.ThrowsAsync<LinkException>(() => LoopbackLink.SendAllAsync(second, [Two]));
            Assert.Equal(LinkErrorCode.Canceled, told.Code);
            Assert.Contains("another session, which is alive", told.Message, StringComparison.Ordinal);
        }

        await LoopbackLink.SendAllAsync(first, [One]);
        Assert.Equal([One, One], (await receiving).Select(m => m.Content.ToArray()));
        Assert.Equal("told another sender that this end is busy", Assert.Single(notices));
    }

    [Fact]
    [Spec("2.5-6")]
    public async Task A_sender_whose_receiver_was_started_anew_is_told_so_and_the_new_one_waits_undisturbed()
    {
        ReceivingEnd receiver = await LoopbackLink.ListenAsync();
        LinkEndpoint at = receiver.Endpoint;
        using Relay relay = Relay.Start(at);
        await using IAsyncEnumerator<ReceivedMessage> messages = receiver.ReceiveAsync().GetAsyncEnumerator();
        Task<bool> came = messages.MoveNextAsync().AsTask();
        await using LinkSender sender = await LinkSender.ConnectAsync(relay.Endpoint, LoopbackLink.SenderOptions,
            LoopbackLink.WithoutFiles);
        await sender.SendAsync(One);
        Assert.True(await came.WaitAsync(LoopbackLink.Patience));
        Task<bool> more = messages.MoveNextAsync().AsTask();
        await using PipedMessages input = new();
        Task sendingAll = sender.SendAllAsync(input.Reader, MessageFormat.Lines);
        // Its last words are lost, as those of a process that is killed are never said.
        relay.Back = (datagram, _) => datagram[0] >= 0x80 ? [] : [datagram];
        await receiver.DisposeAsync();
        await Assert.ThrowsAsync<LinkException>(() => more.WaitAsync(LoopbackLink.Patience));

        await using ReceivingEnd anew = await ReceivingEnd.ListenAsync(at, LoopbackLink.ReceiverOptions,
            LoopbackLink.WithoutFiles);
        Task<List<ReceivedMessage>> next = LoopbackLink.ReceiveAllAsync(anew);
        await input.WriteAsync("two\n"u8.ToArray());
        LinkException told = await Assert.ThrowsAsync<LinkException>(() => sendingAll.WaitAsync(LoopbackLink.Patience));
        Assert.StartsWith("the receiver does not know this session any more", told.Message, StringComparison.Ordinal);

        await using LinkSender second = await LinkSender
            .ConnectAsync(at, LoopbackLink.SenderOptions, LoopbackLink.WithoutFiles).WaitAsync(LoopbackLink.Patience);
        await LoopbackLink.SendAllAsync(second, [Two]);
        Assert.Equal(Two, Assert.Single(await next).Content.ToArray());
    }

    [Fact]
    [Spec("2.5-6")]
    public async Task An_outage_does_not_make_a_sender_believe_that_its_session_is_lost()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(relayed: true);
        int asked = 0;
        int answered = 0;
        link.Relay!.Forward = (datagram, _) =>
        {
            asked += datagram[0] == 1 ? 1 : 0;
            // Questions pass and segments do not: the worst of outages.
            return datagram[0] == 1 || answered >= 2 ? [datagram] : [];
        };
        link.Relay.Back = (datagram, _) =>
        {
            answered += datagram[0] == 2 ? 1 : 0;
            return [datagram];
        };
        Assert.Equal([One, Two], await link.CarryAsync([One, Two]));
        Assert.True(asked >= 2 && answered >= 2);
    }

    private sealed class PipedMessages : IAsyncDisposable
    {
        private readonly System.IO.Pipelines.Pipe _pipe = new();

        public System.IO.Pipelines.PipeReader Reader => _pipe.Reader;

        public async Task WriteAsync(byte[] bytes) => await _pipe.Writer.WriteAsync(bytes);

        public ValueTask DisposeAsync() => _pipe.Writer.CompleteAsync();
    }
}
