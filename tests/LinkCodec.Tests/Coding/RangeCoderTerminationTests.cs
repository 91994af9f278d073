using LinkCodec.Core.Coding;
using Xunit;

namespace LinkCodec.Tests.Coding;

[Spec("5.2-1")]
[Spec("5.2-2")]
public class RangeCoderTerminationTests
{
    public static TheoryData<ulong> Seeds => TestRandom.Seeds(40);

    [Fact]
    public void Nothing_coded_is_no_byte() => Assert.Empty(Coder.Encode([]));

    [Fact]
    public void A_few_first_symbols_alone_are_no_byte() =>
        Assert.Empty(Coder.Encode(Enumerable.Repeat(new Interval(0, 1, 8), 7)));

    [Theory]
    [InlineData(8, 100)]
    [InlineData(20, 100)]
    [InlineData(24, 33)]
    [Spec("5.2-4")]
    public void Of_many_zeros_eight_are_left_out(int bits, int symbols)
    {
        Interval[] intervals = [.. Enumerable.Repeat(new Interval(0, 1, bits), symbols)];
        byte[] code = Coder.Encode(intervals);
        Assert.InRange(code.Length, (bits * symbols / 8) - 8, (bits * symbols / 8) - 6);
        Assert.All(code, b => Assert.Equal(0, b));
        Assert.Equal(-1, Coder.FirstWrong(code, intervals));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    [Spec("5.2-4")]
    public void A_decoder_never_needs_more_than_15_zeros_past_the_end(ulong seed)
    {
        var random = new TestRandom(seed);
        Interval[] intervals = [.. random.Intervals(random.Next(40)),
            .. Enumerable.Repeat(new Interval(0, 1, 1 + random.Next(24)), random.Next(90))];
        byte[] code = Coder.Encode(intervals);
        var decoder = new RangeDecoder(code);
        foreach (Interval interval in intervals)
        {
            decoder.Consume(code, interval.Cumulative, interval.Frequency, interval.Bits);
        }

        Assert.InRange(decoder.BytesPastEnd, 0, 15);
    }

    [Fact]
    public void An_end_right_under_a_carry_takes_the_carry_and_its_zeros()
    {
        // One half lies inside, above the lower end: it is a byte shorter than any number below it.
        Interval[] intervals = [new((1 << 15) - 1, 2, 16)];
        Assert.Equal([0x80], Coder.Encode(intervals));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_code_is_at_most_a_byte_longer_than_its_information_at_every_length(ulong seed)
    {
        var random = new TestRandom(seed);
        var encoder = new RangeEncoder();
        double cost = 0;
        for (int i = 0; i < 300; i++)
        {
            int most = encoder.MaxLength;
            RangeEncoder.Checkpoint checkpoint = encoder.Save();
            byte[] code = encoder.Finish().ToArray();
            int length = code.Length;
            Assert.True(length * 8 <= cost + 8 + 1e-6, $"{length} bytes for {cost} bits after {i} symbols");
            Assert.True(length <= most);
            Assert.True(length == 0 || code[^1] != 0 || length <= (cost / 8) - 6,
                $"{length} bytes for {cost} bits after {i} symbols");
            encoder.Restore(checkpoint);

            Interval next = random.Interval();
            encoder.EncodeAll([next]);
            cost += next.Cost;
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_shorter_string_names_the_interval(ulong seed)
    {
        var random = new TestRandom(seed);
        Interval[] intervals = random.Intervals(1 + random.Next(4));
        byte[] code = Coder.Encode(intervals);
        if (code.Length == 0)
        {
            return;
        }

        // Of the strings one byte shorter only the neighbours of the code can lie inside.
        byte[] below = code[..^1];
        Assert.NotEqual(-1, Coder.FirstWrong(below, intervals));
        byte[] above = code[..^1];
        int at = above.Length - 1;
        while (at >= 0 && ++above[at] == 0)
        {
            at--;
        }

        Assert.True(at < 0 || Coder.FirstWrong(above, intervals) != -1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_zeros_may_follow_the_code(ulong seed)
    {
        Interval[] intervals = new TestRandom(seed).Intervals(50);
        byte[] code = Coder.Encode(intervals);
        Assert.Equal(-1, Coder.FirstWrong([.. code, .. new byte[20]], intervals));
    }
}
