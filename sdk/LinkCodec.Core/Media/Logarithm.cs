using System.Numerics;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>Natural logarithms of integers in 256ths, by table: how counts become logits.</summary>
/// <remarks>The tables are computed with integers alone, once a process.</remarks>
internal static class Logarithm
{
    private const int MantissaBits = 10;

    // ln(2) in 2^-32.
    private const ulong NaturalOfTwo = 2977044471;

    private static readonly short[] Mantissas = MakeMantissas();
    private static readonly short[] Exponents = MakeExponents();

    /// <summary>ln(<paramref name="value"/>) in 256ths, for a value of 1 and more.</summary>
    internal static int Natural(uint value) // spec 13.1-1
    {
        int zeros = BitOperations.LeadingZeroCount(value);
        return Exponents[zeros] + Mantissas[(int)((value << zeros) >> (31 - MantissaBits)) & ((1 << MantissaBits) - 1)];
    }

    private static short[] MakeMantissas()
    {
        short[] table = new short[1 << MantissaBits];
        for (int i = 0; i < table.Length; i++)
        {
            int log = LogisticTables.Log2((uint)((1 << MantissaBits) + i)) - (MantissaBits << 8);
            table[i] = (short)(((ulong)log * NaturalOfTwo) >> 32);
        }

        return table;
    }

    // By the number of leading zeros; a zero has the logarithm of one.
    private static short[] MakeExponents()
    {
        short[] table = new short[33];
        for (int zeros = 0; zeros < 32; zeros++)
        {
            table[zeros] = (short)((((ulong)(31 - zeros) << 8) * NaturalOfTwo) >> 32);
        }

        return table;
    }
}
