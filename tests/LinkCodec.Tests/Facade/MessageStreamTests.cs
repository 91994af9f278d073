using System.IO.Pipelines;
using LinkCodec.Core.Primitives;
using LinkCodec.Streams;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Transport;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>Messages in streams of bytes, however the pipe cuts them.</summary>
public sealed class MessageStreamTests
{
    public static TheoryData<ulong> Seeds => TestRandom.Seeds(40);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_is_written_is_read_again_from_pieces_of_any_size(ulong seed)
    {
        TestRandom random = new(seed);
        foreach (MessageFormat format in Enum.GetValues<MessageFormat>())
        {
            byte[][] messages = format == MessageFormat.Whole
                ? [random.Bytes(random.Next(500))]
                : [.. Enumerable.Range(0, random.Next(30)).Select(_ => Message(random, format))];
            bool open = format is MessageFormat.Lines or MessageFormat.RecordSeparated && messages.Length > 0
                && messages[^1].Length > 0 && random.Next(2) == 0;
            byte[] stream = await WriteAsync(messages, format, open);
            int chunk = 1 + random.Next(random.Next(2) == 0 ? 3 : 200);
            (List<byte[]> read, bool tail) = await ReadAsync(stream, format, chunk);
            Assert.Equal(messages, read);
            Assert.True(tail == (open || format == MessageFormat.Whole), $"seed {seed}, {format}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Any_stream_that_is_read_is_written_again(ulong seed)
    {
        TestRandom random = new(seed);
        foreach (MessageFormat format in new[] { MessageFormat.Lines, MessageFormat.RecordSeparated,
            MessageFormat.Whole })
        {
            byte[] stream = [.. random.Bytes(random.Next(300))
                .Select(b => b < 60 ? (byte)0x0A : b < 100 ? (byte)0x1E : b)];
            (List<byte[]> read, bool tail) = await ReadAsync(stream, format, 1 + random.Next(50));
            Assert.Equal(stream, await WriteAsync([.. read], format, tail));
        }
    }

    [Theory]
    [InlineData("01")]
    [InlineData("010000")]
    [InlineData("01000000")]
    [InlineData("0200000041")]
    [InlineData("0000000005000000414141")]
    public async Task A_length_that_promises_more_than_comes_is_malformed(string hex)
    {
        LinkException error = await Assert.ThrowsAsync<LinkException>(
            () => ReadAsync(Convert.FromHexString(hex), MessageFormat.LengthPrefixed, 2));
        Assert.Equal(LinkErrorCode.Malformed, error.Code);
    }

    [Theory]
    [InlineData(MessageFormat.Lines, "616263640a")]
    [InlineData(MessageFormat.Lines, "61626364")]
    [InlineData(MessageFormat.RecordSeparated, "616263641e")]
    [InlineData(MessageFormat.Whole, "61626364")]
    [InlineData(MessageFormat.LengthPrefixed, "0400000061626364")]
    [InlineData(MessageFormat.LengthPrefixed, "ffffffff")]
    public async Task A_message_beyond_the_limit_is_refused(MessageFormat format, string hex)
    {
        foreach (int chunk in new[] { 1, 3, 100 })
        {
            LinkException error = await Assert.ThrowsAsync<LinkException>(
                () => ReadAsync(Convert.FromHexString(hex), format, chunk, max: 3));
            Assert.Equal(LinkErrorCode.LimitExceeded, error.Code);
        }
    }

    [Theory]
    [InlineData(MessageFormat.Lines, "6162630a")]
    [InlineData(MessageFormat.RecordSeparated, "6162631e")]
    [InlineData(MessageFormat.Whole, "616263")]
    [InlineData(MessageFormat.LengthPrefixed, "03000000616263")]
    public async Task A_message_at_the_limit_is_read(MessageFormat format, string hex)
    {
        foreach (int chunk in new[] { 1, 3, 100 })
        {
            (List<byte[]> read, _) = await ReadAsync(Convert.FromHexString(hex), format, chunk, max: 3);
            Assert.Equal(["abc"u8.ToArray()], read);
        }
    }

    private static byte[] Message(TestRandom random, MessageFormat format)
    {
        byte end = format == MessageFormat.Lines ? (byte)0x0A : (byte)0x1E;
        byte[] bytes = random.Bytes(random.Next(60));
        return format == MessageFormat.LengthPrefixed ? bytes : [.. bytes.Select(b => b == end ? (byte)'x' : b)];
    }

    private static async Task<byte[]> WriteAsync(byte[][] messages, MessageFormat format, bool open)
    {
        MemoryStream stream = new();
        PipeWriter pipe = PipeWriter.Create(stream);
        MessageStreamWriter writer = new(pipe, format);
        for (int i = 0; i < messages.Length; i++)
        {
            Assert.True(await writer.WriteAsync(messages[i], terminate: i < messages.Length - 1 || !open));
        }

        await pipe.CompleteAsync();
        return stream.ToArray();
    }

    private static async Task<(List<byte[]> Messages, bool Tail)> ReadAsync(byte[] stream, MessageFormat format,
        int chunk, int max = 1 << 20)
    {
        List<byte[]> messages = [];
        bool tail = false;
        await foreach (ReadOnlyMemory<byte> message in MessageStreamReader.ReadAllAsync(new ChunkedPipe(stream, chunk),
            format, t => tail = t, max))
        {
            messages.Add(message.ToArray());
        }

        return (messages, tail);
    }
}
