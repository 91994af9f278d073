namespace LinkCodec.Core.Experts;

/// <summary>Cells of trained maps, and counters: probabilities in 16 bits.</summary>
internal static class MapCell
{
    private static readonly int[] Reciprocals = MakeReciprocals();

    /// <summary>Moves a cell towards what came, in training only.</summary>
    internal static void Train(ref ushort cell, bool came, int shift)
    {
        int p = cell;
        p += ((came ? 65535 : 0) - p) >> shift;
        cell = (ushort)Math.Clamp(p, 24, 65511);
    }

    /// <summary>A counter after one more event: 12 bits of probability above 4 bits of count. spec 10.4-1</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="bit">What came.</param>
    /// <param name="limit">The largest count; the less, the faster it forgets.</param>
    internal static ushort Count(ushort counter, int bit, int limit)
    {
        int count = counter & 15;
        int p = counter >> 4;
        p += (((bit != 0 ? 4095 : 0) - p) * Reciprocals[count]) >> 16;
        return (ushort)((p << 4) | Math.Min(count + 1, limit));
    }

    private static int[] MakeReciprocals()
    {
        int[] table = new int[16];
        for (int i = 0; i < 16; i++)
        {
            table[i] = 655360 / ((10 * i) + 16);
        }

        return table;
    }
}
