using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Endpoint;

/// <summary>
/// A peer with valid keys sends what no sender of ours would: what the receiver holds is bounded by its options.
/// </summary>
public sealed class HostileDeliveryTests
{
    private static readonly AdaptiveBytePredictor Predictor = new();
    private static readonly LinkOptions Options = new() { QueueLength = 4, ReorderBufferSize = 1 << 20 };

    [Fact]
    [Spec("4.6-2")]
    public void With_message_0_withheld_the_receiver_takes_a_bounded_amount_and_then_what_fills_the_gap_alone()
    {
        using Receiving receiving = new(Predictor, options: Options);
        ulong number = 1;
        for (; number < 10_000 && receiving.Messages is { TakesFrames: true, IsBlocked: false }; number++)
        {
            receiving.Take(Stored(number, 1000));
        }

        // The reorder buffer of 1 MiB, and a mebibyte of frames that are not decoded.
        Assert.InRange((int)number, 500, 2500);
        Assert.True(receiving.Messages.TakesFrames, "what fills the gap must find room");
        receiving.Take(Stored(0, 1000));
        Assert.Equal(Enumerable.Range(0, (int)number).Select(i => (ulong)i),
            receiving.TakeMessages().Select(m => m.Number));
    }

    [Fact]
    public void Without_a_return_path_the_gap_is_given_up_and_the_rest_comes_out()
    {
        using Receiving receiving = new(Predictor, hasReturnPath: false, Options);
        List<ulong> came = [];
        for (ulong i = 1; i <= 5000; i++)
        {
            receiving.Take(Stored(i, 1000));
            came.AddRange(receiving.TakeMessages().Select(m => m.Number));
        }

        receiving.End();
        came.AddRange(receiving.TakeMessages().Select(m => m.Number));
        Assert.Equal(Enumerable.Range(1, 5000).Select(i => (ulong)i), came);
        Assert.Equal([(0UL, 1UL)], receiving.Messages.Missing);
    }

    [Fact]
    public void Empty_frames_hold_the_peer_back_like_full_ones()
    {
        using Receiving receiving = new(Predictor, options: Options);
        ulong number = 0;
        for (; number < 1_000_000 && receiving.Messages.TakesFrames; number += 100)
        {
            receiving.Take(Enumerable.Range((int)number, 100).SelectMany(i => Stored((ulong)i, 0)).ToArray());
        }

        // Nobody takes the messages: a mebibyte of frames that cost 128 each, and a batch that was decoded.
        Assert.InRange((int)number, 4_000, 20_000);
    }

    [Fact]
    public void Descending_message_numbers_cost_no_more_than_others()
    {
        MessageAssembler assembler = new(ordered: true);
        int taken = 0;
        for (ulong number = 800_000; number > 0 && !assembler.IsFull; number -= 2, taken++)
        {
            assembler.Add(Whole(number));
        }

        // As many gaps as a sender's window can leave, and no more: what lies beyond is not taken.
        Assert.Equal(8192, taken);
        for (int i = 0; i < 1000; i++)
        {
            assembler.SkipGap();
        }

        Assert.False(assembler.IsFull);
    }

    [Fact]
    public void Parts_of_one_byte_count_as_what_they_cost()
    {
        MessageAssembler assembler = new(ordered: true, maxMessageSize: 1 << 20);
        int at = 0;
        while (assembler.Add(Part(7, at)) == LinkErrorCode.None)
        {
            at += 2;
        }

        Assert.InRange(assembler.BufferedBytes, 1, 8 << 20);
    }

    private static byte[] Stored(ulong number, int length)
    {
        byte[] bytes = new byte[32 + length];
        DataFrame frame = StoredContent.FrameOf(number, 1, new byte[length]);
        return bytes[..DataFrameWriter.Write(bytes, frame, toEnd: false)];
    }

    private static DecodedFrame Whole(ulong number) => new(
        StoredContent.FrameOf(number, 1, new byte[1]), LinkErrorCode.None, [new byte[1]]);

    private static DecodedFrame Part(ulong number, int offset) => new(
        StoredContent.PartOf(number, offset, new byte[1], room: 100, isLast: false), LinkErrorCode.None, [new byte[1]]);
}
