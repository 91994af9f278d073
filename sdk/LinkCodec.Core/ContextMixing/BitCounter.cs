using System.Runtime.CompilerServices;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Counters of bits, whose rate falls with what they have seen: 12 bits of probability above 4 bits of count.
/// </summary>
internal static class BitCounter
{
    /// <summary>The rate of each count.</summary>
    internal static readonly int[] Rates = MakeRates();

    /// <summary>A counter after one more bit. spec 10.4-1</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="bit">The bit that came.</param>
    /// <param name="limit">The largest count; the less, the faster it forgets.</param>
    internal static ushort Update(ushort counter, int bit, int limit) => Update(Rates, counter, bit, limit);

    /// <summary>The same, for a caller that has <see cref="Rates"/> at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ushort Update(int[] rates, int counter, int bit, int limit)
    {
        int count = counter & 15;
        int p = counter >> 4;
        p += (((-bit & 4095) - p) * rates[count]) >> 16;
        return (ushort)((p << 4) | Math.Min(count + 1, limit));
    }

    private static int[] MakeRates()
    {
        int[] table = new int[16];
        for (int i = 0; i < 16; i++)
        {
            table[i] = 655360 / ((10 * i) + 16);
        }

        return table;
    }
}
