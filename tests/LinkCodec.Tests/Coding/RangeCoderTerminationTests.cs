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
    public void First_symbols_alone_are_no_byte() => Assert.Empty(Coder.Encode(Enumerable.Repeat(new Interval(0, 1, 20), 100)));

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
            int length = encoder.Finish().Length;
            Assert.True(length * 8 <= cost + 8 + 1e-6, $"{length} bytes for {cost} bits after {i} symbols");
            Assert.True(length <= most);
            Assert.True(length == 0 || encoder.Finish()[^1] != 0);
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
