using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Compression;

public sealed class ContextTests
{
    private const int UnitSize = 200;

    [Fact]
    [Spec("5.5-1")]
    [Spec("5.5-2")]
    [Spec("7.1-4")]
    public void A_frame_from_a_context_is_shorter_and_comes_back_from_the_same_context_alone()
    {
        using BitPredictor predictor = new();
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 40).Select(Reading));
        StreamContext context = predictor.CreateContext();
        foreach (OutgoingMessage message in messages[..30])
        {
            context.Absorb(message.Content.Span);
        }

        List<PackedUnit> cold = Pack(predictor, messages[30..], null, 0);
        List<PackedUnit> warm = Pack(predictor, messages[30..], context, 30);
        Assert.True(warm.Sum(u => u.CodedBytes) < cold.Sum(u => u.CodedBytes) * 3 / 4);

        List<DataFrame> frames = Parse(warm);
        Assert.All(frames, frame => Assert.Equal(30UL, frame.Base));
        Assert.Equal(messages[30..].Select(Hex), Decode(predictor, frames, context.Clone()).SelectMany(f => f.Messages)
            .Select(m => Convert.ToHexString(m.Span)));
        context.Absorb([1]);
        Assert.All(Decode(predictor, frames, context), frame => Assert.NotEqual(LinkErrorCode.None, frame.Error));
        Assert.All(Decode(predictor, frames, null), frame => Assert.Equal(LinkErrorCode.Malformed, frame.Error));
    }

    [Fact]
    [Spec("5.5-2")]
    public void Large_messages_start_every_part_from_the_context()
    {
        using BitPredictor predictor = new();
        StreamContext context = predictor.CreateContext();
        context.Absorb(Messages.Text(3_000, 1));
        OutgoingMessage[] messages = Messages.Number(
            [Messages.Text(30, 3), Messages.Text(9_000, 2), Messages.Random(900, 4), Messages.Text(20, 5)], first: 7);
        List<DataFrame> frames = Parse(Pack(predictor, messages, context, 5));
        Assert.Contains(frames, frame => frame.Kind == DataFrameKind.CodedPart);
        Assert.Contains(frames, frame => frame.Kind == DataFrameKind.StoredPart);
        Assert.All(frames, frame => Assert.Equal(frame.IsCoded ? 5UL : 0UL, frame.Base));
        frames.Reverse();
        Assert.Equal(
            messages.Select(m => (m.Number, Hex(m))),
            Messages.Assemble(Decode(predictor, frames, context), ordered: false).OrderBy(m => m.Number)
                .Select(m => (m.Number, Convert.ToHexString(m.Content.Span))));
    }

    [Fact]
    public void Messages_of_different_bases_share_units_and_not_frames()
    {
        using BitPredictor predictor = new();
        StreamContext context = predictor.CreateContext();
        context.Absorb(Reading(0));
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 6).Select(Reading));
        UnitPacker packer = new(1_000, predictor.FrequencyBits);
        foreach (EncodedMessage message in Encode(predictor, messages[..3], null, 0)
            .Concat(Encode(predictor, messages[3..], context, 1)))
        {
            packer.Add(message);
        }

        PackedUnit unit = packer.Build();
        Assert.False(packer.HasPending);
        Assert.Equal([(0UL, 3, 0UL), (3UL, 3, 1UL)], Parse([unit]).Select(f => (f.FirstMessage, f.Count, f.Base)));
    }

    [Fact]
    [Spec("5.5-3")]
    public void Of_a_long_message_both_sides_absorb_the_end_alone()
    {
        using BitPredictor predictor = new();
        byte[] message = Messages.Random(100_000, 9);
        StreamContext expected = predictor.CreateContext();
        expected.Absorb(message.AsSpan(^65_536..));

        SenderContext sender = SenderContext.For(predictor)!;
        sender.Add(new OutgoingMessage(0, message));
        sender.OnAcknowledged(1);
        Assert.True(sender.Advance());
        ReceiverContext receiver = ReceiverContext.For(predictor)!;
        receiver.Add(new ReceivedMessage(0, message));
        Assert.Equal(LinkErrorCode.None, receiver.TryGet(1, out StreamContext? received));

        OutgoingMessage[] next = [new OutgoingMessage(1, Messages.Random(50, 10))];
        string[] codes = [.. new[] { expected, sender.Current, received }
            .Select(c => Convert.ToHexString(Pack(predictor, next, c, 1)[0].Data.Span))];
        Assert.Equal(codes[0], codes[1]);
        Assert.Equal(codes[0], codes[2]);
    }

    [Fact]
    public void A_batch_with_a_context_has_a_base_before_its_messages()
    {
        using BitPredictor predictor = new();
        StreamContext context = predictor.CreateContext();
        OutgoingMessage[] messages = Messages.Number([[1]], first: 4);
        Assert.Throws<ArgumentException>(() => new EncodingBatch(messages, context, 0));
        Assert.Throws<ArgumentException>(() => new EncodingBatch(messages, null, 2));
        Assert.Throws<ArgumentException>(() => new EncodingBatch(messages, context, 5));
        Assert.Equal(1, new EncodingBatch(messages, context, 4).JobCount);
        Assert.Throws<ArgumentException>(() => new DecodingBatch([], [null]));
    }

    [Fact]
    public void A_predictor_without_context_has_none()
    {
        using AdaptiveBytePredictor predictor = new();
        Assert.Null(SenderContext.For(predictor));
        Assert.Null(ReceiverContext.For(predictor));
    }

    /// <summary>A line like the one before it.</summary>
    internal static byte[] Reading(int number) => System.Text.Encoding.ASCII.GetBytes(
        $"T{number * 10:D6} battery {87 - (number % 7)} %, bus {28 + (number % 3)} V, mode NOMINAL");

    internal static EncodedMessage[] Encode(Predictor predictor, OutgoingMessage[] messages, StreamContext? context,
        ulong contextBase)
    {
        using MessageEncoder encoder = new(predictor, 4, UnitSize);
        EncodingBatch batch = new(messages, context, contextBase);
        encoder.Run(batch);
        return batch.ToArray();
    }

    internal static IReadOnlyList<DecodedFrame> Decode(Predictor predictor, IReadOnlyList<DataFrame> frames,
        StreamContext? context)
    {
        using FrameDecoder decoder = new(predictor, 4);
        DecodingBatch batch = new(frames, [.. frames.Select(frame => frame.Base == 0 ? null : context)]);
        decoder.Run(batch);
        return batch.Results;
    }

    internal static List<DataFrame> Parse(IEnumerable<PackedUnit> units)
    {
        List<DataFrame> frames = [];
        Assert.All(units, unit => Assert.True(DataFrame.TryParse(unit.Data, frames)));
        return frames;
    }

    private static List<PackedUnit> Pack(Predictor predictor, OutgoingMessage[] messages, StreamContext? context,
        ulong contextBase)
    {
        UnitPacker packer = new(UnitSize, predictor.FrequencyBits);
        foreach (EncodedMessage message in Encode(predictor, messages, context, contextBase))
        {
            packer.Add(message);
        }

        List<PackedUnit> units = [];
        while (packer.HasPending)
        {
            units.Add(packer.Build());
            Assert.InRange(units[^1].Data.Length, 1, UnitSize);
        }

        return units;
    }

    private static string Hex(OutgoingMessage message) => Convert.ToHexString(message.Content.Span);
}
