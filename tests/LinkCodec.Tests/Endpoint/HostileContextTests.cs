using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Compression;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Endpoint;

/// <summary>What a receiver makes of frames that an honest sender would not send.</summary>
public sealed class HostileContextTests
{
    [Fact]
    [Spec("5.5-6")]
    public void A_frame_that_names_an_empty_slot_is_refused_and_nothing_of_it_delivered()
    {
        using BitPredictor predictor = new();
        (List<ReceivedMessage> came, LinkErrorCode error) = Receive(
            predictor, hasContext: true, Unit(predictor, 0, 5, null, 0, 0), Unit(predictor, 5, 1, Any(predictor), 2, 0),
            Unit(predictor, 20, 1, null, 0, 0));
        Assert.Equal(LinkErrorCode.Malformed, error);
        Assert.Equal([0UL, 1UL, 2UL, 3UL, 4UL], came.Select(m => m.Number));
    }

    [Fact]
    public void A_slot_without_any_context_is_refused()
    {
        using BitPredictor predictor = new();
        (List<ReceivedMessage> came, LinkErrorCode error) = Receive(predictor, hasContext: false,
            Unit(predictor, 0, 2, null, 0, 1), Unit(predictor, 2, 1, Any(predictor), 1, 0));
        Assert.Equal(LinkErrorCode.Malformed, error);
        Assert.Equal(2, came.Count);
    }

    [Fact]
    public void Frames_that_lean_on_others_of_their_batch_are_decoded_after_them()
    {
        using BitPredictor predictor = new();
        List<byte[]> units = [];
        StreamContext? last = null;
        for (int i = 0; i < 40; i++)
        {
            PackedUnit unit = Pack(predictor, (ulong)i, 1, last, i == 0 ? 0 : 1 + (i % 3), 1 + ((i + 1) % 3));
            units.Add(Messages.Bytes(unit).ToArray());
            last = unit.State;
        }

        (List<ReceivedMessage> came, LinkErrorCode error) = Receive(predictor, hasContext: true, [.. units]);
        Assert.Equal(LinkErrorCode.None, error);
        Assert.Equal(Enumerable.Range(0, 40).Select(ContextTests.Reading), came.Select(m => m.Content.ToArray()));
    }

    [Fact]
    public void A_context_that_is_another_than_the_sender_had_is_named_as_divergence()
    {
        using BitPredictor predictor = new();
        PackedUnit first = Pack(predictor, 0, 3, null, 0, 1);
        (List<ReceivedMessage> came, LinkErrorCode error) = Receive(predictor, hasContext: true,
            Messages.Bytes(first).ToArray(), Unit(predictor, 3, 3, Any(predictor), 1, 0));
        Assert.Equal(LinkErrorCode.ModelDivergence, error);
        Assert.Equal(3, came.Count);
    }

    private static StreamContext Any(BitPredictor predictor)
    {
        StreamContext context = predictor.CreateContext();
        ContextMixing.ContextMixingRun.Absorb(predictor, context, "something else"u8);
        return context;
    }

    private static byte[] Unit(
        BitPredictor predictor, ulong first, int count, StreamContext? start, int slot, int keep) =>
        Messages.Bytes(Pack(predictor, first, count, start, slot, keep)).ToArray();

    private static PackedUnit Pack(
        BitPredictor predictor, ulong first, int count, StreamContext? start, int slot, int keep) => Messages.Pack(
        Messages.Number(Enumerable.Range((int)first, count).Select(ContextTests.Reading), first), predictor, 1_000,
        start: start, slot: slot, keep: keep)[0];

    private static (List<ReceivedMessage> Came, LinkErrorCode Error) Receive(BitPredictor predictor, bool hasContext,
        params byte[][] units)
    {
        using Receiving receiving = new(predictor, hasReturnPath: hasContext);
        receiving.Take(units);
        receiving.End();
        return (receiving.TakeMessages(), receiving.Messages.Error);
    }
}
