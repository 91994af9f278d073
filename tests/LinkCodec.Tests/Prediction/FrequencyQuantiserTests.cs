using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Prediction;

public class FrequencyQuantiserTests
{
    public static TheoryData<ulong> Seeds => TestRandom.Seeds(60);

    public static TheoryData<int, int> Scales => new()
    {
        { 2, 16 }, { 2, 24 }, { 3, 16 }, { 3, 19 }, { 257, 16 }, { 257, 20 }, { 257, 24 }, { 49152, 17 }, { 49152, 24 },
        { 1 << 17, 18 }, { 1 << 17, 24 }, { 1 << 18, 24 },
    };

    [Spec("5.3-1")]
    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_four_laws_hold(ulong seed)
    {
        var random = new TestRandom(seed);
        int size = random.Next(3) == 0 ? 2 + random.Next(6) : 2 + random.Next(5000);
        int bits = 16 + random.Next(9);
        bool[] allowed = Mask(random, size);
        var quantiser = new FrequencyQuantiser(size, bits);
        quantiser.Load(Weights(random, size, allowed), allowed);
        uint expected = 0;
        for (int i = 0; i < size; i++)
        {
            (uint cumulative, uint frequency) = quantiser.Interval(i);
            Assert.Equal(expected, cumulative);
            Assert.Equal(allowed[i], frequency >= 1);    // each allowed symbol has some, no other any,
            Assert.True(frequency < 1u << bits);         // none has it all,
            expected += frequency;
        }

        Assert.Equal(1u << bits, expected);              // and the sum is exact.
        Assert.Equal(1u << bits, quantiser.Cumulative(size));
    }

    [Spec("5.3-1")]
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_position_finds_the_interval_that_holds_it(ulong seed)
    {
        var random = new TestRandom(seed);
        int size = 2 + random.Next(600);
        bool[] allowed = Mask(random, size);
        var quantiser = new FrequencyQuantiser(size, 16);
        quantiser.Load(Weights(random, size, allowed), allowed);
        for (uint position = 0; position < 1 << 16; position += 1 + random.Skewed(6))
        {
            int symbol = quantiser.Find(position, out uint cumulative, out uint frequency);
            Assert.True(allowed[symbol]);
            Assert.Equal((cumulative, frequency), quantiser.Interval(symbol));
            Assert.InRange(position, cumulative, cumulative + frequency - 1);
        }
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void Symbols_of_every_alphabet_come_back(int size, int bits)
    {
        var random = new TestRandom((ulong)(size + bits));
        var quantiser = new FrequencyQuantiser(size, bits);
        var encoder = new RangeEncoder();
        int[] symbols = new int[400];
        uint[] weights = new uint[size];
        for (int i = 0; i < symbols.Length; i++)
        {
            Refill(weights, i);
            symbols[i] = i % 50 == 0 ? size - 1 : i % 50 == 1 ? 0 : random.Next(size);
            quantiser.Load(weights);
            (uint cumulative, uint frequency) = quantiser.Interval(symbols[i]);
            encoder.Encode(cumulative, frequency, bits);
        }

        byte[] code = encoder.Finish().ToArray();
        var decoder = new RangeDecoder(code);
        for (int i = 0; i < symbols.Length; i++)
        {
            Refill(weights, i);
            quantiser.Load(weights);
            Assert.Equal(symbols[i], quantiser.Find(decoder.Peek(bits), out uint cumulative, out uint frequency));
            decoder.Consume(code, cumulative, frequency, bits);
        }
    }

    [Fact]
    public void A_mask_is_forgotten_with_the_next_weights()
    {
        var quantiser = new FrequencyQuantiser(4, 16);
        quantiser.Load([1, 1, 1, 1], [true, false, false, true]);
        Assert.Equal(0u, quantiser.Interval(1).Frequency);
        quantiser.Load([1, 1, 1, 1]);
        Assert.Equal((1u << 14, 1u << 14), quantiser.Interval(1));
    }

    [Fact]
    public void A_quantiser_without_good_weights_refuses_to_answer()
    {
        var quantiser = new FrequencyQuantiser(3, 16);
        Assert.Throws<InvalidOperationException>(() => quantiser.Cumulative(0));
        quantiser.Load([1, 2, 3]);
        Assert.Throws<ArgumentException>(() => quantiser.Load([0, 0, 0]));
        Assert.Throws<InvalidOperationException>(() => quantiser.Interval(1));
        Assert.Throws<InvalidOperationException>(() => quantiser.Find(0, out _, out _));
        Assert.Throws<ArgumentException>(() => quantiser.Load([1, 2]));
    }

    private static void Refill(uint[] weights, int round)
    {
        // One weight dominates more or less, the others vary with place and round.
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (uint)(((i * 40503L) + (round * 7919L)) % (1 << (round % 17)));
        }

        weights[round % weights.Length] = Predictor.MaxWeight >> (round % 5);
    }

    private static bool[] Mask(TestRandom random, int size)
    {
        bool[] allowed = new bool[size];
        int share = 1 + random.Next(4);
        for (int i = 0; i < size; i++)
        {
            allowed[i] = share == 4 || random.Next(share) == 0;
        }

        allowed[0] = true;
        allowed[size - 1] = true;
        return allowed;
    }

    private static uint[] Weights(TestRandom random, int size, bool[] allowed)
    {
        uint[] weights = new uint[size];
        int zeros = 1 + random.Next(5);
        for (int i = 0; i < size; i++)
        {
            weights[i] = random.Next(zeros) == 0 ? Math.Min(random.Skewed(22), Predictor.MaxWeight) : 0;
        }

        int heavy = random.Next(size);
        weights[allowed[heavy] ? heavy : 0] = Predictor.MaxWeight; // The extreme is part of every case.
        return weights;
    }
}
