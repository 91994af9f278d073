namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Probabilities in 65,536ths and their logits, ln(p / (1 - p)), in 256ths: both directions by table.
/// </summary>
/// <remarks>
/// The tables are computed with integers alone, once a process. Spec: protocol-spec/10-context-mixing.md, section 1.
/// </remarks>
internal static class LogisticTables
{
    /// <summary>The largest logit: that of 65,535.</summary>
    internal const int LargestLogit = 2840;

    // exp(-1/256) in 2^-63.
    private const ulong Decay = 9187413517043429148;

    private static readonly ushort[] Probabilities = MakeProbabilities();
    private static readonly short[] Logits = MakeLogits();
    private static readonly short[] Surprisals = MakeSurprisals();

    /// <summary>The probability of each logit from the least on.</summary>
    internal static ushort[] SquashTable => Probabilities;

    /// <summary>The logit of a probability of 0 to 65,535.</summary>
    internal static int Stretch(int probability) => Logits[probability];

    /// <summary>The probability, 1 to 65,535, of any logit.</summary>
    internal static int Squash(int logit) =>
        Probabilities[Math.Clamp(logit, -LargestLogit, LargestLogit) + LargestLogit];

    /// <summary>
    /// The cost of an event of a probability of 0 to 65,536, in 256ths of a bit, by the probability's upper ten bits.
    /// </summary>
    internal static int Surprisal(int probability) => Surprisals[probability >> 6];

    /// <summary>The binary logarithm of a number above 0, rounded down to 256ths.</summary>
    internal static int Log2(uint value)
    {
        int log = int.Log2((int)Math.Min(value, int.MaxValue));
        ulong mantissa = (ulong)value << (32 - log); // 1 to 2, in 2^-32
        for (int i = 0; i < 8; i++)
        {
            mantissa = (ulong)(((UInt128)mantissa * mantissa) >> 32);
            log <<= 1;
            if (mantissa >= 1UL << 33)
            {
                mantissa >>= 1;
                log |= 1;
            }
        }

        return log;
    }

    // spec 10.1-1
    private static ushort[] MakeProbabilities()
    {
        ushort[] table = new ushort[(2 * LargestLogit) + 1];
        const ulong one = 1UL << 60;
        ulong power = one; // exp(-k / 256)
        for (int k = 0; k <= LargestLogit; k++)
        {
            ulong low = Math.Max(1, (ulong)(((UInt128)power << 16) / (one + power)));
            table[LargestLogit - k] = (ushort)low;
            table[LargestLogit + k] = (ushort)Math.Min(65535, 65536 - low);
            power = (ulong)(((UInt128)power * Decay) >> 63);
        }

        return table;
    }

    // spec 10.1-2
    private static short[] MakeLogits()
    {
        short[] table = new short[65536];
        int logit = -LargestLogit;
        for (int p = 0; p < table.Length; p++)
        {
            while (logit < LargestLogit && Probabilities[logit + LargestLogit] < p)
            {
                logit++;
            }

            table[p] = (short)logit;
        }

        return table;
    }

    // spec 10.1-3: 256 * (10 - log2(p)) for p = 1..1024, the logarithm rounded down to 256ths; 0 counts as a half
    private static short[] MakeSurprisals()
    {
        short[] table = new short[1025];
        table[0] = 11 * 256;
        for (int p = 1; p < table.Length; p++)
        {
            table[p] = (short)((10 * 256) - Log2((uint)p));
        }

        return table;
    }
}
