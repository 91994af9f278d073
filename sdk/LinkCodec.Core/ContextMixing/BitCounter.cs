using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Counters of bits, whose rate falls with what they have seen: 12 bits of probability above 4 bits of count.
/// </summary>
internal static class BitCounter
{
    // 655,360 / (10 * count + 16)
    private static ReadOnlySpan<int> Rates =>
    [
        40960, 25206, 18204, 14246, 11702, 9929, 8623, 7620, 6826, 6182, 5649, 5201, 4818, 4488, 4201, 3947,
    ];

    /// <summary>A counter after one more bit. spec 10.4-1</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="bit">The bit that came.</param>
    /// <param name="limit">The largest count; the less, the faster it forgets.</param>
    internal static ushort Update(ushort counter, int bit, int limit)
    {
        int count = counter & 15;
        int p = counter >> 4;
        p += (((bit != 0 ? 4095 : 0) - p) * Rates[count]) >> 16;
        return (ushort)((p << 4) | Math.Min(count + 1, limit));
    }

    /// <summary>Updates eight counters, as <see cref="Update(ushort, int, int)"/> does each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Update(ref int counters, int bit, Vector256<int> limits) =>
        Update(Vector256.LoadUnsafe(ref counters), bit, limits).StoreUnsafe(ref counters);

    /// <summary>Eight counters after one more bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Update(Vector256<int> counters, int bit, Vector256<int> limits)
    {
        Vector256<int> count = counters & Vector256.Create(15);
        Vector256<int> p = counters >> 4;
        Vector256<int> came = Vector256.Create(-bit & 4095);
        p += ((came - p) * RatesOf(count)) >> 16;
        return (p << 4) | Vector256.Min(count + Vector256<int>.One, limits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> RatesOf(Vector256<int> count)
    {
        ref int rates = ref MemoryMarshal.GetReference(Rates);
        if (Avx2.IsSupported)
        {
            // The permutation looks at the lowest three bits.
            return Vector256.ConditionalSelect(Vector256.GreaterThan(count, Vector256.Create(7)),
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref rates, 8), count),
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref rates), count));
        }

        return Vector256.Create(Rates[count.GetElement(0)], Rates[count.GetElement(1)], Rates[count.GetElement(2)],
            Rates[count.GetElement(3)], Rates[count.GetElement(4)], Rates[count.GetElement(5)],
            Rates[count.GetElement(6)], Rates[count.GetElement(7)]);
    }
}
