using LinkCodec.Core.Compression;
using LinkCodec.Models.Zstd;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Zstd;

/// <summary>Payloads that no compressor made: the answer is no, or bytes within the destination.</summary>
public sealed class HostilePayloadTests
{
    [Theory]
    [InlineData("")] // nothing
    [InlineData("00")] // no window
    [InlineData("0038")] // no block
    [InlineData("0438010000")] // with a checksum
    [InlineData("0138010000")] // with a dictionary's number
    [InlineData("0838010000")] // a reserved bit
    [InlineData("1038010000")] // a bit that is to be 0
    [InlineData("0050010000")] // a window of 1 MiB
    [InlineData("0038070000")] // a reserved kind of block
    [InlineData("0038000000")] // no last block
    [InlineData("003809000061ff")] // a byte behind the last block
    [InlineData("0038110000")] // a block that is cut off
    [InlineData("003801000000380100")] // two frames
    [InlineData("2002090000")] // a content shorter than its size
    [InlineData("E0ffffffffffffffff010000")] // a content of 2^64 - 1 bytes
    [InlineData("00380b001061")] // one byte repeated 131,073 times
    public void What_is_no_block_is_refused(string hex)
    {
        foreach (bool hasDictionary in new[] { false, true })
        {
            using BlockCompressor compressor = TestBlocks.Compressor(hasDictionary);
            Assert.False(compressor.TryDecompress(Convert.FromHexString(hex), new byte[1 << 18], out int length));
            Assert.Equal(0, length);
        }
    }

    [Fact]
    public void A_content_larger_than_the_destination_is_refused_and_one_that_fits_is_not()
    {
        using BlockCompressor compressor = TestBlocks.Compressor(hasDictionary: false);
        byte[] bomb = Convert.FromHexString("003803800061"); // one byte repeated 4,096 times, twelve bits of length
        Assert.True(compressor.TryDecompress(bomb, new byte[4_096], out int length));
        Assert.Equal(4_096, length);
        Assert.False(compressor.TryDecompress(bomb, new byte[4_095], out _));
        Assert.False(compressor.TryDecompress(bomb, [], out _));

        byte[] payload = new byte[100];
        int compressed = compressor.Compress(new byte[500], payload);
        Assert.False(compressor.TryDecompress(payload.AsSpan(0, compressed), new byte[499], out length));
        Assert.Equal(0, length);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Damage_never_throws_and_stays_within_the_destination(ulong seed)
    {
        TestRandom random = new(seed);
        using BlockCompressor compressor = TestBlocks.Compressor(random.Next(2) == 0);
        byte[] payload = new byte[BlockCompressor.MaxContent];
        byte[] around = new byte[9_200];
        for (int i = 0; i < 200; i++)
        {
            int length = compressor.Compress(TestBlocks.Content(random, 9_000), payload);
            byte[] damaged = payload[..(length - random.Next(Math.Max(1, Math.Min(length, 3))))];
            for (int flips = random.Next(4); flips >= 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            Array.Fill(around, (byte)0xA5);
            int room = random.Next(9_001);
            bool taken = compressor.TryDecompress(damaged, around.AsSpan(100, room), out int restored);
            Assert.InRange(restored, 0, taken ? room : 0);
            Assert.Equal(-1, around.AsSpan(0, 100).IndexOfAnyExcept((byte)0xA5));
            Assert.Equal(-1, around.AsSpan(100 + room).IndexOfAnyExcept((byte)0xA5));
        }
    }

    [Fact]
    public void Another_dictionary_gives_no_or_other_bytes()
    {
        using BlockCompressor ours = TestBlocks.Compressor(hasDictionary: true);
        using BlockCompressor none = TestBlocks.Compressor(hasDictionary: false);
        using BlockCompressor theirs = new ZstdCompressorFactory(TestBlocks.OtherDictionary, "test").Create();
        byte[] payload = new byte[200];
        byte[] restored = new byte[200];
        for (int i = 0; i < 100; i++)
        {
            int length = ours.Compress(TestBlocks.Line(i), payload);
            foreach (BlockCompressor other in new[] { none, theirs })
            {
                bool taken = other.TryDecompress(payload.AsSpan(0, length), restored, out int count);
                Assert.False(taken && restored.AsSpan(0, count).SequenceEqual(TestBlocks.Line(i)));
            }
        }
    }

    public static TheoryData<ulong> Seeds => TestRandom.Seeds(20);
}
