using System.IO.Pipelines;
using LinkCodec.Core.Primitives;
using LinkCodec.Transport;
using LinkCodec.Transport.Files;
using Xunit;

namespace LinkCodec.Tests.Transport;

public sealed class FileTransportTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("linkcodec-file-");
    private readonly byte[] _buffer = new byte[ushort.MaxValue];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Datagrams_of_every_size_cross_a_file()
    {
        string file = Path.Combine(_folder.FullName, "a.link");
        int[] sizes = [1, 5, 270, 1200, 65535, 1];
        await using (FileTransportWriter writer = FileTransportWriter.Create(file))
        {
            foreach (int size in sizes)
            {
                await writer.SendAsync(Enumerable.Repeat((byte)size, size).ToArray());
            }

            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => writer.SendAsync(new byte[65536]).AsTask());
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => writer.SendAsync(Array.Empty<byte>()).AsTask());
            await writer.CompleteAsync();
        }

        await using FileTransportReader reader = FileTransportReader.Open(file);
        Assert.Equal(sizes,
            (await FileFormatTests.ReadAllAsync(reader)).Select(d => d.All(b => b == (byte)d.Length) ? d.Length : -1));
        Assert.True(reader.Report.IsWhole);
        Assert.False(reader.HasReturnPath);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.SendAsync(new byte[1]).AsTask());
    }

    [Fact]
    [Spec("8.3-8")]
    public async Task A_datagram_comes_out_of_a_pipe_before_the_next_one_is_written()
    {
        Pipe pipe = new();
        await using FileTransportWriter writer = new(pipe.Writer);
        await using FileTransportReader reader = new(pipe.Reader, isLive: true);
        for (int size = 1; size < 2000; size += 499)
        {
            await writer.SendAsync(new byte[size]);
            Assert.Equal(size, (await reader.ReceiveAsync(_buffer).AsTask().WaitAsync(Limit)).Length);
        }
    }

    [NeedsFact(Machine.FullDisk)]
    public async Task A_full_disk_is_one_clear_line_that_later_sends_repeat()
    {
        FileTransportWriter writer = FileTransportWriter.Create("/dev/full");
        LinkException full = await Assert.ThrowsAsync<LinkException>(() => writer.SendAsync(new byte[1000]).AsTask());

        Assert.Equal(LinkErrorCode.TransportFailed, full.Code);
        Assert.StartsWith("/dev/full: ", full.Message, StringComparison.Ordinal);
        Assert.Contains("space", full.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', full.Message);
        Assert.Same(full, await Assert.ThrowsAsync<LinkException>(() => writer.SendAsync(new byte[1]).AsTask()));
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task A_pipe_whose_reader_has_gone_is_one_clear_line()
    {
        Pipe pipe = new();
        await using FileTransportWriter writer = new(pipe.Writer);
        await pipe.Reader.CompleteAsync();

        LinkException closed = await Assert.ThrowsAsync<LinkException>(() => writer.SendAsync(new byte[10]).AsTask());

        Assert.Equal(LinkErrorCode.TransportFailed, closed.Code);
        Assert.Equal("the pipe: the reading side has closed it.", closed.Message);
    }

    [Fact]
    public async Task A_slow_reader_makes_the_writer_wait_and_gets_everything()
    {
        using CancellationTokenSource limit = new(Limit);
        CountingPool pool = new();
        Pipe pipe = new(new PipeOptions(pool, pauseWriterThreshold: 4096, resumeWriterThreshold: 2048,
            useSynchronizationContext: false));
        FileTransportWriter writer = new(pipe.Writer);
        FileTransportReader reader = new(pipe.Reader);
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                await writer.SendAsync(BitConverter.GetBytes(i).Concat(new byte[396]).ToArray(), null, limit.Token);
            }

            await writer.DisposeAsync();
        });

        Assert.False(sending.IsCompleted);
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(400, (await reader.ReceiveAsync(_buffer, limit.Token)).Length);
            Assert.Equal(i, BitConverter.ToInt32(_buffer));
        }

        Assert.True((await reader.ReceiveAsync(_buffer, limit.Token)).IsEnd);
        await sending;
        await reader.DisposeAsync();
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public async Task Back_pressure_holds_a_send_until_it_is_cancelled()
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 64, resumeWriterThreshold: 32));
        await using FileTransportWriter writer = new(pipe.Writer);
        using CancellationTokenSource cancel = new();
        Task sending = writer.SendAsync(new byte[1000], null, cancel.Token).AsTask();
        Assert.False(sending.IsCompleted);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Limit));
        await pipe.Reader.CompleteAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ending_a_receive_is_prompt_and_leaves_no_buffer(bool byDisposal)
    {
        CountingPool pool = new();
        Pipe pipe = new(new PipeOptions(pool));
        await pipe.Writer.WriteAsync(new byte[] { (byte)'L', (byte)'N' });
        FileTransportReader reader = new(pipe.Reader);
        using CancellationTokenSource cancel = new();
        Task receiving = reader.ReceiveAsync(_buffer, cancel.Token).AsTask();
        Assert.False(receiving.IsCompleted);

        await (byDisposal ? reader.DisposeAsync().AsTask() : cancel.CancelAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.WaitAsync(Limit));

        await reader.DisposeAsync();
        await reader.DisposeAsync();
        await pipe.Writer.CompleteAsync();
        Assert.Equal(0, pool.Outstanding);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reader.ReceiveAsync(_buffer).AsTask());
    }

    [Fact]
    public async Task Disposing_a_writer_twice_closes_once()
    {
        Pipe pipe = new();
        FileTransportWriter writer = new(pipe.Writer);
        await writer.DisposeAsync();
        await writer.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.SendAsync(new byte[1]).AsTask());
        await using FileTransportReader reader = new(pipe.Reader);
        Assert.True((await reader.ReceiveAsync(_buffer)).IsEnd);
    }

    [Fact]
    public void Files_that_cannot_be_opened_are_one_clear_line()
    {
        string missing = Path.Combine(_folder.FullName, "none.link");

        Assert.Equal($"{missing}: there is no such file.",
            Assert.Throws<LinkException>(() => FileTransportReader.Open(missing)).Message);
        Assert.Equal(
            $"{missing}/x: there is no such directory.",
            Assert.Throws<LinkException>(() => FileTransportWriter.Create(missing + "/x")).Message);
        Assert.Equal(
            $"{_folder.FullName}: access is denied, or it is a directory.",
            Assert.Throws<LinkException>(() => FileTransportWriter.Create(_folder.FullName)).Message);
    }
}
