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

    private static DecodedFrame Whole(ulong number) => new(
        StoredContent.FrameOf(number, 1, new byte[1]), LinkErrorCode.None, [new byte[1]]);
}
