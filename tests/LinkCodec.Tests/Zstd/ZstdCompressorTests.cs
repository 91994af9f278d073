using LinkCodec.Core.Compression;
using LinkCodec.Models.Zstd;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Zstd;

public sealed class ZstdCompressorTests
{
    public static TheoryData<ulong> Seeds => TestRandom.Seeds(40);

    [Theory]
    [MemberData(nameof(Seeds))]
    [Spec("5.6-1")]
    public void What_was_compressed_comes_back_and_is_smaller(ulong seed)
    {
        TestRandom random = new(seed);
        using BlockCompressor compressor = TestBlocks.Compressor(random.Next(2) == 0);
        byte[] payload = new byte[BlockCompressor.MaxContent];
        byte[] restored = new byte[BlockCompressor.MaxContent];
        for (int i = 0; i < 20; i++)
        {
            byte[] content = TestBlocks.Content(random, BlockCompressor.MaxContent);
            int length = compressor.Compress(content, payload);
            Assert.InRange(length, 0, Math.Max(0, content.Length - 1));
            if (length > 0)
            {
                Assert.True(compressor.TryDecompress(payload.AsSpan(0, length), restored, out int count));
                Assert.Equal(content, restored[..count]);
            }
        }
    }

    [Fact]
    public void What_does_not_fit_or_shrink_is_nothing_and_harms_no_later_block()
    {
        using BlockCompressor compressor = TestBlocks.Compressor(hasDictionary: true);
        byte[] content = new byte[40_000];
        TestBlocks.Lines(700).Aggregate(0, (at, line) =>
        {
            line.Span[..Math.Min(line.Length, content.Length - at)].CopyTo(content.AsSpan(at));
            return Math.Min(content.Length, at + line.Length);
        });
        byte[] payload = new byte[BlockCompressor.MaxContent];
        int length = compressor.Compress(content, payload);
        Assert.InRange(length, 1, 20_000);
        foreach (int room in new[] { 0, 1, 10, length / 2, length - 1 })
        {
            Assert.Equal(0, compressor.Compress(content, payload.AsSpan(0, room)));
            Assert.Equal(0, compressor.Compress(content.AsSpan(0, 200), payload.AsSpan(0, Math.Min(room, 1))));
        }

        Assert.Equal(0, compressor.Compress([], payload));
        Assert.Equal(0, compressor.Compress([7], payload));
        Assert.Equal(0, compressor.Compress(new TestRandom(1).Bytes(5_000), payload));
        Assert.Equal(length, compressor.Compress(content, payload.AsSpan(0, length)));
        Assert.Throws<ArgumentOutOfRangeException>(() => compressor.Compress(new byte[65_537], payload));
    }

    [Fact]
    public void A_frame_says_only_what_a_link_does_not()
    {
        using BlockCompressor compressor = TestBlocks.Compressor(hasDictionary: true);
        byte[] payload = new byte[1_000];
        Assert.True(compressor.Compress(TestBlocks.Line(3), payload) > 0);
        Assert.Equal((0b0010_0000, (byte)TestBlocks.Line(3).Length), (payload[0], payload[1])); // one segment, its size
        Assert.True(compressor.Compress(new byte[5_000], payload) > 0);
        Assert.Equal(0, payload[0]); // a window's byte follows
        Assert.InRange((payload[1] >> 3) + 10, 10, ZstdParameters.MaxWindowLog);
    }

    [Fact]
    public void A_dictionary_pays_for_a_message_on_its_own()
    {
        using BlockCompressor with = TestBlocks.Compressor(hasDictionary: true);
        using BlockCompressor without = TestBlocks.Compressor(hasDictionary: false);
        byte[] payload = new byte[200];
        int length = with.Compress(TestBlocks.Line(77), payload);
        int plain = without.Compress(TestBlocks.Line(77), payload);
        Assert.InRange(length, 1, TestBlocks.Line(77).Length / 2);
        Assert.True(plain == 0 || plain > length);
    }

    [Fact]
    public async Task Workers_share_a_dictionary_and_give_equal_bytes()
    {
        ZstdCompressorFactory factory = new(TestBlocks.Dictionary, "test");
        byte[][] contents = [.. Enumerable.Range(1, 60)
            .Select(i => TestBlocks.Content(new TestRandom((ulong)i), 9_000))];
        byte[][][] all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Work)));
        Assert.All(all, payloads => Assert.Equal(all[0], payloads));

        byte[][] Work()
        {
            using BlockCompressor compressor = factory.Create();
            byte[] payload = new byte[9_000];
            byte[] restored = new byte[9_000];
            return [.. contents.Select(content =>
            {
                byte[] made = payload[..compressor.Compress(content, payload)];
                Assert.True(made.Length == 0 || compressor.TryDecompress(made, restored, out _));
                Assert.True(made.Length == 0 || restored.AsSpan(0, content.Length).SequenceEqual(content));
                return made;
            })];
        }
    }

    [Fact]
    public void A_compressor_that_was_disposed_of_says_so()
    {
        BlockCompressor compressor = TestBlocks.Compressor(hasDictionary: true);
        compressor.Dispose();
        compressor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => compressor.Compress(new byte[9], new byte[9]));
        Assert.Throws<ObjectDisposedException>(() => compressor.TryDecompress([1], new byte[9], out _));
    }
}
