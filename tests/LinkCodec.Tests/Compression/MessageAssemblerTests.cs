using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Compression;

public sealed class MessageAssemblerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_order_and_any_repetition_gives_each_message_once_in_order(ulong seed)
    {
        RandomSource random = RandomSource.FromSeed(seed);
        List<ulong> numbers = [.. Enumerable.Range(0, 200).Select(i => (ulong)i)];
        List<ulong> arrivals = [.. numbers.Concat(numbers.Take(90)).OrderBy(_ => random.NextUInt64())];
        MessageAssembler assembler = new(ordered: true);
        List<ulong> given = [];
        foreach (ulong number in arrivals)
        {
            Assert.Equal(LinkErrorCode.None, assembler.Add(Whole(number)));
            while (assembler.TryTake(out ReceivedMessage message))
            {
                given.Add(message.Number);
            }
        }

        Assert.Equal(numbers, given);
        Assert.Equal(200UL, assembler.Completed);
        Assert.Empty(assembler.Finish(200));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        MessageAssembler assembler = new(ordered: true);
        foreach (ulong number in new ulong[] { 0, 1, 4, 5, 9 })
        {
            assembler.Add(Whole(number));
        }

        Assert.Equal([(2UL, 2UL), (6UL, 3UL), (10UL, 2UL)], assembler.Finish(12));
        List<ulong> given = [];
        while (assembler.TryTake(out ReceivedMessage message))
        {
            given.Add(message.Number);
        }

        Assert.Equal([0, 1, 4, 5, 9], given);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void What_came_of_samples_is_kept_where_that_is_wanted_whenever_they_are_given_up(bool isWanted, bool skips)
    {
        MessageAssembler assembler = new(ordered: true, keepsIncomplete: isWanted);
        assembler.Add(Part(0, 40, new byte[7])); // The later part comes first.
        assembler.Add(Part(0, 0, "\nLCM\u0001 as it begins"u8.ToArray()));
        assembler.Add(Part(1, 0, "text"u8.ToArray()));
        assembler.Add(Part(2, 9, "\nLCM without a beginning"u8.ToArray()));
        for (int i = 0; i < 3 && skips; i++)
        {
            assembler.SkipGap();
        }

        Assert.NotEmpty(assembler.Finish(3));
        Assert.Equal(0, assembler.BufferedBytes);
        Assert.Equal(isWanted, assembler.TryTakeIncomplete(out IncompleteMessage kept));
        Assert.Equal(isWanted ? [0, 40] : [], kept.Parts?.Select(part => part.Offset) ?? []);
        Assert.False(assembler.TryTakeIncomplete(out _));
        Assert.False(assembler.TryTake(out _));
    }

    private static DecodedFrame Part(ulong number, int offset, byte[] content) => new(
        StoredContent.PartOf(number, offset, content, 1000, isLast: false), LinkErrorCode.None, [content]);

    private static DecodedFrame Whole(ulong number) => new(
        StoredContent.FrameOf(number, 1, new byte[1]), LinkErrorCode.None, [new byte[1]]);
}
