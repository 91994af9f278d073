using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Compression;

/// <summary>What the packer chooses: coded or stored by framed size; and how batches share units.</summary>
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
        long chosen = Messages.Pack(messages, predictor, UnitSize).Sum(unit => Messages.Bytes(unit).Length + 20L);
        long stored = StoredContent.Pack(messages, UnitSize).Sum(unit => Messages.Bytes(unit).Length + 20L);
        Assert.InRange(chosen, 1, stored);
    }

    [Fact]
    [Spec("4.3-6")]
    public void Small_messages_that_no_model_makes_smaller_share_a_frame()
    {
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 600)
            .Select(i => Messages.Random(i % 4, (ulong)i)));
        List<PackedUnit> units = Messages.Pack(messages, new ToyPredictor(), 1_180);
        List<DataFrame> frames = Messages.Frames(units.Select(Messages.Bytes));
        Assert.All(frames, frame => Assert.Equal(DataFrameKind.StoredMany, frame.Kind));
        Assert.InRange(units.Sum(unit => unit.PayloadBytes), 1_490, 1_510); // A byte a message beside its content.
        List<ReceivedMessage> received = Messages.Assemble(new DecodingBatch([frames]).Results);
        Assert.Equal(messages.Select(m => Convert.ToHexString(m.Content.Span)),
            received.Select(m => Convert.ToHexString(m.Content.Span)));
    }

    [Fact]
    public void One_message_that_the_model_makes_larger_does_not_break_a_coded_frame()
    {
        byte[][] contents = [.. Enumerable.Range(0, 20)
            .Select(i => i == 10 ? Messages.Random(6, 1) : Messages.Text(40, (ulong)i))];
        List<DataFrame> frames = Messages.Frames(
            Messages.Bytes(Messages.Pack(Messages.Number(contents), new ToyPredictor(), 1_180)[0]));
        Assert.Equal((DataFrameKind.Coded, 20), (frames[0].Kind, frames[0].Count));
    }

    [Theory]
    [InlineData(1UL, 1)]
    [InlineData(2UL, 1)]
    [InlineData(3UL, 4)]
    [InlineData(4UL, 4)]
    [Spec("4.3-4")]
    public void Batches_go_on_with_the_units_that_those_before_left_open(ulong seed, int shares)
    {
        OutgoingMessage[] messages = Mixture(seed);
        using BitPredictor predictor = new();
        using ContextPool contexts = new(predictor);
        using UnitStream stream = new(predictor, contexts, UnitSize, isChained: false);
        using MessageEncoder encoder = new(predictor, 3);
        List<PackedUnit> units = [];
        foreach (OutgoingMessage[] part in messages.Chunk(37))
        {
            EncodingBatch batch = stream.Begin(part, shares, ContentHint.Auto);
            encoder.Run(batch);
            stream.End(batch);
            while (stream.TryTake(mayClose: false, out PackedUnit? unit))
            {
                units.Add(unit);
            }
        }

        while (stream.TryTake(mayClose: true, out PackedUnit? unit))
        {
            units.Add(unit);
        }

        List<ReceivedMessage> received = Messages.Assemble(Messages.Decode(units.Select(Messages.Bytes), predictor));
        Assert.Equal(messages.Select(m => Convert.ToHexString(m.Content.Span)),
            received.Select(m => Convert.ToHexString(m.Content.Span)));
        Assert.All(units, unit => Assert.Equal(
            unit.Frames.OrderBy(frame => frame.FirstMessage).ThenBy(frame => frame.Offset), unit.Frames));
        int whole = Messages.Pack(messages, predictor, UnitSize).Count;
        Assert.InRange(units.Count, whole - 1, whole + (whole / 10) + shares);
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
}
