using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Compression;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Endpoint;

/// <summary>What a receiver makes of frames that an honest sender would not send.</summary>
public sealed class HostileContextTests
{
    [Theory]
    [InlineData(6UL, 8UL)] // Message 5 has not come.
    [InlineData(8UL, 8UL)]
    [Spec("5.5-6")]
    public void A_frame_that_leans_on_what_did_not_come_is_refused_and_nothing_of_it_delivered(
        ulong contextBase, ulong number)
    {
        using BitPredictor predictor = new();
        (List<ReceivedMessage> came, LinkErrorCode error) = Receive(
            predictor, hasContext: true, Unit(predictor, 0, 5, 0), Unit(predictor, number, 1, contextBase),
            Unit(predictor, 20, 1, 0));
        Assert.Equal(LinkErrorCode.Malformed, error);
        Assert.Equal([0UL, 1UL, 2UL, 3UL, 4UL], came.Select(m => m.Number));
    }

    [Fact]
    [Spec("5.5-6")]
    public void A_base_that_is_too_old_is_refused()
    {
        using BitPredictor predictor = new();
        (List<ReceivedMessage> came, LinkErrorCode error) = Receive(
            predictor, hasContext: true,
            Unit(predictor, 0, 10, 0), Unit(predictor, 10, 1, 5), Unit(predictor, 11, 1, 6), Unit(predictor, 12, 1, 7),
            Unit(predictor, 13, 1, 8), Unit(predictor, 14, 1, 4));
        Assert.Equal(LinkErrorCode.Malformed, error);
        Assert.Equal(14, came.Count);
    }

    [Fact]
    public void A_base_without_any_context_is_refused()
    {
        using BitPredictor predictor = new();
        (List<ReceivedMessage> came, LinkErrorCode error) = Receive(predictor, hasContext: false,
            Unit(predictor, 0, 2, 0), Unit(predictor, 2, 1, 1));
        Assert.Equal(LinkErrorCode.Malformed, error);
        Assert.Equal(2, came.Count);
    }

    [Fact]
    public void Frames_that_lean_on_others_of_their_batch_are_decoded_after_them()
    {
        using BitPredictor predictor = new();
        (List<ReceivedMessage> came, LinkErrorCode error) = Receive(
            predictor, hasContext: true,
            [.. Enumerable.Range(0, 40).Select(i => Unit(predictor, (ulong)i, 1, (ulong)i))]);
        Assert.Equal(LinkErrorCode.None, error);
        Assert.Equal(Enumerable.Range(0, 40).Select(ContextTests.Reading), came.Select(m => m.Content.ToArray()));
    }

    private static byte[] Unit(BitPredictor predictor, ulong first, int count, ulong contextBase)
    {
        StreamContext? context = contextBase == 0 ? null : predictor.CreateContext();
        for (int i = 0; i < (int)contextBase; i++)
        {
            context!.Absorb(ContextTests.Reading(i));
        }

        UnitPacker packer = new(1_000, predictor.FrequencyBits);
        OutgoingMessage[] messages = Messages.Number(
            Enumerable.Range((int)first, count).Select(ContextTests.Reading), first);
        foreach (EncodedMessage message in ContextTests.Encode(predictor, messages, context, contextBase))
        {
            packer.Add(message);
        }

        return packer.Build().Data.ToArray();
    }

    private static (List<ReceivedMessage> Came, LinkErrorCode Error) Receive(BitPredictor predictor, bool hasContext,
        params byte[][] units)
    {
        using Receiving receiving = new(predictor, hasReturnPath: hasContext);
        receiving.Take(units);
        receiving.End();
        return (receiving.TakeMessages(), receiving.Messages.Error);
    }
}
