using System.IO.Pipelines;
using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Streams packed into a file and restored from it.</summary>
public sealed class FileLinkTests : IDisposable
{
    private static readonly LinkOptions Options =
        new() { Snapshots = [LinkSnapshots.None], HasReturnPath = false, UsePublishedKeys = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec").FullName;

    public static TheoryData<MessageFormat, byte[]> Streams
    {
        get
        {
            TheoryData<MessageFormat, byte[]> data = new();
            byte[] random = new TestRandom(9).Bytes(30_000);
            foreach (MessageFormat format in new[] { MessageFormat.Lines, MessageFormat.RecordSeparated,
                MessageFormat.Whole })
            {
                data.Add(format, []);
                data.Add(format, [0x0A]);
                data.Add(format, [0x1E]);
                data.Add(format, [0x0A, 0x0A, 0x1E, 0x1E, 0x0A]);
                data.Add(format, "one\ntwo\nthree"u8.ToArray());
                data.Add(format, "one\ntwo\nthree\n"u8.ToArray());
                data.Add(format,
                    Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"record {i}\u001e"))));
                data.Add(format, random);
            }

            data.Add(MessageFormat.LengthPrefixed, []);
            data.Add(MessageFormat.LengthPrefixed, [0, 0, 0, 0]);
            data.Add(MessageFormat.LengthPrefixed, [3, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0x0A]);
            data.Add(MessageFormat.LengthPrefixed, [0x30, 0x75, 0, 0, .. random]);
            return data;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Published_keys_are_taken_only_where_they_are_asked_for()
    {
        LinkEndpoint file = LinkEndpoint.File(Path.Combine(_folder, "packed"));
        LinkOptions asked = Options with { UsePublishedKeys = false };
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(
            () => PackAsync(file, MessageFormat.Lines, "x\n"u8.ToArray(), asked));
        Assert.Contains("keygen", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        await PackAsync(file, MessageFormat.Lines, "x\n"u8.ToArray());
        await Assert.ThrowsAsync<ArgumentException>(() => LinkListener.ListenAsync(file, asked));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Every_stream_comes_back_byte_for_byte(MessageFormat format, byte[] stream)
    {
        LinkEndpoint file = LinkEndpoint.File(Path.Combine(_folder, "packed"));
        await PackAsync(file, format, stream);
        Assert.Equal(stream, await UnpackAsync(file));
    }

    [Fact]
    public async Task Without_keys_of_ones_own_the_file_opens_anywhere_with_them_only_at_the_right_end()
    {
        LinkEndpoint file = LinkEndpoint.File(Path.Combine(_folder, "packed"));
        await PackAsync(file, MessageFormat.Lines, "secret\n"u8.ToArray(),
            Options with { Identity = LoopbackLink.Alice, PeerPublicKey = LoopbackLink.Bob.PublicKey });
        LinkException error = await Assert.ThrowsAsync<LinkException>(() => UnpackAsync(file));
        Assert.Equal(LinkErrorCode.AuthenticationFailed, error.Code);
        LinkOptions right = Options with { Identity = LoopbackLink.Bob, PeerPublicKey = LoopbackLink.Alice.PublicKey };
        Assert.Equal("secret\n"u8.ToArray(), await UnpackAsync(file, right));
    }

    [Theory]
    [InlineData(ContextMode.None)]
    [InlineData(ContextMode.Chained)]
    public async Task A_file_whose_segments_are_filled_has_as_many_bytes_whatever_the_pace(ContextMode context)
    {
        LinkOptions options = Options with { FillSegments = true, Context = context, MaxDatagramSize = 200 };
        long slow = await PackAtAsync(options, isSlow: true);
        Assert.Equal(await PackAtAsync(options, isSlow: false), slow);
        Assert.True(slow < await PackAtAsync(options with { FillSegments = false }, isSlow: true));
    }

    [Fact]
    public async Task What_stretches_a_file_is_coded_in_does_not_depend_on_the_pace()
    {
        LinkOptions options = Options with { FillSegments = true, MaxDatagramSize = 400 };
        long slow = await PackAtAsync(options, isSlow: true, count: 3000);
        Assert.Equal(await PackAtAsync(options, isSlow: false, count: 3000), slow);
    }

    private async Task<long> PackAtAsync(LinkOptions options, bool isSlow, int count = 60)
    {
        LinkEndpoint file = LinkEndpoint.File(Path.Combine(_folder, "paced"));
        await using LinkSender sender = await LinkSender.ConnectAsync(file, options);
        for (int i = 0; i < count; i++)
        {
            await sender.SendAsync(Encoding.ASCII.GetBytes($"good data line {i}"));
            if (isSlow && options.FillSegments && i % 500 == 499)
            {
                await Task.Delay(50); // So many messages would be coded by themselves.
            }

            while (isSlow && !options.FillSegments
                && sender.Statistics.PredictedBytes < sender.Statistics.MessageBytes)
            {
                await Task.Yield(); // The message is coded alone, before the next one comes.
            }
        }

        await sender.CompleteAsync();
        return sender.Statistics.BytesSent;
    }

    [Fact]
    public async Task Of_a_file_cut_short_the_first_messages_survive_and_the_others_are_named()
    {
        string path = Path.Combine(_folder, "packed");
        byte[] stream = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i} {i * 7919L % 10_007}\n")));
        await PackAsync(LinkEndpoint.File(path), MessageFormat.Lines, stream);
        byte[] packed = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, packed[..(packed.Length / 2)]);
        await using ReceivingEnd receiver = await ReceivingEnd.ListenAsync(LinkEndpoint.File(path), Options,
            LoopbackLink.WithoutFiles);
        List<ReceivedMessage> got = await LoopbackLink.ReceiveAllAsync(receiver);
        Assert.InRange(got.Count, 500, 2500);
        Assert.All(got, m =>
            Assert.StartsWith($"line {m.Number} ", Encoding.ASCII.GetString(m.Content.Span), StringComparison.Ordinal));
        Assert.Null(receiver.TotalMessages);
        Assert.False(receiver.FileReport!.Value.IsWhole);
    }

