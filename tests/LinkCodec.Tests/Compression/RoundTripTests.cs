using LinkCodec.Core.Compression;
using LinkCodec.Tests.Coding;

namespace LinkCodec.Tests.Compression;

public sealed class RoundTripTests
{
    private const int UnitSize = 300;

    public static TheoryData<string, byte[][]> Cases() => new()
    {
        { "empty", [[]] },
        { "many empty", [.. Enumerable.Range(0, 600).Select(_ => Array.Empty<byte>())] },
        { "small text", [.. Enumerable.Range(0, 400).Select(i => Messages.Text(i % 90, (ulong)i))] },
        { "small random", [.. Enumerable.Range(0, 100).Select(i => Messages.Random(i, (ulong)i))] },
        { "large text", [Messages.Text(20_000, 1)] },
        { "large random", [Messages.Random(20_000, 1)] },
        { "several blocks", [Messages.Text(300_000, 9)] },
        { "mixed", [Messages.Text(40, 2), Messages.Random(290, 3), [], Messages.Text(5_000, 4),
            Messages.Random(2_000, 5), Messages.Text(9, 6)] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_message_comes_back(string name, byte[][] contents)
    {
        OutgoingMessage[] messages = Messages.Number(contents);
        ToyPredictor predictor = new();
        List<PackedUnit> units = Messages.Pack(messages, predictor, UnitSize);

        List<ReceivedMessage> received = Messages.Assemble(Messages.Decode(units.Select(Messages.Bytes), predictor));

        Assert.Equal(messages.Length, received.Count);
        Assert.All(messages.Zip(received),
            pair => Assert.Equal(pair.First.Content.ToArray(), pair.Second.Content.ToArray()));
        Assert.Equal((ulong)messages.Length, units.Max(unit => unit.End));
        Assert.NotEmpty(name);
    }

    [Fact]
    public void Lanes_change_no_byte()
    {
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 120)
            .Select(i => Messages.Text(i * 13 % 700, (ulong)i)));
        ToyPredictor predictor = new();
        List<PackedUnit> alone = Messages.Pack(messages, predictor, UnitSize, lanes: 1, shares: 9);
        List<PackedUnit> beside = Messages.Pack(messages, predictor, UnitSize, lanes: 32, shares: 9);

        Assert.Equal(alone.Select(u => Convert.ToHexString(Messages.Bytes(u).Span)),
            beside.Select(u => Convert.ToHexString(Messages.Bytes(u).Span)));
        Assert.Equal(
            Messages.Assemble(Messages.Decode(alone.Select(Messages.Bytes), predictor, lanes: 32))
                .Select(m => m.Number),
            Messages.Assemble(Messages.Decode(alone.Select(Messages.Bytes), predictor, lanes: 1))
                .Select(m => m.Number));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(400_000)]
    public void Random_bytes_cost_at_most_one_coded_byte_over_raw(int length)
    {
        OutgoingMessage[] messages = Messages.Number([Messages.Random(length, 77)]);

        int coded = Messages.Pack(messages, new ToyPredictor(), 1_176).Sum(u => u.PayloadBytes);

        Assert.InRange(coded, 1, length + 1);
    }

    [Fact]
    public void Small_messages_share_a_range_code()
    {
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 50).Select(i => Messages.Text(10, (ulong)i)));
        ToyPredictor predictor = new();

        int together = Messages.Pack(messages, predictor, 1_176).Sum(u => u.PayloadBytes);
        int apart = messages.Sum(m => Messages.Pack([m], predictor, 1_176).Sum(u => u.PayloadBytes));

        Assert.True(together < apart, $"{together} bytes together, {apart} apart");
    }

    [Fact]
    public void Numbers_may_be_large()
    {
        OutgoingMessage[] messages = Messages.Number([Messages.Text(4_000, 1), Messages.Text(30, 2)],
            first: (1UL << 62) - 10);
        ToyPredictor predictor = new();

        IReadOnlyList<DecodedFrame> frames = Messages.Decode(
            Messages.Pack(messages, predictor, 100).Select(Messages.Bytes), predictor);

        List<ReceivedMessage> received = Messages.Assemble(frames, ordered: false);
        Assert.Equal(messages.Select(m => m.Number), received.Select(m => m.Number).Order());
    }

    [Theory]
    [InlineData(1UL, 64)]
    [InlineData(2UL, 75)]
    [InlineData(3UL, 200)]
    [InlineData(4UL, 1_176)]
    public void Symbols_that_cost_three_bytes_each_never_overfill_a_unit(ulong seed, int unitSize)
    {
        // Nearly all bytes are 'a', which costs nothing; the others and END cost 24 bits.
        TestRandom random = new(seed);
        using HostileFrameTests.Sure predictor = new(likely: 'a', bits: 24);
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 60).Select(_ =>
        {
            byte[] content = new byte[random.Next(8_000)];
            for (int i = 0; i < content.Length; i++)
            {
                content[i] = random.Next(12) == 0 ? (byte)random.Next(256) : (byte)'a';
            }

            return content;
        }));
        List<PackedUnit> units = Messages.Pack(messages, predictor, unitSize, lanes: 1);
        List<ReceivedMessage> received = Messages.Assemble(
            Messages.Decode(units.Select(Messages.Bytes), predictor, lanes: 1));
        Assert.All(messages.Zip(received),
            pair => Assert.True(pair.First.Content.Span.SequenceEqual(pair.Second.Content.Span)));
        Assert.Equal(messages.Length, received.Count);
    }
}
