using System.IO.Pipelines;
using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Senders whose queue is full: whoever fills it is held back, and nothing is lost.</summary>
[Collection(Session.AloneCollection.Name)]
public sealed class BoundedQueueLinkTests : IDisposable
{
    private const long Bound = 1 << 20;

    // What is read and not stored yet: a pipe's buffers, and a batch of messages.
    private const long UnderWay = 256 << 10;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Queue => Path.Combine(_folder.FullName, "queue");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Memory_full_must_push_back_HDTN_18()
    {
        const int Lines = 600_000;
        Source source = new(Lines);
        await using LinkListener listener = await ListenAsync();
        await using LinkSender sender = await ConnectAsync(listener);
        source.OnRead = () => (Queue, sender.Receipts.Delivered);
        Task sending = sender.SendAllAsync(PipeReader.Create(source), MessageFormat.Lines);
        await source.IsAhead.WaitAsync(LoopbackLink.Patience); // Nobody takes what is sent: the producer is held back.
        await using LinkReceiver receiver = await listener.AcceptAsync();
        int next = 0;
        await foreach (ReceivedMessage message in receiver.ReceiveAsync())
        {
            Assert.Equal(Source.LineOf(next++).TrimEnd('\n'), Encoding.ASCII.GetString(message.Content.Span));
            if (next == Lines)
            {
                await sending.WaitAsync(LoopbackLink.Patience);
                _ = sender.CompleteAsync();
            }
        }

        await sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
        Assert.Equal(Lines, next);
        Assert.InRange(source.MostAhead, Bound / 2, Bound + UnderWay);
        Assert.InRange(source.MostOnDisk, Bound / 2, Bound + (2 << 20)); // Two files: one that is delivered in part.
        Assert.InRange(source.MostMemory, 0, 24 << 20); // All lines are 39 MB, and twice that as messages.
    }

    [Fact]
    public async Task A_full_queue_refuses_whoever_does_not_want_to_wait_and_takes_the_message_later()
    {
        await using LinkListener listener = await ListenAsync();
        await using LinkSender sender = await ConnectAsync(listener);
        int sent = await FillAsync(sender, 100_000);
        Assert.Equal(10, sent);
        Task waiting = sender.SendAsync(new byte[100_000]).AsTask();
        Assert.False(waiting.IsCompleted);
        await using LinkReceiver receiver = await listener.AcceptAsync();
        int received = 0;
        await foreach (ReceivedMessage message in receiver.ReceiveAsync())
        {
            if (++received == sent)
            {
                await receiver.AcknowledgeAsync(); // It is told at once: the sender, which has nothing to send, asked.
                await waiting.WaitAsync(LoopbackLink.Patience);
                _ = sender.CompleteAsync();
            }
        }

        await sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
        Assert.Equal(sent + 1, received);
    }

    [Fact]
    public async Task Without_a_state_folder_a_full_queue_refuses_too()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with { QueueLength = 16 });
        int sent = await FillAsync(link.Sender, 1_000_000);
        Task<List<ReceivedMessage>> receiving = LoopbackLink.ReceiveAllAsync(link.Receiver);
        await link.Sender.SendAsync(new byte[1]).AsTask().WaitAsync(LoopbackLink.Patience);
        await link.Sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
        Assert.Equal(sent + 1, (await receiving).Count);
    }

    [Fact]
    public async Task Whoever_waits_for_room_is_told_when_the_link_ends()
    {
        await using LinkListener listener = await ListenAsync();
        LinkSender sender = await ConnectAsync(listener);
        await FillAsync(sender, 100_000);
        Task waiting = sender.SendAsync(new byte[100_000]).AsTask();
        await sender.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(LoopbackLink.Patience));

        await using LinkListener another = await ListenAsync("other marks");
        await using LinkSender other = await ConnectAsync(another);
        Task again = other.SendAsync(new byte[100_000]).AsTask();
        await using (LinkReceiver receiver = await another.AcceptAsync())
        {
            // It is disposed of before anything is taken, which ends the session.
        }

        await Assert.ThrowsAsync<LinkException>(() => again.WaitAsync(LoopbackLink.Patience));
    }

    private static async Task<int> FillAsync(LinkSender sender, int size)
    {
        for (int sent = 0; ; sent++)
        {
            try
            {
                await sender.SendAsync(new byte[size], new SendOptions { RefuseIfFull = true });
            }
            catch (LinkQueueFullException)
            {
                return sent;
            }
        }
    }

    private Task<LinkListener> ListenAsync(string marks = "marks") => LinkListener.ListenAsync(
        LinkEndpoint.Udp("127.0.0.1", 0),
        LoopbackLink.ReceiverOptions with { State = Path.Combine(_folder.FullName, marks) },
        LoopbackLink.WithoutFiles);

    private Task<LinkSender> ConnectAsync(LinkListener listener) => LinkSender.ConnectAsync(listener.Endpoint,
        LoopbackLink.SenderOptions with { State = Queue, MaxQueueBytes = Bound, Effort = Effort.Fast },
        LoopbackLink.WithoutFiles);

    /// <summary>Gives out lines as they are read, and watches how far that is ahead of what was delivered.</summary>
    private sealed class Source(int lines) : Stream
    {
        private static readonly int Cost = LineOf(0).Length - 1 + 10; // Of a message in the queue.
        private readonly TaskCompletionSource _ahead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly long _memory = GC.GetTotalMemory(forceFullCollection: true);
        private int _next;
        private int _reads;

        public Func<(string Folder, ulong Delivered)> OnRead { get; set; } = () => ("", 0);

        public long MostAhead { get; private set; }

        public long MostOnDisk { get; private set; }

        public long MostMemory { get; private set; }

        public Task IsAhead => _ahead.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public static string LineOf(int number) => FormattableString.Invariant($"line {number:D8} ") + new string(
            (char)('a' + (number % 26)), 50) + "\n";

        public override int Read(byte[] buffer, int offset, int count)
        {
            (string folder, ulong delivered) = OnRead();
            MostAhead = Math.Max(MostAhead, (_next - (long)delivered) * Cost);
            if (_reads++ % 32 == 0)
            {
                MostOnDisk = Math.Max(MostOnDisk, new DirectoryInfo(folder).GetFiles("queue-*").Sum(Size));
                MostMemory = Math.Max(MostMemory, GC.GetTotalMemory(forceFullCollection: true) - _memory);
            }

            if (MostAhead > Bound * 9 / 10)
            {
                _ahead.TrySetResult();
            }

            int filled = 0;
            for (; _next < lines && filled + Cost <= count; _next++)
            {
                filled += Encoding.ASCII.GetBytes(LineOf(_next), buffer.AsSpan(offset + filled));
            }

            return filled;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        // A file may go while the folder is looked at.
        private static long Size(FileInfo file) => file.Exists ? file.Length : 0;
    }
}
