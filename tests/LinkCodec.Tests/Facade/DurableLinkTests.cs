using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.State;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Senders and receivers with state folders, which end and begin again.</summary>
public sealed class DurableLinkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Queue => Path.Combine(_folder.FullName, "queue");

    private string Marks => Path.Combine(_folder.FullName, "marks");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Spec("4.8-2")]
    [Spec("4.8-7")]
    public async Task Numbers_go_on_from_session_to_session()
    {
        await using LinkListener listener = await ListenAsync();
        for (int run = 0; run < 3; run++)
        {
            Task<List<ReceivedMessage>> receiving = ReceiveAsync(listener);
            await using LinkSender sender = await ConnectAsync(listener);
            await sender.SendAsync(Message(2 * run));
            await sender.SendAsync(Message((2 * run) + 1));
            await sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
            ulong end = (ulong)(2 * run) + 2;
            Assert.Equal(new LinkReceipts(end, end, end), sender.Receipts);
            Assert.Equal([end - 2, end - 1], (await receiving).Select(message => message.Number));
        }
    }

    [Fact]
    [Spec("4.8-3")]
    public async Task What_was_not_acknowledged_comes_in_the_next_session_and_nothing_else()
    {
        await using LinkListener listener = await ListenAsync();
        await using (LinkSender first = await ConnectAsync(listener))
        {
            await SendAsync(first, 0, 10);
            await using LinkReceiver receiver = await listener.AcceptAsync();
            await foreach (ReceivedMessage message in receiver.ReceiveAsync())
            {
                if (message.Number == 3)
                {
                    await receiver.AcknowledgeAsync();
                }
                else if (message.Number == 6)
                {
                    break; // 4 and 5 may be noted, for the next one was asked for; 6 is not.
                }
            }
        }

        Task<List<ReceivedMessage>> receiving = ReceiveAsync(listener);
        await using LinkSender second = await ConnectAsync(listener);
        await SendAsync(second, 10, 2);
        await second.CompleteAsync().WaitAsync(LoopbackLink.Patience);
        List<ReceivedMessage> rest = await receiving;
        Assert.InRange(rest.Count, 6, 8);
        Assert.Equal(Enumerable.Range(12 - rest.Count, rest.Count).Select(i => Encoding.ASCII.GetString(Message(i))),
            rest.Select(message => Encoding.ASCII.GetString(message.Content.Span)));
        // The sender did not wait to hear what was delivered: of that it may have sent some once more.
        Assert.InRange(second.Statistics.Messages, rest.Count, 12);
    }

    [Fact]
    public async Task A_receiver_that_is_started_anew_gets_the_rest_from_the_same_sender()
    {
        LinkListener first = await ListenAsync();
        using Relay relay = Relay.Start(first.Endpoint);
        await using LinkSender sender = await LinkSender.ConnectAsync(relay.Endpoint,
            LoopbackLink.SenderOptions with { State = Queue }, LoopbackLink.WithoutFiles);
        await SendAsync(sender, 0, 10);
        LinkReceiver receiver = await first.AcceptAsync();
        await foreach (ReceivedMessage message in receiver.ReceiveAsync())
        {
            if (message.Number == 4)
            {
                await receiver.AcknowledgeAsync();
                break;
            }
        }

        await sender.WhenDeliveredAsync(1).WaitAsync(LoopbackLink.Patience);
        relay.Back = (_, _) => []; // A killed process says nothing.
        await first.DisposeAsync();
        await using LinkListener second = await ListenAsync(first.Endpoint);
        relay.Back = (datagram, _) => [datagram];
        Task<List<ReceivedMessage>> receiving = ReceiveAsync(second);
        await SendAsync(sender, 10, 1);
        await sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
        Assert.Equal(Enumerable.Range(5, 6).Select(i => (ulong)i), (await receiving).Select(m => m.Number));
    }

    [Fact]
    [Spec("4.8-4")]
    public async Task A_copy_of_a_queue_is_refused_and_stays_so()
    {
        await using LinkListener listener = await ListenAsync();
        await CarryAsync(listener, Queue, 5);
        Directory.CreateDirectory(Queue + "2");
        foreach (string file in Directory.GetFiles(Queue))
        {
            File.Copy(file, Path.Combine(Queue + "2", Path.GetFileName(file)));
        }

        await CarryAsync(listener, Queue, 5);
        LinkException told = await Assert.ThrowsAsync<LinkException>(() => CarryAsync(listener, Queue + "2", 5));
        Assert.Equal(LinkErrorCode.QueueRefused, told.Code);
        Assert.Contains("another copy", told.Message, StringComparison.Ordinal);
        LinkStateException later = await Assert.ThrowsAsync<LinkStateException>(
            () => CarryAsync(listener, Queue + "2", 5));
        Assert.Contains("is a copy", later.Message, StringComparison.Ordinal);
        await CarryAsync(listener, Queue, 5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Spec("4.8-5")]
    [Spec("4.8-6")]
    public async Task A_queue_that_was_set_back_is_refused(int pending)
    {
        await using LinkListener listener = await ListenAsync();
        using (SenderState old = SenderState.Open(StateFolder.Take(Queue + "2"), 7))
        {
            await old.StoreAsync([Message(0), Message(1)], InputForm.None);
            await old.DeliverAllAsync();
            await old.BeginSessionAsync();
        }

        Directory.CreateDirectory(Queue);
        File.Copy(Path.Combine(Queue + "2", "queue-00000001.log"), Path.Combine(Queue, "queue-00000001.log"));
        await CarryAsync(listener, Queue, 5);
        using (SenderState old = SenderState.Open(StateFolder.Take(Queue + "2"), 7))
        {
            for (int i = 0; i < 5; i++)
            {
                await old.BeginSessionAsync(); // Its number is beyond what the receiver has seen.
            }

            await old.StoreAsync([.. Enumerable.Range(0, pending).Select(i => (ReadOnlyMemory<byte>)Message(i))],
                InputForm.None);
        }

        LinkException told = await Assert.ThrowsAsync<LinkException>(() => CarryAsync(listener, Queue + "2", 0));
        Assert.Equal(LinkErrorCode.QueueRefused, told.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Spec("4.8-8")]
    public async Task Where_one_end_keeps_nothing_both_are_told(bool senderKeeps)
    {
        await using LinkListener listener = await LinkListener.ListenAsync(LinkEndpoint.Udp("127.0.0.1", 0),
            LoopbackLink.ReceiverOptions with { State = senderKeeps ? null : Marks }, LoopbackLink.WithoutFiles);
        Task<List<ReceivedMessage>> receiving = ReceiveAsync(listener);
        await using LinkSender sender = await LinkSender.ConnectAsync(listener.Endpoint,
            LoopbackLink.SenderOptions with { State = senderKeeps ? Queue : null }, LoopbackLink.WithoutFiles);
        await sender.SendAsync(Message(0));
        LinkException told = await Assert.ThrowsAsync<LinkException>(
            () => sender.CompleteAsync().WaitAsync(LoopbackLink.Patience));
        Assert.Equal(LinkErrorCode.Canceled, told.Code);
        Assert.Contains("keeps no", told.Message.Replace("does not", "keeps no", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Contains("state folder", (await Assert.ThrowsAsync<LinkException>(() => receiving)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    [Spec("4.8-7")]
    public async Task An_application_that_cannot_settle_is_told_to_the_sender_and_gets_the_messages_again()
    {
        await using LinkListener listener = await ListenAsync();
        Task<LinkException> failing = Assert.ThrowsAsync<LinkException>(
            () => CarryAsync(listener, Queue, 3, take: false));
        await using (LinkReceiver receiver = await listener.AcceptAsync())
        {
            receiver.Settle = _ => throw new IOException("No space left");
            await Assert.ThrowsAsync<IOException>(async () =>
                await receiver.ReceiveAllAsync(System.IO.Pipelines.PipeWriter.Create(new MemoryStream())));
        }

        Assert.Contains("What was received cannot be written", (await failing).Message, StringComparison.Ordinal);
        Task<List<ReceivedMessage>> receiving = ReceiveAsync(listener);
        await CarryAsync(listener, Queue, 1, take: false);
        Assert.Equal([0UL, 1UL, 2UL, 3UL], (await receiving).Select(message => message.Number));
    }

    [Fact]
    public async Task A_file_is_read_on_from_where_it_was_queued()
    {
        string file = Path.Combine(_folder.FullName, "in");
        await using LinkListener listener = await ListenAsync();
        StringBuilder written = new();
        long[] known = new long[3];
        for (int run = 0; run < 3; run++)
        {
            await File.AppendAllTextAsync(file, run < 2 ? $"run {run}\nand more\n" : "an open end");
            Task<string> receiving = ReceiveTextAsync(listener);
            await using LinkSender sender = await ConnectAsync(listener);
            known[run] = await sender.SendFileAsync(file, MessageFormat.Lines);
            await sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
            written.Append(await receiving);
        }

        Assert.Equal(await File.ReadAllTextAsync(file), written.ToString());
        Assert.Equal([0, 15, 30], known);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(30)]
    [Spec("4.2-5")]
    public async Task A_file_that_is_read_while_a_line_is_written_comes_out_the_same(int reads)
    {
        string file = Path.Combine(_folder.FullName, "in");
        LinkListener idle = await ListenAsync();
        for (int read = 0; read < reads; read++)
        {
            await File.AppendAllTextAsync(file, $"this line was read\nnumber {read}, half of wh");
            await using LinkSender sender = await ConnectAsync(idle);
            await sender.SendFileAsync(file, MessageFormat.Lines);
        }

        await idle.DisposeAsync();
        await File.AppendAllTextAsync(file, "ich is here\nand the last line\n");
        await using LinkListener listener = await ListenAsync();
        Task<string> receiving = ReceiveTextAsync(listener);
        await using LinkSender last = await ConnectAsync(listener);
        await last.SendFileAsync(file, MessageFormat.Lines);
        await last.CompleteAsync().WaitAsync(LoopbackLink.Patience);
        Assert.Equal(await File.ReadAllTextAsync(file), await receiving);
    }

    [Fact]
    public async Task A_folder_that_is_in_use_is_refused()
    {
        await using LinkListener listener = await ListenAsync();
        await using LinkSender sender = await ConnectAsync(listener);
        LinkStateException told = await Assert.ThrowsAsync<LinkStateException>(() => ConnectAsync(listener));
        Assert.Contains("in use by another process", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_needs_a_way_back_reliable_delivery_and_order()
    {
        LinkOptions sending = LoopbackLink.SenderOptions with { State = Queue };
        LinkEndpoint to = LinkEndpoint.Udp("127.0.0.1", 9);
        foreach (LinkOptions options in new[]
            { sending with { HasReturnPath = false }, sending with { Delivery = UnitDelivery.Once } })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => LinkSender.ConnectAsync(to, options));
            await Assert.ThrowsAsync<ArgumentException>(() => LinkListener.ListenAsync(to, options));
        }

        await Assert.ThrowsAsync<ArgumentException>(
            () => LinkListener.ListenAsync(to, sending with { Ordered = false }));
        await Assert.ThrowsAsync<ArgumentException>(() => LinkSender.ConnectAsync(LinkEndpoint.File("x"), sending));
        Assert.False(Directory.Exists(Queue));
    }

    private Task<LinkListener> ListenAsync(LinkEndpoint? at = null) => LinkListener.ListenAsync(
        at ?? LinkEndpoint.Udp("127.0.0.1", 0), LoopbackLink.ReceiverOptions with { State = Marks },
        LoopbackLink.WithoutFiles);

    private Task<LinkSender> ConnectAsync(LinkListener listener, string? state = null) => LinkSender.ConnectAsync(
        listener.Endpoint, LoopbackLink.SenderOptions with { State = state ?? Queue }, LoopbackLink.WithoutFiles);

    private static byte[] Message(int number) => Encoding.ASCII.GetBytes($"message {number}");

    private static async Task SendAsync(LinkSender sender, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            await sender.SendAsync(Message(i));
        }
    }

    private async Task CarryAsync(LinkListener listener, string state, int count, bool take = true)
    {
        await using LinkSender sender = await ConnectAsync(listener, state);
        Task receiving = take ? IgnoreRefusalAsync(ReceiveAsync(listener)) : Task.CompletedTask;
        await SendAsync(sender, 0, count);
        await sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
        await receiving;
    }

    // What a receiver is told of a session that it refuses is what its sender is told.
    private static async Task IgnoreRefusalAsync(Task receiving) =>
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task<List<ReceivedMessage>> ReceiveAsync(LinkListener listener)
    {
        await using LinkReceiver receiver = await listener.AcceptAsync();
        List<ReceivedMessage> all = [];
        await foreach (ReceivedMessage message in receiver.ReceiveAsync())
        {
            all.Add(message);
        }

        return all;
    }

    private static async Task<string> ReceiveTextAsync(LinkListener listener)
    {
        await using LinkReceiver receiver = await listener.AcceptAsync();
        using MemoryStream output = new();
        System.IO.Pipelines.PipeWriter writer = System.IO.Pipelines.PipeWriter.Create(output,
            new System.IO.Pipelines.StreamPipeWriterOptions(leaveOpen: true));
        await receiver.ReceiveAllAsync(writer);
        await writer.CompleteAsync();
        return Encoding.ASCII.GetString(output.ToArray());
    }
}
