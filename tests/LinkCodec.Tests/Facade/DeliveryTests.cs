using System.IO.Pipelines;
using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;

using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Messages leave and come out in time, and a sender says that they did when it may.</summary>
public sealed class DeliveryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(MessageFormat.Lines, "one\n")]
    [InlineData(MessageFormat.RecordSeparated, "one\u001e")]
    [InlineData(MessageFormat.LengthPrefixed, "\u0003\0\0\0one")]
    public async Task A_message_comes_out_with_its_terminator_before_the_next_one_is_there(
        MessageFormat format, string message)
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync();
        Pipe input = new();
        Pipe output = new();
        Task sending = link.Sender.SendAllAsync(input.Reader, format);
        Task receiving = link.Receiver.ReceiveAllAsync(output.Writer);
        for (int i = 0; i < 3; i++)
        {
            await input.Writer.WriteAsync(Encoding.ASCII.GetBytes(message));
            ReadResult read = await output.Reader.ReadAtLeastAsync(message.Length).AsTask()
                .WaitAsync(LoopbackLink.Patience);
            Assert.Equal(message, Encoding.ASCII.GetString(read.Buffer));
            output.Reader.AdvanceTo(read.Buffer.End);
        }

        await input.Writer.CompleteAsync();
        await sending.WaitAsync(LoopbackLink.Patience);
        await Task.WhenAll(link.Sender.CompleteAsync(), receiving).WaitAsync(LoopbackLink.Patience);
        Assert.False(output.Reader.TryRead(out ReadResult more) && more.Buffer.Length > 0);
    }

    [Fact]
    public async Task A_tail_without_terminator_stays_open_though_datagrams_are_lost()
    {
        byte[] stream = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Range(0, 300).Select(i => $"line {i}\n")) + "open");
        await using LoopbackLink link = await LoopbackLink.OpenAsync(relayed: true);
        TestRandom random = new(31);
        link.Relay!.Forward = (datagram, _) => random.Next(4) == 0 ? [] : [datagram];
        using MemoryStream restored = new();
        Task receiving = link.Receiver.ReceiveAllAsync(PipeWriter.Create(restored));
        await link.Sender.SendAllAsync(PipeReader.Create(new MemoryStream(stream)), MessageFormat.Lines)
            .WaitAsync(LoopbackLink.Patience);
        await Task.WhenAll(link.Sender.CompleteAsync(), receiving).WaitAsync(LoopbackLink.Patience);
        Assert.Equal(stream, restored.ToArray());
    }

    [Fact]
    [Spec("4.7-5")]
    public async Task A_sender_is_complete_when_the_receivers_application_has_used_the_last_message()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync();
        await link.Sender.SendAsync("one"u8.ToArray());
        Task completing = link.Sender.CompleteAsync();
        await using IAsyncEnumerator<ReceivedMessage> messages = link.Receiver.ReceiveAsync().GetAsyncEnumerator();
        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(LoopbackLink.Patience));
        while (link.Sender.Statistics.Session.UnitsAcknowledged == 0 || link.Receiver.TotalMessages is null)
        {
            await Task.Yield();
        }

        Assert.False(completing.IsCompleted);
        Assert.False(await messages.MoveNextAsync().AsTask().WaitAsync(LoopbackLink.Patience));
        await completing.WaitAsync(LoopbackLink.Patience);
    }

    [Fact]
    [Spec("4.7-5")]
    public async Task An_output_that_fails_at_the_last_message_fails_both_ends()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync();
        Task receiving = link.Receiver.ReceiveAllAsync(PipeWriter.Create(new FullStream(room: 8)));
        await link.Sender.SendAllAsync(PipeReader.Create(new MemoryStream("1234567\nlast\n"u8.ToArray())),
            MessageFormat.Lines);
        Task completing = link.Sender.CompleteAsync();
        await Assert.ThrowsAsync<IOException>(() => receiving.WaitAsync(LoopbackLink.Patience));
        await link.Receiver.DisposeAsync();
        LinkException error =
            await Assert.ThrowsAsync<LinkException>(() => completing.WaitAsync(LoopbackLink.Patience));
        Assert.Equal(LinkErrorCode.Canceled, error.Code);
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_of_24_megabytes_comes_back_whole_whatever_the_readers_pace()
    {
        // Its messages can hardly be predicted, so that the archive is as large; a reader that stops now and then is
        // slower than the file.
        LinkOptions options =
            new() { Snapshots = [LinkSnapshots.None], HasReturnPath = false, UsePublishedKeys = true };
        LinkEndpoint file = LinkEndpoint.File(Path.Combine(_folder, "packed"));
        byte[][] messages = [.. Enumerable.Range(0, 600).Select(i => new TestRandom((ulong)i).Bytes(40_000))];
        await using (LinkSender sender = await LinkSender.ConnectAsync(file, options, LoopbackLink.WithoutFiles))
        {
            await LoopbackLink.SendAllAsync(sender, messages);
        }

        Assert.True(new FileInfo(file.Target).Length > 24_000_000);
        await using ReceivingEnd receiver = await ReceivingEnd.ListenAsync(file, options with { QueueLength = 2 },
            LoopbackLink.WithoutFiles);
        int at = 0;
        await foreach (ReceivedMessage message in receiver.ReceiveAsync())
        {
            Assert.True(message.Content.Span.SequenceEqual(messages[at]), $"message {at}");
            at++;
            await Task.Delay(at % 100 == 0 ? 50 : 0);
        }

        Assert.Equal(messages.Length, at);
        Assert.Empty(receiver.Missing);
        Assert.Equal(0, receiver.Statistics.Session.Overflowed);
    }

    [Fact]
    public async Task Without_a_return_path_messages_behind_a_lost_one_come_out_soon()
    {
        await using LoopbackLink link = await LoopbackLink.OpenAsync(options => options with { HasReturnPath = false },
            relayed: true);
        TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        link.Relay!.Forward = (datagram, _) => datagram[0] >= 0x80 && lost.TrySetResult() ? [] : [datagram];
        await using IAsyncEnumerator<ReceivedMessage> messages = link.Receiver.ReceiveAsync().GetAsyncEnumerator();
        Task<bool> first = messages.MoveNextAsync().AsTask();
        await link.Sender.SendAsync("lost"u8.ToArray());
        await lost.Task.WaitAsync(LoopbackLink.Patience);
        await link.Sender.SendAsync("here"u8.ToArray());

        // The sender says nothing of an end, and the receiver does not wait for one.
        Assert.True(await first.WaitAsync(LoopbackLink.Patience));
        Assert.Equal((1UL, "here"), (messages.Current.Number, Encoding.ASCII.GetString(messages.Current.Content.Span)));
        await link.Sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
        Assert.False(await messages.MoveNextAsync().AsTask().WaitAsync(LoopbackLink.Patience));
        Assert.Equal([(0UL, 1UL)], link.Receiver.Missing);
    }

    /// <summary>A disk that is soon full.</summary>
    private sealed class FullStream(int room) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default) =>
                Length + buffer.Length > room
                    ? throw new IOException("No space left on device.")
                    : base.WriteAsync(buffer, cancellationToken);
    }
}
