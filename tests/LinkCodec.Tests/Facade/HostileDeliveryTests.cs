using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Tests.Compression;
using Xunit;

namespace LinkCodec.Tests.Facade;

/// <summary>A peer with valid keys sends what no sender of ours would: what the receiver holds is bounded by its options.</summary>
public sealed class HostileDeliveryTests
{
    private static readonly LinkOptions Options = new() { QueueLength = 4, ReorderBufferSize = 1 << 20 };

    [Fact]
    [Spec("4.6-2")]
    public async Task With_message_0_withheld_the_receiver_takes_a_bounded_amount_and_then_what_fills_the_gap_alone()
    {
        await using Receiving receiving = new(twoWay: true);
        ulong number = 1;
        for (; number < 10_000 && receiving.Pipeline.CanTakeEvents && !receiving.IsHeldBack; number++)
        {
            await receiving.TakeAsync(Stored(number, 1000));
        }

        // The reorder buffer of 1 MiB, and a mebibyte of frames that are not decoded.
        Assert.InRange((int)number, 500, 2500);
        Assert.True(receiving.Pipeline.CanTakeEvents, "what fills the gap must find room");
        await receiving.TakeAsync(Stored(0, 1000));
        for (ulong i = 0; i < number; i++)
        {
            Assert.Equal(i, (await receiving.NextAsync()).Number);
        }
    }

    [Fact]
    public async Task Without_a_return_path_the_gap_is_given_up_and_the_rest_comes_out()
    {
        await using Receiving receiving = new(twoWay: false);
        Task feeding = receiving.FeedAsync(Enumerable.Range(1, 5000).Select(i => Stored((ulong)i, 1000)));
        for (ulong i = 1; i <= 5000; i++)
        {
            Assert.Equal(i, (await receiving.NextAsync()).Number);
        }

        await feeding;
        await receiving.Pipeline.FinishAsync();
        Assert.Equal([(0UL, 1UL)], receiving.Pipeline.Missing);
    }

    [Fact]
    public async Task Empty_frames_hold_the_peer_back_like_full_ones()
    {
        await using Receiving receiving = new(twoWay: true);
        ulong number = 0;
        for (; number < 1_000_000 && receiving.Pipeline.CanTakeEvents; number += 100)
        {
            receiving.Take(Enumerable.Range((int)number, 100).SelectMany(i => Stored((ulong)i, 0)).ToArray());
        }

        // Nobody takes the messages: a mebibyte of frames that cost 128 each, four batches and some in the queues.
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
        byte[] frame = new byte[32 + length];
        int header = DataFrameWriter.WriteStoredHeader(frame, number, length);
        return frame[..(header + length)];
    }

    private static DecodedFrame Whole(ulong number) => new(
        new DataFrame(DataFrameKind.Stored, number, 1, 0, true, 0, new byte[1]), LinkErrorCode.None, [new byte[1]]);

    private static DecodedFrame Part(ulong number, int offset) => new(
        new DataFrame(DataFrameKind.StoredPart, number, 1, (ulong)offset, false, 0, new byte[1]), LinkErrorCode.None, [new byte[1]]);

    /// <summary>A pipeline and the driver's part of it.</summary>
    private sealed class Receiving : IAsyncDisposable
    {
        private readonly MessageCodec _codec = new(new AdaptiveBytePredictor(), 1200, threads: 1);
        private readonly SemaphoreSlim _woken = new(0);

        public Receiving(bool twoWay)
        {
            Pipeline = new ReceivePipeline(_codec, null, Options with { HasReturnPath = twoWay }, twoWay, new LinkCounters());
            Pipeline.Start(() => _woken.Release());
        }

        public ReceivePipeline Pipeline { get; }

        public bool IsHeldBack => Pipeline.IsHeldBack;

        public void Take(byte[] unit) =>
            Pipeline.OnEvent(new SessionEvent { Kind = SessionEventKind.UnitReceived, Frames = Messages.Frames(unit) });

        /// <summary>Takes a unit, and waits until the pipeline has looked at it.</summary>
        public async Task TakeAsync(byte[] unit)
        {
            Take(unit);
            Assert.True(await _woken.WaitAsync(LoopbackLink.Patience));
        }

        public async Task FeedAsync(IEnumerable<byte[]> units)
        {
            foreach (byte[] unit in units)
            {
                while (!Pipeline.CanTakeEvents)
                {
                    Assert.True(await _woken.WaitAsync(LoopbackLink.Patience));
                }

                Take(unit);
            }
        }

        public async Task<ReceivedMessage> NextAsync()
        {
            Assert.True(await Pipeline.Messages.WaitToTakeAsync(default).AsTask().WaitAsync(LoopbackLink.Patience));
            Assert.True(Pipeline.Messages.TryTake(out ReceivedMessage message));
            return message;
        }

        public async ValueTask DisposeAsync()
        {
            Pipeline.Abort();
            await Pipeline.FinishAsync().WaitAsync(LoopbackLink.Patience);
            Pipeline.Dispose();
            _codec.Dispose();
        }
    }
}
