using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Tests.Compression;

public sealed class HostileFrameTests
{
    [Fact]
    public void Another_model_is_named_and_nothing_delivered()
    {
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 20).Select(i => Messages.Text(80, (ulong)i)));
        List<PackedUnit> units = Messages.Pack(messages, new ToyPredictor(), 300);

        IReadOnlyList<DecodedFrame> frames = Messages.Decode(units.Select(Messages.Bytes), new ToyPredictor(salt: 1));

        Assert.All(frames, frame => Assert.NotEqual(LinkErrorCode.None, frame.Error));
        Assert.All(frames, frame => Assert.Empty(frame.Messages));
    }

    [Fact]
    public void A_flipped_bit_in_the_code_is_refused_or_changes_nothing()
    {
        ToyPredictor predictor = new();
        OutgoingMessage[] messages = Messages.Number([Messages.Text(20, 1), Messages.Text(9, 2)]);
        byte[] unit = Messages.Bytes(Messages.Pack(messages, predictor, 1_000)[0]).ToArray();
        int header = unit.Length - Messages.Frames(unit)[0].Payload.Length;
        List<ReadOnlyMemory<byte>> broken = [];
        for (int bit = header * 8; bit < unit.Length * 8; bit++)
        {
            byte[] copy = [.. unit];
            copy[bit / 8] ^= (byte)(1 << (bit % 8));
            broken.Add(copy);
        }

        IReadOnlyList<DecodedFrame> frames = Messages.Decode(broken, predictor, lanes: 32);

        // The last bits of a code may stand for more than its interval needs: those still give the same messages.
        Assert.InRange(frames.Count(frame => frame.Error == LinkErrorCode.None), 0, 8);
        Assert.All(frames.Where(frame => frame.Error == LinkErrorCode.None), frame => Assert.All(
            frame.Messages.Zip(messages), pair => Assert.Equal(pair.Second.Content.ToArray(), pair.First.ToArray())));
    }

    [Theory]
    [InlineData(0, 64, 1_016)]
    [InlineData(4, 64, 1_272)]
    [InlineData(4, 1_000, 19_992)]
    [InlineData(1_180, 64, 65_536)]
    [InlineData(4, 65_536, 65_536)]
    [Spec("5.4-5")]
    public void A_frame_decodes_to_no_more_than_its_bytes_may_stand_for(int payload, int expansion, int most)
    {
        // A model that is sure of 'a': a code of zeros never ends by itself.
        using Sure predictor = new();
        using FrameDecoder decoder = new(predictor, 1);
        DecodingBatch batch = new([[Coded(1, new byte[payload])]], maxExpansion: expansion);
        decoder.Run(batch);
        Assert.Equal(LinkErrorCode.LimitExceeded, batch.Results[0].Error);
        Assert.Equal(most, predictor.Steps);
    }

    [Fact]
    [Spec("5.4-5")]
    public void Empty_messages_count_and_too_many_of_them_are_refused_unread()
    {
        using Sure predictor = new(likely: Predictor.EndSymbol); // The last symbol, and what a code of ones asks for.
        DecodingBatch batch = new([.. new[] { 15, 16 }.Select(payload =>
            new[] { Coded(255, Enumerable.Repeat((byte)0xFF, payload).ToArray()) })]);
        Assert.Equal(1, batch.JobCount);
        using FrameDecoder decoder = new(predictor, 1);
        decoder.Run(batch);
        Assert.Equal([LinkErrorCode.LimitExceeded, LinkErrorCode.ModelDivergence],
            batch.Results.Select(result => result.Error));
    }

    [Theory]
    [InlineData(100, 9)]
    [InlineData(60, 1_000)]
    [InlineData(3, 40_000)]
    [InlineData(1, 300_000)]
    [InlineData(2_000, 0)]
    [Spec("5.4-6")]
    public void A_sender_pays_for_endless_repetition_with_zeros_and_its_receiver_follows(int count, int length)
    {
        using Sure predictor = new(likely: 'a', others: 1);
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, count)
            .Select(i => Enumerable.Repeat((byte)'a', length).ToArray()));
        List<PackedUnit> units = Messages.Pack(messages, predictor, 300, lanes: 1);
        Assert.InRange(units.Sum(unit => unit.PayloadBytes), 0, (count * (length + 8) / 50) + (3 * count) + 50);
        Assert.Equal(count, Messages.Assemble(Messages.Decode(units.Select(Messages.Bytes), predictor, lanes: 1))
            .Count(m => m.Content.Length == length));
    }

    [Fact]
    [Spec("5.4-5")]
    public void Frames_of_senders_without_the_limit_are_read_where_it_is_raised()
    {
        using Sure predictor = new(likely: 'a', others: 1);
        OutgoingMessage[] messages = Messages.Number([Enumerable.Repeat((byte)'a', 10_000).ToArray()]);
        List<DataFrame> frames = Messages.Frames(
            Messages.Bytes(Messages.Pack(messages, predictor, 1_180, lanes: 1)[0]));
        DataFrame old = frames[0] with { Payload = frames[0].Payload[..^20] };
        Assert.Equal(new byte[20], frames[0].Payload[^20..].ToArray());
        using FrameDecoder decoder = new(predictor, 1);
        foreach (int expansion in (int[])[64, 65_536])
        {
            DecodingBatch batch = new([[old]], maxExpansion: expansion);
            decoder.Run(batch);
            Assert.Equal(expansion == 64 ? LinkErrorCode.LimitExceeded : LinkErrorCode.None, batch.Results[0].Error);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodingBatch([], maxExpansion: 63));
    }

    [Fact]
    [Spec("5.4-4")]
    public void A_code_that_ended_long_before_its_messages_is_given_up()
    {
        using Sure even = new(others: Predictor.MaxWeight);
        using FrameDecoder decoder = new(even, 1);
        DecodingBatch batch = new([[Coded(1, [0, 0, 0])]]);
        decoder.Run(batch);
        Assert.Equal(LinkErrorCode.Malformed, batch.Results[0].Error);
        Assert.InRange(even.Steps, 1, 20);
    }

    [Fact]
    public void Parts_that_contradict_each_other_are_refused()
    {
        MessageAssembler assembler = new(ordered: true, maxMessageSize: 1_000);
        Assert.Equal(LinkErrorCode.None, assembler.Add(Part(0, 100, last: false)));
        Assert.Equal(LinkErrorCode.None, assembler.Add(Part(0, 100, last: false)));
        Assert.Equal(LinkErrorCode.Malformed, assembler.Add(Part(0, 90, last: false)));
        Assert.Equal(LinkErrorCode.LimitExceeded, assembler.Add(Part(901, 100, last: true)));
        Assert.Equal(LinkErrorCode.None, assembler.Add(Part(200, 100, last: true)));
        Assert.Equal(LinkErrorCode.Malformed, assembler.Add(Part(300, 10, last: true)));
        Assert.False(assembler.TryTake(out _));
        Assert.Equal(200 + (2 * CompressionLimits.HeldCost), assembler.BufferedBytes);
        Assert.Equal([(0UL, 1UL)], assembler.Finish());
        Assert.Equal(0, assembler.BufferedBytes);
    }

    private static DataFrame Coded(int count, byte[] code) =>
        new() { Kind = DataFrameKind.Coded, Count = count, IsLast = true, Payload = code };

    private static DecodedFrame Part(int offset, int length, bool last) => new(
        new DataFrame
        {
            Kind = DataFrameKind.StoredPart,
            Count = 1,
            Offset = (ulong)offset,
            IsLast = last,
            Payload = new byte[length],
        },
        LinkErrorCode.None,
        [new byte[length]]);

    internal sealed class Sure(uint others = 0, int likely = 0, int bits = 20) : Predictor
    {
        public int Steps { get; private set; }

        public override int AlphabetSize => ByteAlphabet;

        public override int FrequencyBits => bits;

        public override PredictorLanes CreateLanes(int capacity) => new Lanes(this, FrequencyBits, others, likely);

        private sealed class Lanes(Sure owner, int frequencyBits, uint others, int likely)
            : DistributionLanes(1, ByteAlphabet, frequencyBits)
        {
            public override void Start(int lane, Span<uint> weights)
            {
                weights.Fill(others);
                weights[likely] = MaxWeight;
            }

            public override void Step(ReadOnlySpan<int> symbols, Span<uint> weights)
            {
                owner.Steps++;
                Start(0, weights);
            }

            public override void Copy(int from, int to)
            {
            }
        }
    }
}
