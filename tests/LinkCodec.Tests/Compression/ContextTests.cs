using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.ContextMixing;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Compression;

/// <summary>Units that start from a context, and what they leave behind.</summary>
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
            ContextMixingRun.Absorb(predictor, context, message.Content.Span);
        }

        List<PackedUnit> cold = Messages.Pack(messages[30..], predictor, UnitSize);
        List<PackedUnit> warm = Messages.Pack(messages[30..], predictor, UnitSize, start: context, slot: 2);
        Assert.True(warm.Sum(u => u.PayloadBytes) < cold.Sum(u => u.PayloadBytes) * 3 / 4);
        Assert.All(warm, unit => Assert.Equal(2, unit.Base));

        IEnumerable<ReadOnlyMemory<byte>> bytes = warm.Select(Messages.Bytes);
        Assert.Equal(messages[30..].Select(Hex),
            Messages.Decode(bytes, predictor, start: context.Clone()).SelectMany(f => f.Messages)
                .Select(m => Convert.ToHexString(m.Span)));
        ContextMixingRun.Absorb(predictor, context, [1]);
        Assert.All(Messages.Decode(bytes, predictor, start: context),
            frame => Assert.NotEqual(LinkErrorCode.None, frame.Error));
        Assert.All(Messages.Decode(bytes, predictor), frame => Assert.Equal(LinkErrorCode.Malformed, frame.Error));
    }

    [Fact]
    [Spec("5.5-1")]
    public void What_a_unit_leaves_behind_is_the_same_at_both_ends()
    {
        using BitPredictor predictor = new();
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 40).Select(Reading));
        PackedUnit sent = Messages.Pack(messages, predictor, UnitSize, keep: 3)[0];
        Assert.Equal(3, sent.Keep);
        using ContextPool contexts = new(predictor);
        DecodedFrame received = Messages.Decode([Messages.Bytes(sent)], predictor, contexts: contexts)[^1];
        byte[] next = Reading(41);
        Assert.Equal(ContextMixingRun.Decide(predictor, next, ContentHint.Auto, sent.State),
            ContextMixingRun.Decide(predictor, next, ContentHint.Auto, received.State));
        Assert.NotEqual(ContextMixingRun.Decide(predictor, next, ContentHint.Auto, null),
            ContextMixingRun.Decide(predictor, next, ContentHint.Auto, received.State));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Spec("5.5-2")]
    public void Large_messages_are_cut_and_what_follows_shares_their_last_unit(int shares)
    {
        using BitPredictor predictor = new();
        StreamContext context = predictor.CreateContext();
        ContextMixingRun.Absorb(predictor, context, Messages.Text(3_000, 1));
        OutgoingMessage[] messages = Messages.Number(
            [Messages.Text(30, 3), Messages.Text(9_000, 2), Messages.Random(2_900, 4), Messages.Text(20, 5)], first: 7);
        List<PackedUnit> units = Messages.Pack(messages, predictor, UnitSize, shares: shares, start: context, slot: 1);
        List<DataFrame> frames = [.. units.SelectMany(unit => unit.Frames)];
        Assert.Contains(frames, frame => frame is { Kind: DataFrameKind.Coded, Offset: > 0 });
        Assert.Contains(frames, frame => frame is { Kind: DataFrameKind.Coded, IsLast: false });
        Assert.Contains(frames, frame => frame.Kind == DataFrameKind.StoredPart);
        units.Reverse();
        Assert.Equal(
            messages.Select(m => (m.Number, Hex(m))),
            Messages.Assemble(Messages.Decode(units.Select(Messages.Bytes), predictor, start: context), ordered: false)
                .OrderBy(m => m.Number).Select(m => (m.Number, Convert.ToHexString(m.Content.Span))));
    }

    [Fact]
    [Spec("8.4-1")]
    public void Chained_units_are_decoded_one_after_the_other()
    {
        using BitPredictor predictor = new();
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 200)
            .Select(i => i % 60 == 59 ? Messages.Random(1_500, (ulong)i) : Reading(i)));
        List<PackedUnit> units = Messages.Pack(messages, predictor, UnitSize, isChained: true);
        List<PackedUnit> cold = Messages.Pack(messages, predictor, UnitSize);
        Assert.True(units.Sum(u => u.PayloadBytes) < cold.Sum(u => u.PayloadBytes));
        using ContextPool contexts = new(predictor);
        using ReceiverContexts receiver = new(contexts, isChained: true);
        List<DecodedFrame> decoded = [];
        foreach (PackedUnit unit in units)
        {
            StreamContext? start = null;
            Assert.True(unit.Base == 0 || receiver.TryGet(unit.Frames, out start) == LinkErrorCode.None);
            IReadOnlyList<DecodedFrame> frames = Messages.Decode(
                [Messages.Bytes(unit)], predictor, start: start, contexts: contexts);
            receiver.Keep(frames);
            decoded.AddRange(frames);
        }

        Assert.Equal(messages.Select(Hex),
            Messages.Assemble(decoded).Select(m => Convert.ToHexString(m.Content.Span)));
    }

    [Fact]
    [Spec("5.5-6")]
    public void A_slot_that_was_never_filled_gives_nothing_and_a_chained_one_only_what_follows_it()
    {
        using BitPredictor predictor = new();
        using ContextPool contexts = new(predictor);
        using ReceiverContexts live = new(contexts, isChained: false);
        using ReceiverContexts file = new(contexts, isChained: true);
        DataFrame filling = new()
        {
            Kind = DataFrameKind.Coded, FirstMessage = 4, Count = 2, IsLast = true, Keep = 2,
        };
        DataFrame next = filling with { FirstMessage = 6, Base = 2, Keep = 0 };
        Assert.Equal(LinkErrorCode.Malformed, live.TryGet([next], out _));
        live.Keep([new DecodedFrame(filling, LinkErrorCode.None, [new byte[1], new byte[1]], contexts.Rent())]);
        file.Keep([new DecodedFrame(filling, LinkErrorCode.None, [new byte[1], new byte[1]], contexts.Rent())]);
        Assert.Equal(LinkErrorCode.Malformed, live.TryGet([next with { Base = 1 }], out _));
        Assert.Equal(LinkErrorCode.None, live.TryGet([next with { FirstMessage = 9 }], out _));
        Assert.Equal(LinkErrorCode.None, file.TryGet([next], out _));
        Assert.Equal(LinkErrorCode.MessageLost, file.TryGet([next with { FirstMessage = 9 }], out _));
    }

    [Fact]
    [Spec("5.5-7")]
    public void A_sender_names_a_slot_once_it_was_reported_and_fills_it_again_once_nothing_starts_from_it()
    {
        using BitPredictor predictor = new();
        using ContextPool contexts = new(predictor);
        using SenderContexts sender = new(contexts);
        Assert.Equal((0, 1), (sender.Current, sender.FindFree(_ => false)));
        sender.Reserve(1);
        Assert.Equal(0, sender.FindFree(_ => false));
        sender.Check(isKeeping: false); // The unit turned out to fill nothing.
        sender.Reserve(1);
        StreamContext first = contexts.Rent()!;
        sender.OnSent(10, 0, 1, first);
        Assert.Equal((0, 0), (sender.Current, sender.FindFree(_ => false)));
        sender.OnReported(10);
        Assert.Same(first, sender.State);
        sender.OnSent(11, 1, 0, null);
        sender.Reserve(2);
        sender.OnSent(12, 1, 2, contexts.Rent());
        sender.OnReported(12);
        Assert.Equal((2, 3), (sender.Current, sender.FindFree(_ => false))); // Unit 11 starts from slot 1.
        sender.OnReported(11);
        Assert.Equal((2, 1), (sender.Current, sender.FindFree(_ => false)));
        Assert.Equal(3, sender.FindFree(slot => slot == 1));
    }

    [Fact]
    public void Contexts_are_handed_back()
    {
        using BitPredictor predictor = new();
        using ContextPool contexts = new(predictor);
        StreamContext first = contexts.Rent()!;
        contexts.Return(first);
        Assert.Same(first, contexts.Rent());
        Assert.False(new ContextPool(new ToyPredictor()).HasContexts);
        Assert.Null(new ContextPool(new ToyPredictor()).Rent());
    }

    /// <summary>A line like the one before it.</summary>
    internal static byte[] Reading(int number) => System.Text.Encoding.ASCII.GetBytes(
        $"T{number * 10:D6} battery {87 - (number % 7)} %, bus {28 + (number % 3)} V, mode NOMINAL");

    private static string Hex(OutgoingMessage message) => Convert.ToHexString(message.Content.Span);
}
