using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

public sealed class IntegerSoftmaxTests
{
    [Theory]
    [InlineData(2, 1f)]
    [InlineData(17, 1f)]
    [InlineData(1000, 30f)]
    [InlineData(4099, 1f)]
    [InlineData(4099, 1000f)]
    [Spec("11.5-1")]
    [Spec("11.5-2")]
    public void Vectors_of_any_width_give_the_weights_of_the_definition(int count, float scale)
    {
        var random = new TestRandom(7);
        IntegerSoftmax weights = new(TestLanguage.Table, [0, count - 1]);
        float[] logits = new float[count];
        uint[] fast = new uint[count];
        uint[] plain = new uint[count];
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < count; i++)
            {
                // Every fourth lies halfway between two steps.
                logits[i] = i % 4 == 0 ? (random.Next(4001) - 2000) / 128f * scale : (random.Next(1 << 24) - (1 << 23))
                    / (float)(1 << 19) * scale;
            }

            int read = 1 << (round % 8);
            Assert.Equal((weights.FillPlainly(logits, read, plain, out ulong plainSum), plainSum),
                (weights.Fill(logits, read, fast, out ulong sum), sum));
            Assert.Equal(plain, fast);
        }
    }

    [Fact]
    public void Halves_are_rounded_to_even()
    {
        IntegerSoftmax weights = new(TestLanguage.Table, []);
        uint[] found = new uint[4];
        uint[] table = TestLanguage.Table.ToArray();
        weights.Fill([10 / 64f, 8.5f / 64, 7.5f / 64, -2000], 100, found, out ulong sum);
        Assert.Equal([table[0], table[2], table[2], 0u], found);
    }

    [Theory]
    [InlineData(1UL, 0)]
    [InlineData(2UL, 256)]
    [InlineData(3UL, 384)] // straight between powers of two
    [InlineData(511UL, (8 * 256) + 255)]
    [InlineData(512UL, 9 * 256)]
    [InlineData((1UL << 40) + (1UL << 38), (40 * 256) + 64)]
    [InlineData(ulong.MaxValue, (63 * 256) + 255)]
    [Spec("11.3-1")]
    public void Logarithms_are_counted_in_256ths(ulong value, int logarithm)
    {
        Assert.Equal(logarithm, BitCost.Log(value));
        Assert.Equal((24 * 256) - BitCost.Log((uint)Math.Min(value, 1 << 24)),
            BitCost.Of((uint)Math.Min(value, 1 << 24)));
    }

    [Theory]
    [InlineData(0f, 0f, 12)] // even odds
    [InlineData(0f, 1f, 13)]
    [InlineData(1f, 0f, 10)]
    [InlineData(20f, 0f, 0)]
    [InlineData(0f, 20f, 23)]
    [Spec("11.4-1")]
    public void The_bin_tells_how_likely_a_line_ends(float other, float end, int bin) =>
        Assert.Equal(bin,
            new IntegerSoftmax(TestLanguage.Table, [1]).Fill([other, end], 100, new uint[2], out ulong _));

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 56)]
    [InlineData(8, 56)]
    [InlineData(9, 61)]
    [InlineData(64, 61)]
    [InlineData(65, 64)]
    [Spec("11.5-1")]
    public void A_network_that_has_read_little_is_trusted_less(int read, int steps)
    {
        uint[] found = new uint[2];
        new IntegerSoftmax(TestLanguage.Table, []).Fill([0f, -1f], read, found, out ulong sum);
        uint[] table = TestLanguage.Table.ToArray();
        Assert.Equal([table[0], table[steps]], found);
        Assert.Equal((ulong)table[0] + table[steps], sum);
    }
}
