using LinkCodec.Core.Coding;

namespace LinkCodec.Tests.Coding;

/// <summary>What a coder codes: a part of 2^bits.</summary>
internal readonly record struct Interval(uint Cumulative, uint Frequency, int Bits)
{
    /// <summary>The interval's information in bits.</summary>
    public double Cost => Bits - Math.Log2(Frequency);
}

/// <summary>Whole codes of intervals, there and back.</summary>
internal static class Coder
{
    public static byte[] Encode(IEnumerable<Interval> intervals)
    {
        var encoder = new RangeEncoder();
        encoder.EncodeAll(intervals);
        return encoder.Finish().ToArray();
    }

    public static void EncodeAll(this RangeEncoder encoder, IEnumerable<Interval> intervals)
    {
        foreach (Interval i in intervals)
        {
            encoder.Encode(i.Cumulative, i.Frequency, i.Bits);
        }
    }

    /// <summary>The index of the first interval that does not come back, or -1.</summary>
    public static int FirstWrong(ReadOnlySpan<byte> code, IEnumerable<Interval> intervals)
    {
        var decoder = new RangeDecoder(code);
        int at = 0;
        foreach (Interval i in intervals)
        {
            uint position = decoder.Peek(i.Bits);
            if (position < i.Cumulative || position >= i.Cumulative + i.Frequency)
            {
                return at;
            }

            decoder.Consume(code, i.Cumulative, i.Frequency, i.Bits);
            at++;
        }

        return -1;
    }

    /// <summary>
    /// Intervals of 2^<paramref name="bits"/> that hold the number which a code names: what <paramref name="choose"/>
    /// makes of each position.
    /// </summary>
    public static List<Interval> Follow(ReadOnlySpan<byte> code, int count, int bits, Func<uint, Interval> choose)
    {
        var decoder = new RangeDecoder(code);
        var intervals = new List<Interval>();
        for (int i = 0; i < count; i++)
        {
            Interval next = choose(decoder.Peek(bits));
            decoder.Consume(code, next.Cumulative, next.Frequency, bits);
            intervals.Add(next);
        }

        return intervals;
    }
}