    [Fact]
    public async Task Of_a_file_with_a_hole_the_messages_around_it_survive()
    {
        string path = Path.Combine(_folder, "packed");
        byte[] stream = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i} {i * 7919L % 10_007}\n")));
        await PackAsync(LinkEndpoint.File(path), MessageFormat.Lines, stream);
        byte[] packed = await File.ReadAllBytesAsync(path);
        packed[packed.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, packed);
        await using ReceivingEnd receiver = await ReceivingEnd.ListenAsync(LinkEndpoint.File(path), Options,
            LoopbackLink.WithoutFiles);
        List<ReceivedMessage> got = await LoopbackLink.ReceiveAllAsync(receiver);
        Assert.Equal(3000UL, receiver.TotalMessages);
        (ulong first, ulong count) = Assert.Single(receiver.Missing);
        Assert.Equal(3000, got.Count + (int)count);
        Assert.DoesNotContain(got, m => m.Number >= first && m.Number < first + count);
        Assert.All(got, m =>
            Assert.StartsWith($"line {m.Number} ", Encoding.ASCII.GetString(m.Content.Span), StringComparison.Ordinal));
    }

    [NeedsFact(Machine.FullDisk)]
    public async Task A_disk_that_is_full_is_one_clear_failure()
    {
        LinkException error = await Assert.ThrowsAsync<LinkException>(
            () => PackAsync(LinkEndpoint.File("/dev/full"), MessageFormat.Lines, "x\n"u8.ToArray()));
        Assert.Equal(LinkErrorCode.TransportFailed, error.Code);
        Assert.Contains("/dev/full", error.Message, StringComparison.Ordinal);
    }

    private static async Task PackAsync(LinkEndpoint file, MessageFormat format, byte[] stream,
        LinkOptions? options = null)
    {
        await using LinkSender sender = await LinkSender.ConnectAsync(file, options ?? Options,
            LoopbackLink.WithoutFiles);
        await sender.SendAllAsync(PipeReader.Create(new MemoryStream(stream)), format);
        await sender.CompleteAsync().WaitAsync(LoopbackLink.Patience);
    }

    private static async Task<byte[]> UnpackAsync(LinkEndpoint file, LinkOptions? options = null)
    {
        await using ReceivingEnd receiver = await ReceivingEnd.ListenAsync(file, options ?? Options,
            LoopbackLink.WithoutFiles);
        MemoryStream restored = new();
        await receiver.ReceiveAllAsync(PipeWriter.Create(restored)).WaitAsync(LoopbackLink.Patience);
        Assert.True(receiver.FileReport!.Value.IsWhole);
        return restored.ToArray();
    }
}
