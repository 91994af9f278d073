using System.Text;
using LinkCodec.Baselines;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Baselines;

public sealed class SegmentFillerTests : IDisposable
{
    private const int Room = 300;

    private static readonly ReadOnlyMemory<byte>[] Reports = [.. Enumerable.Range(0, 200).Select(i => Text(
        $"{{\"sensor\":{i % 7},\"temperature\":{20 + (i * i % 13)}.{i * 31 % 10},\"sequence\":{i}}}"))];

    private readonly IReadOnlyList<BaselineEntry> _baselines =
        BaselineCatalog.Create([.. Reports.Select(report => report.ToArray())]);

    public void Dispose()
    {
        foreach (BaselineEntry baseline in _baselines)
        {
            baseline.Dispose();
        }
    }

    [Fact]
    public void Joined_messages_come_apart_again()
    {
        ReadOnlyMemory<byte>[] messages = [default, Text("a"), new byte[127], new byte[128], default, default];
        for (int first = 0; first < messages.Length; first++)
        {
            for (int count = 1; count <= messages.Length - first; count++)
            {
                AssertEqual(messages.AsSpan(first, count).ToArray(),
                    MessageBlock.Split(MessageBlock.Join(messages, first, count)));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0205")]
    [InlineData("03004142")]
    [InlineData("02FFFFFFFF0F41")]
    [InlineData("FFFFFFFFFFFF")]
    public void What_is_no_row_of_messages_is_a_baseline_exception(string hex) =>
        Assert.Throws<BaselineException>(() => MessageBlock.Split(Convert.FromHexString(hex)));

    [Fact]
    public void Every_baseline_fills_segments_and_gives_each_message_back()
    {
        ReadOnlyMemory<byte>[] messages = [default, .. Reports[..60], Noise(2 * Room), default, default,
            Noise(Room), .. Reports[60..], new byte[50 * Room], default];
        foreach (BlockCodec codec in Codecs())
        {
            List<PackedBlock> blocks = [.. new SegmentFiller(codec, _ => Room).Fill(messages)];
            AssertEqual(messages, [.. blocks.SelectMany(block => codec.Unpack(block.Content, 60 * Room))]);
            Assert.Equal(blocks.Select(block => block.First + block.Count),
                [.. blocks.Skip(1).Select(block => block.First), messages.Length]);
            Assert.All(blocks, block => Assert.True(block.Content.Length <= Room || block.Count == 1));
            Assert.True(blocks.Count < messages.Length / 3, $"{codec.Name}: {blocks.Count} blocks");
        }
    }

    [Fact]
    public void No_block_has_room_for_one_more_message()
    {
        foreach (BlockCodec codec in Codecs())
        {
            foreach (PackedBlock block in new SegmentFiller(codec, _ => Room).Fill(Reports).SkipLast(1))
            {
                Assert.True(codec.Pack(Reports, block.First, block.Count + 1).Length > Room,
                    $"{codec.Name}: {block.Count} messages from {block.First}");
            }
        }
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(99, 9)]
    public void A_block_may_be_full_to_its_last_byte(int room, int messages)
    {
        // The count takes a byte, each message nine, and its length, but the last one's, another.
        using RawBaseline raw = new();
        PackedBlock[] blocks = [.. new SegmentFiller(new BlockCodec(raw), _ => room).Fill(
            [.. Enumerable.Range(0, 40).Select(_ => Text("123456789"))])];
        Assert.Equal((messages, messages * 10), (blocks[0].Count, blocks[0].Content.Length));
    }

    [Fact]
    public void The_room_may_differ_from_block_to_block()
    {
        using RawBaseline raw = new();
        PackedBlock[] blocks = [.. new SegmentFiller(new BlockCodec(raw), index => 100 - (10 * index)).Fill(
            [.. Enumerable.Range(0, 27).Select(_ => Text("123456789"))])];
        Assert.Equal([10, 9, 8], blocks.Select(block => block.Count));
    }

    [Fact]
    public void What_cannot_be_compressed_costs_a_byte_over_raw_at_most()
    {
        foreach (BlockCodec codec in Codecs())
        {
            foreach (int length in new[] { 0, 1, 2, 40, 3000 })
            {
                ReadOnlyMemory<byte>[] noise = [Noise(length), Noise(length + 1)];
                Assert.InRange(codec.Pack(noise, 0, 1).Length, 1, length + 1);
                byte[] two = codec.Pack(noise, 0, 2);
                Assert.InRange(two.Length, 1, MessageBlock.Join(noise, 0, 2).Length + 1);
                AssertEqual(noise, codec.Unpack(two, 7000));
            }
        }
    }

    [Fact]
    public void Messages_that_begin_like_a_stored_block_come_back()
    {
        using RawBaseline raw = new();
        BlockCodec codec = new(raw);
        ReadOnlyMemory<byte>[] many = [.. Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[] { 0xFF, 0xFE }, 255)];
        for (int count = 250; count <= many.Length; count++)
        {
            AssertEqual(many[..count], codec.Unpack(codec.Pack(many, 0, count), 2000));
        }
    }

    [Fact]
    public void A_block_of_more_bytes_than_were_allowed_is_a_baseline_exception()
    {
        foreach (BlockCodec codec in Codecs())
        {
            byte[] block = codec.Pack([new byte[5000]], 0, 1);
            Assert.Throws<BaselineException>(() => codec.Unpack(block, 100));
        }
    }

    [Fact]
    public void A_dictionary_of_joined_examples_helps_with_blocks()
    {
        using ZstdBaseline plain = new();
        IBaselineCodec primed = _baselines.Single(b => b.Name == BaselineCatalog.ZstdWithDictionary).Blocks!;
        Assert.True(Bytes(primed) < Bytes(plain));

        long Bytes(IBaselineCodec codec) => new SegmentFiller(new BlockCodec(codec), _ => Room).Fill(Reports)
            .Sum(block => block.Content.Length);
    }

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.ASCII.GetBytes(text);

    private static ReadOnlyMemory<byte> Noise(int length)
    {
        byte[] noise = new byte[length];
        RandomSource.FromSeed((ulong)length).Fill(noise);
        return noise;
    }

    private static void AssertEqual(IReadOnlyList<ReadOnlyMemory<byte>> expected, IReadOnlyList<byte[]> actual) =>
        Assert.Equal(expected.Select(message => Convert.ToHexString(message.Span)),
            actual.Select(Convert.ToHexString));

    private IEnumerable<BlockCodec> Codecs() => _baselines
        .Where(baseline => baseline.Blocks is { WholeFilesOnly: false })
        .Select(baseline => new BlockCodec(baseline.Blocks!));
}
