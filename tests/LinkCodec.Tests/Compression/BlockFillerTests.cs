using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Zstd;
using Xunit;

namespace LinkCodec.Tests.Compression;

public sealed class BlockFillerTests : IDisposable
{
    private const int Room = 1_170;
    private readonly CountingCompressor _compressor = new(TestBlocks.Compressor(hasDictionary: true));
    private readonly BlockFiller _filler;
    private readonly byte[] _room = new byte[Room];

    public BlockFillerTests() => _filler = new BlockFiller(_compressor);

    public void Dispose() => _compressor.Dispose();

    [Fact]
    public void Blocks_are_nearly_full_and_hold_the_messages_as_a_stored_frame_does()
    {
        ReadOnlyMemory<byte>[] messages = TestBlocks.Lines(4_000);
        int blocks = 0;
        for (int at = 0; at < messages.Length; blocks++)
        {
            ReadOnlySpan<ReadOnlyMemory<byte>> rest = messages.AsSpan(at, Math.Min(255, messages.Length - at));
            CompressedBlock block = _filler.Fill(rest, _room);
            Assert.InRange(block.Count, 1, rest.Length);
            Assert.InRange(block.Length, block.Count == rest.Length ? 1 : Room * 9 / 10, Room);
            Check(rest, block);
            at += block.Count;
        }

        Assert.InRange(_compressor.Compressions, blocks, 3 * blocks);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Little_more_would_have_fitted(ulong seed)
    {
        TestRandom random = new(seed);
        ReadOnlyMemory<byte>[] messages = [.. Enumerable.Range(0, 700)
            .Select(_ => (ReadOnlyMemory<byte>)TestBlocks.Content(random, 1 + random.Next(200)))];
        Span<byte> room = _room.AsSpan(0, 300 + random.Next(Room - 300));
        long filled = 0;
        long most = 0;
        for (int at = 0; at < 600;)
        {
            CompressedBlock block = _filler.Fill(messages.AsSpan(at), room);
            if (block.Count > 0)
            {
                Check(messages.AsSpan(at), block);
                filled += block.ContentLength;
                int best = block.ContentLength;
                for (int more = 1; more < 40 && at + block.Count + more <= messages.Length; more++)
                {
                    CompressedBlock one = Alone(messages.AsSpan(at, block.Count + more));
                    best = one.Length <= room.Length ? Math.Max(best, one.ContentLength) : best;
                }

                most += best;
            }

            at += Math.Max(1, block.Count);
        }

        Assert.True(filled > most * 9 / 10, $"seed {seed}: {filled} bytes of {most}");
    }

    [Fact]
    public void Nothing_to_send_is_no_block()
    {
        Assert.Equal(default, _filler.Fill([], _room));
        Assert.Equal(default, _filler.Fill([default(ReadOnlyMemory<byte>)], _room));
        Assert.Equal(default, _filler.Fill(TestBlocks.Lines(5), []));
    }

    [Fact]
    public void Empty_messages_are_a_block_of_their_lengths()
    {
        ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[255];
        CompressedBlock block = _filler.Fill(messages, _room);
        Assert.Equal((255, 254), (block.Count, block.ContentLength));
        Check(messages, block);
    }

    [Fact]
    public void A_message_larger_than_the_room_is_no_block_and_takes_no_other_with_it()
    {
        ReadOnlyMemory<byte> large = new TestRandom(1).Bytes(5_000);
        Assert.Equal(default, _filler.Fill([large, .. TestBlocks.Lines(9)], _room));
        Assert.Equal(default, _filler.Fill([new byte[70_000], .. TestBlocks.Lines(9)], _room));

        CompressedBlock block = _filler.Fill([.. TestBlocks.Lines(9), large, .. TestBlocks.Lines(9)], _room);
        Assert.Equal(9, block.Count);
        Assert.Equal(1, _filler.Fill([new byte[65_536]], _room).Count);
    }

    [Fact]
    public void What_does_not_shrink_is_no_block()
    {
        ReadOnlyMemory<byte>[] noise = [.. Enumerable.Range(0, 50)
            .Select(i => (ReadOnlyMemory<byte>)new TestRandom((ulong)i).Bytes(100))];
        Assert.Equal(default, _filler.Fill(noise, _room));
        Assert.Equal(default, _filler.Fill(noise.AsSpan(0, 3), _room));
    }

    [Fact]
    public void Eight_thousand_tiny_messages_keep_to_the_content_of_a_block()
    {
        ReadOnlyMemory<byte>[] messages = [.. Enumerable.Range(0, 8_000)
            .Select(i => (ReadOnlyMemory<byte>)new byte[] { (byte)(i % 3), 7 })];
        CompressedBlock block = _filler.Fill(messages, _room);
        Assert.Equal(8_000, block.Count);
        Assert.InRange(block.ContentLength, 3 * 7_999, BlockCompressor.MaxContent);
        Assert.True(_compressor.TryDecompress(_room.AsSpan(0, block.Length), new byte[block.ContentLength], out _));
        Assert.InRange(_filler.Fill(new ReadOnlyMemory<byte>[70_000], _room).ContentLength, 60_000, 65_536);
    }

    private void Check(ReadOnlySpan<ReadOnlyMemory<byte>> messages, CompressedBlock block)
    {
        byte[] content = new byte[block.ContentLength];
        Assert.True(_compressor.TryDecompress(_room.AsSpan(0, block.Length), content, out int length));
        Assert.Equal(content.Length, length);
        ReadOnlyMemory<byte>[] restored = DataFrame.Split(content, block.Count)!;
        for (int i = 0; i < restored.Length; i++)
        {
            Assert.Equal(messages[i].ToArray(), restored[i].ToArray());
        }
    }

    // All these messages in one block, whatever it takes.
    private CompressedBlock Alone(ReadOnlySpan<ReadOnlyMemory<byte>> messages) =>
        new BlockFiller(_compressor).Fill(messages, new byte[BlockCompressor.MaxContent]);

    public static TheoryData<ulong> Seeds => TestRandom.Seeds(12);
}
