namespace LinkCodec.Core.Media;

/// <summary>The logistic distribution, 1 / (1 + exp(-z)), by table, in 2^-30.</summary>
/// <remarks>The table is computed with integers alone, once a process.</remarks>
internal static class LogisticDistribution
{
    /// <summary>The whole.</summary>
    internal const int One = 1 << 30;

    /// <summary>The binary logarithm of the argument's unit: it is in 1024ths.</summary>
    internal const int ArgumentBits = 10;

    private const int StepBits = 4; // of the argument, between entries of the table
    private const int Entries = 20 << (ArgumentBits - StepBits);

    // exp(-1/64) in 2^-63.
    private const ulong Decay = 9080376907458843209;

    private static readonly int[] Tail = MakeTail();

    /// <summary>The part of the distribution below an argument.</summary>
    internal static int Below(long argument) // spec 13.1-3
    {
        int distance = (int)Math.Min(Math.Abs(argument), ((Entries - 1) << StepBits) - 1);
        int at = distance >> StepBits;
        int part = distance & ((1 << StepBits) - 1);
        int tail = Tail[at] - (((Tail[at] - Tail[at + 1]) * part) >> StepBits);
        return argument < 0 ? tail : One - tail;
    }

    // exp(-z) / (1 + exp(-z)), for z from 0 on.
    private static int[] MakeTail()
    {
        int[] table = new int[Entries];
        const ulong one = 1UL << 62;
        ulong power = one;
        for (int i = 0; i < Entries; i++)
        {
            table[i] = (int)(((UInt128)power << 30) / (one + power));
            power = (ulong)(((UInt128)power * Decay) >> 63);
        }

        return table;
    }
}
