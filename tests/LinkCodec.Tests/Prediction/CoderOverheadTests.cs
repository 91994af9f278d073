using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Coding;
using Xunit;
using Xunit.Abstractions;

namespace LinkCodec.Tests.Prediction;

/// <summary>
/// What quantiser and coder cost over the information that the model's own weights give each message.
/// </summary>
public class CoderOverheadTests(ITestOutputHelper output)
{
    [Fact]
    public void The_baseline_costs_at_most_a_thousandth_and_a_byte_over_its_own_information()
    {
        using var predictor = new AdaptiveBytePredictor();
        using var lanes = (DistributionLanes)predictor.CreateLanes(1);
        var quantiser = new FrequencyQuantiser(predictor.AlphabetSize, predictor.FrequencyBits);
        var encoder = new RangeEncoder();
        uint[] weights = new uint[predictor.AlphabetSize];
        double bitsInAll = 0;
        int bytesInAll = 0;
        int messages = 0;
        foreach (byte[] message in TestMessages.All())
        {
            double bits = 0;
            encoder.Reset();
            lanes.Start(0, weights);
            for (int i = 0; i <= message.Length; i++)
            {
                int symbol = i < message.Length ? message[i] : Predictor.EndSymbol;
                bits -= Math.Log2((double)weights[symbol] / weights.Sum(w => (long)w));
                quantiser.Load(weights);
                (uint cumulative, uint frequency) = quantiser.Interval(symbol);
                encoder.Encode(cumulative, frequency, predictor.FrequencyBits);
                lanes.Step([symbol], weights);
            }

            int bytes = encoder.Finish().Length;
            Assert.True(bytes * 8 <= (bits * 1.001) + 8, $"{bytes} bytes for {bits} bits");
            bitsInAll += bits;
            bytesInAll += bytes;
            messages++;
        }

        output.WriteLine($"{messages} messages: {bitsInAll / 8:F1} bytes of information, {bytesInAll} coded");
    }

    [Theory]
    [InlineData(257, 20, 0.001)]
    [InlineData(49152, 24, 0.005)]
    public void The_floor_of_one_slot_costs_little_with_enough_bits(int size, int bits, double limit)
    {
        // Weights that fall like 1/rank^1.2: the expected cost of coding them with quantised frequencies, against their
        // entropy.
        uint[] weights = new uint[size];
        for (int i = 0; i < size; i++)
        {
            weights[i] = (uint)(Predictor.MaxWeight / Math.Pow(i + 1, 1.2));
        }

        var quantiser = new FrequencyQuantiser(size, bits);
        quantiser.Load(weights);
        double sum = weights.Sum(w => (double)w);
        double entropy = 0;
        double cost = 0;
        for (int i = 0; i < size; i++)
        {
            if (weights[i] > 0)
            {
                double p = weights[i] / sum;
                entropy -= p * Math.Log2(p);
                cost -= p * Math.Log2(quantiser.Interval(i).Frequency / (double)(1 << bits));
            }
        }

        output.WriteLine($"{size} symbols, {bits} bits: entropy {entropy:F4}, cost {cost:F4}");
        Assert.InRange(cost, entropy, entropy * (1 + limit));
    }
}
