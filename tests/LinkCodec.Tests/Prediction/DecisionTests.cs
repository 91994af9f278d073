using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Prediction;

public class DecisionTests
{
    [Theory]
    [InlineData(1UL, 1)]
    [InlineData(2UL, 12)]
    [InlineData(3UL, 16)]
    [InlineData(4UL, 24)]
    public void Bits_are_the_decisions_that_they_stand_for(ulong seed, int scale)
    {
        var random = new TestRandom(seed);
        var list = new DecisionList(scale);
        List<(uint No, bool IsYes)> bits = [];
        for (int i = 0; i < 3_000; i++)
        {
            uint no = 1 + (uint)random.Next((1 << scale) - 1);
            bits.Add((no, random.Next(1 << scale) >= no));
            list.AddBit(no, bits[^1].IsYes);
        }

        byte[] code = list.Finish().ToArray();
        var fast = new RangeDecoder(code);
        var plain = new RangeDecoder(code);
        foreach ((uint no, bool isYes) in bits)
        {
            Assert.Equal(isYes, new DecisionReader(ref fast, code, scale).TakeBit(no));
            var reader = new DecisionReader(ref plain, code, scale);
            Assert.Equal(isYes, reader.Peek() >= no);
            reader.Take(isYes ? no : 0, isYes ? (1u << scale) - no : no);
        }

        Assert.Equal(plain, fast);
    }

    [Fact]
    [Spec("5.2-3")]
    public void A_bit_of_any_bytes_is_what_peeking_says()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new TestRandom((ulong)seed);
            byte[] code = [.. Enumerable.Range(0, random.Next(40))
                .Select(_ => (byte)(seed % 3 == 0 ? 0xFF : random.Next(256)))];
            var fast = new RangeDecoder(code);
            var plain = new RangeDecoder(code);
            for (int i = 0; i < 500; i++)
            {
                int scale = 1 + random.Next(24);
                uint no = 1 + (uint)random.Next((1 << scale) - 1);
                bool isYes = plain.Peek(scale) >= no;
                plain.Consume(code, isYes ? no : 0, isYes ? (1u << scale) - no : no, scale);
                Assert.Equal(isYes, fast.DecodeBit(code, no, scale));
            }

            Assert.Equal(plain, fast);
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u << 16)]
    [InlineData(uint.MaxValue)]
    public void A_bit_that_leaves_one_side_nothing_is_refused(uint no)
    {
        var list = new DecisionList(16);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.AddBit(no, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.AddBit(no, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(RangeDecoder).DecodeBit([], 1, 16));
        var decoder = new RangeDecoder([1, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.DecodeBit([1, 2], no, 16));
    }

    [Fact]
    public void A_reader_says_when_no_encoder_wrote_what_it_reads()
    {
        var decoder = new RangeDecoder([7]);
        var reader = new DecisionReader(ref decoder, [7], 16);
        int decisions = 0;
        while (!reader.IsExhausted)
        {
            reader.TakeBit(1 << 15);
            decisions++;
        }

        Assert.InRange(decisions, 64, 90);
    }
}
