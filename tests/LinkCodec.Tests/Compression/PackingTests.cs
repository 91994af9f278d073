using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Coding;

namespace LinkCodec.Tests.Compression;

/// <summary>What the packer chooses: coded or stored by framed size, and the same whatever else is queued.</summary>
public sealed class PackingTests
{
    private const int UnitSize = 300;

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    [InlineData(5UL)]
    [InlineData(6UL)]
    public void Units_are_never_larger_than_those_of_stored_messages(ulong seed)
    {
        OutgoingMessage[] messages = Mixture(seed);
        ToyPredictor predictor = new();
        long chosen = Messages.Pack(messages, predictor, UnitSize).Sum(unit => unit.Data.Length + 20L);
        long stored = Pack(messages.Select(message => EncodedMessage.Store(message, UnitSize)))
            .Sum(unit => unit.Length + 20L);
        Assert.InRange(chosen, 1, stored + 20); // How a last unit comes out may differ by its header.
    }

    [Fact]
    [Spec("4.3-6")]
    public void Small_messages_that_no_model_makes_smaller_share_a_frame()
    {
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 600)
            .Select(i => Messages.Random(i % 4, (ulong)i)));
        List<PackedUnit> units = Messages.Pack(messages, new ToyPredictor(), 1_180);
        List<DataFrame> frames = [];
        Assert.All(units, unit => Assert.True(DataFrame.TryParse(unit.Data, frames)));
        Assert.All(frames, frame => Assert.Equal(DataFrameKind.StoredMany, frame.Kind));
        Assert.InRange(units.Sum(unit => unit.Data.Length), 1_500, 1_520); // A byte a message beside its content.
        List<ReceivedMessage> received = Messages.Assemble(new DecodingBatch(frames).Results);
        Assert.Equal(messages.Select(m => Convert.ToHexString(m.Content.Span)),
            received.Select(m => Convert.ToHexString(m.Content.Span)));
    }

    [Fact]
    public void One_message_that_the_model_makes_larger_does_not_break_a_coded_frame()
    {
        byte[][] contents = [.. Enumerable.Range(0, 20)
            .Select(i => i == 10 ? Messages.Random(6, 1) : Messages.Text(40, (ulong)i))];
        List<DataFrame> frames = [];
        Assert.True(
            DataFrame.TryParse(Messages.Pack(Messages.Number(contents), new ToyPredictor(), 1_180)[0].Data, frames));
        Assert.Equal((DataFrameKind.Coded, 20), (frames[0].Kind, frames[0].Count));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void A_full_unit_does_not_change_with_what_is_queued_behind_it(ulong seed)
    {
        EncodedMessage[] coded = Messages.Encode(Mixture(seed), new ToyPredictor(), UnitSize);
        UnitPacker packer = new(UnitSize, 20);
        List<string> slowly = [];
        foreach (EncodedMessage message in coded)
        {
            packer.Add(message);
            while (packer.PendingBytes > UnitSize)
            {
                slowly.Add(Convert.ToHexString(packer.Build().Data.Span));
            }
        }

        while (packer.HasPending)
        {
            slowly.Add(Convert.ToHexString(packer.Build().Data.Span));
        }

        Assert.Equal(Pack(coded).Select(unit => Convert.ToHexString(unit.Span)), slowly);
        Assert.Equal(0, packer.PendingBytes);
    }

    // Text, noise, empty and large messages, alone and in runs.
    private static OutgoingMessage[] Mixture(ulong seed)
    {
        TestRandom random = new(seed);
        List<byte[]> contents = [];
        while (contents.Count < 500)
        {
            (int kind, int length) = (random.Next(5), random.Next(60));
            for (int run = 1 + random.Next(12); run > 0; run--)
            {
                ulong next = (ulong)contents.Count;
                contents.Add(kind switch
                {
                    0 => [],
                    1 => Messages.Random(length, next),
                    2 when run == 1 => Messages.Text(length * 30, next),
                    _ => Messages.Text(length, next),
                });
            }
        }

        return Messages.Number(contents);
    }

    private static List<ReadOnlyMemory<byte>> Pack(IEnumerable<EncodedMessage> messages)
    {
        UnitPacker packer = new(UnitSize, 20);
        foreach (EncodedMessage message in messages)
        {
            packer.Add(message);
        }

        List<ReadOnlyMemory<byte>> units = [];
        while (packer.HasPending)
        {
            units.Add(packer.Build().Data);
        }

        return units;
    }
}
