using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Zstd;

namespace LinkCodec.Tests.Endpoint;

/// <summary>Messages that become blocks on several workers.</summary>
public sealed class BlockSharesTests
{
    private const int UnitSize = 1180;

    [Theory]
    [InlineData(100, 1)] // Too few to be shared.
    [InlineData(20_000, 3)]
    public void Each_message_is_in_one_block_in_the_order_of_their_numbers(int count, int shares)
    {
        (EncodingWork work, OutgoingMessage[] messages) = Work(count, endsShort: true);
        Assert.Equal(shares, work.Divide(3));
        Pack(work, shares);

        Assert.Empty(work.LeftOver);
        Assert.Equal(messages.Select(message => message.Content.ToArray()), Restore(work.Blocks));
        Assert.Equal(work.Blocks.Select(unit => unit.First).Order(), work.Blocks.Select(unit => unit.First));
    }

    [Fact]
    public void Only_the_last_share_leaves_messages_over()
    {
        (EncodingWork work, OutgoingMessage[] messages) = Work(20_000, endsShort: false);
        Pack(work, work.Divide(2));

        List<byte[]> restored = Restore(work.Blocks);
        Assert.Equal(messages.Select(message => message.Content.ToArray()),
            restored.Concat(work.LeftOver.Select(message => message.Content.ToArray())));
        Assert.InRange(work.LeftOver.Count(), 0, 300); // No more than a block holds.
    }

    [Fact]
    public void Blocks_of_kinds_that_alternate_take_few_compressions()
    {
        CountingCompressor compressor = new(TestBlocks.Compressor(hasDictionary: true));
        using BlockUnits packer = new(compressor);

        // Runs of some 4,000 bytes: sentences, and numbers that hardly shrink.
        OutgoingMessage[] messages = [.. Enumerable.Range(0, 10_000).Select(i => new OutgoingMessage((ulong)i,
            i / 64 % 2 == 0 ? TestBlocks.Line(i) : Numbers(i)))];
        List<PackedUnit> units = packer.Pack(messages, UnitSize, endsShort: true, out _);

        Assert.InRange(compressor.Compressions, units.Count, 2.6 * units.Count);
    }

    private static byte[] Numbers(int i) => [.. Enumerable.Range(0, 60)
        .Select(at => (byte)('0' + ((((uint)((i * 60) + at) * 2_654_435_761u) >> 20) % 10)))];

    private static (EncodingWork Work, OutgoingMessage[] Messages) Work(int count, bool endsShort)
    {
        OutgoingMessage[] messages = [.. TestBlocks.Lines(count)
            .Select((line, i) => new OutgoingMessage((ulong)i, line))];
        EncodingWork work = new(new object(), new AdaptiveBytePredictor(), null, messages, null)
        {
            Effort = Effort.Fast,
            MaxUnitSize = UnitSize,
            EndsShort = endsShort,
        };
        return (work, messages);
    }

    private static void Pack(EncodingWork work, int shares) => Parallel.For(0, shares, share =>
    {
        using BlockUnits packer = new(TestBlocks.Compressor(hasDictionary: true));
        work.PackBlocks(share, packer);
    });

    private static List<byte[]> Restore(IReadOnlyList<PackedUnit> units)
    {
        DecodingBatch batch = new([.. units.Select(unit => unit.Frames)]);
        using BlockCompressor compressor = TestBlocks.Compressor(hasDictionary: true);
        batch.RestoreBlocks(compressor);
        return [.. batch.Results.SelectMany(frame => frame.Messages).Select(message => message.ToArray())];
    }
}
