using LinkCodec.Core.Coding;
using Xunit;

namespace LinkCodec.Tests.Coding;

[Spec("5.1-1")]
[Spec("5.1-2")]
[Spec("5.1-3")]
[Spec("5.1-4")]
public class RangeCoderTests
{
    private const uint Top = 1 << 24;

    public static TheoryData<ulong> Seeds => TestRandom.Seeds(40);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_intervals_come_back(ulong seed)
    {
        var random = new TestRandom(seed);
        Interval[] intervals = random.Intervals(random.Next(3000));
        Assert.Equal(-1, Coder.FirstWrong(Coder.Encode(intervals), intervals));
    }

    [Theory]
    [InlineData(0u, Top - 1)]
    [InlineData(1u, Top - 1)]
    public void A_hundred_thousand_almost_certain_symbols_cost_two_bytes_at_most(uint cumulative, uint frequency)
    {
        Interval[] intervals = [.. Enumerable.Repeat(new Interval(cumulative, frequency, 24), 100_000)];
        byte[] code = Coder.Encode(intervals);
        Assert.InRange(code.Length, 0, 2); // 100,000 * 2^-24 / ln 2 = 0.0086 bits
        Assert.Equal(-1, Coder.FirstWrong(code, intervals));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(Top / 2)]
    [InlineData(Top - 1)]
    public void The_least_likely_symbols_cost_their_24_bits(uint cumulative)
    {
        Interval[] intervals = [.. Enumerable.Repeat(new Interval(cumulative, 1, 24), 5000)];
        byte[] code = Coder.Encode(intervals);
        Assert.InRange(code.Length, 0, (5000 * 3) + 1);
        Assert.Equal(-1, Coder.FirstWrong(code, intervals));
    }

    [Fact]
    public void A_surprise_among_certainties_comes_back()
    {
        var intervals = new List<Interval>();
        for (int i = 0; i < 20_000; i++)
        {
            intervals.Add(i % 977 == 5 ? new Interval(Top - 1, 1, 24) : new Interval(0, Top - 1, 24));
        }

        Assert.Equal(-1, Coder.FirstWrong(Coder.Encode(intervals), intervals));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(400)]
    public void A_carry_runs_through_any_number_of_pending_bytes(int length)
    {
        // Each interval holds one half and something below it, so nothing settles before the last symbol says above or
        // below.
        List<Interval> undecided = Coder.Follow([0x80], length, 24, position => new Interval(position - 1, 2, 24));
        Interval[] above = [.. undecided, new Interval(Top - 1, 1, 24), new Interval(77, 3, 9)];
        Interval[] below = [.. undecided, new Interval(0, 1, 24), new Interval(77, 3, 9)];
        byte[] high = Coder.Encode(above);
        byte[] low = Coder.Encode(below);
        Assert.Equal(-1, Coder.FirstWrong(high, above));
        Assert.Equal(-1, Coder.FirstWrong(low, below));
        Assert.True(high.AsSpan().SequenceCompareTo(low) > 0);
        Assert.Equal(0x80, high[0]); // The carry arrived at the first byte,
        Assert.Equal(0x7F, low[0]);  // and without it the first byte is one less.
    }

    [Fact]
    public void A_run_of_ones_is_not_mistaken_for_a_carry()
    {
        byte[] ones = new byte[500];
        ones.AsSpan().Fill(0xFF);
        byte[] expected = [0x01, .. ones, 0x20, 0x01];
        List<Interval> intervals = Coder.Follow(expected, expected.Length + 2, 8,
            position => new Interval(position, 1, 8));
        byte[] code = Coder.Encode(intervals);
        Assert.Equal(expected, code.AsSpan(0, expected.Length).ToArray());
        Assert.Equal(-1, Coder.FirstWrong(code, intervals));
    }

    [Theory]
    [InlineData(0u, 0u, 16)]
    [InlineData(65535u, 2u, 16)]
    [InlineData(uint.MaxValue, 2u, 16)]
    [InlineData(0u, 1u, 0)]
    [InlineData(0u, 1u, 25)]
    [InlineData(0u, 1u, -1)]
    public void What_is_no_interval_is_refused_on_both_sides_and_changes_nothing(
        uint cumulative, uint frequency, int bits)
    {
        var encoder = new RangeEncoder();
        encoder.Encode(3, 5, 7);
        RangeEncoder.Checkpoint before = encoder.Save();
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Encode(cumulative, frequency, bits));
        Assert.Equal(before, encoder.Save());
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var decoder = new RangeDecoder([1, 2, 3]);
            decoder.Consume([1, 2, 3], cumulative, frequency, bits);
        });
    }
}
