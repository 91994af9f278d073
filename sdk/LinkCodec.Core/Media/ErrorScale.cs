using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Mean absolute errors on a logarithmic scale: 5.2 levels for each doubling, and for each level the width of a
/// histogram's bin that suits it.
/// </summary>
internal static class ErrorScale
{
    /// <summary>The levels of samples of 8 bits: errors up to 16.</summary>
    internal const int BaseLevels = 24;

    /// <summary>The levels of samples of 16 bits.</summary>
    internal const int MaxLevels = BaseLevels + 42;

    private const int TableSize = 4096;

    private static readonly byte[] Levels = MakeLevels();
    private static readonly int[] Errors = MakeErrors();

    /// <summary>The number of levels that samples of a bit depth need.</summary>
    internal static int LevelsOf(int bitDepth) => BaseLevels + (Math.Max(0, bitDepth - 8) * 21 / 4);

    /// <summary>The level of an error in eighths, below <paramref name="levels"/>.</summary>
    internal static int Level(int eighths, int levels) // spec 13.1-2
    {
        int level = eighths < TableSize
            ? Levels[eighths]
            : Levels[Math.Min(eighths >> 8, TableSize - 1)] + 42; // 8 * 5.2, rounded up
        return Math.Min(level, levels - 1);
    }

    /// <summary>The least error of a level, in eighths.</summary>
    internal static int ErrorOf(int level) => Errors[level];

    /// <summary>The binary logarithm of the bin width for a level.</summary>
    internal static int ShiftOf(int level) => level < BaseLevels ? 0 : 1 + ((level - BaseLevels) * 10 / 52);

    // 5.2 * log2(1 + 1.3 * e / 8)
    private static byte[] MakeLevels()
    {
        byte[] table = new byte[TableSize];
        int one = LogisticTables.Log2(80);
        for (int i = 0; i < TableSize; i++)
        {
            table[i] = (byte)((LogisticTables.Log2((uint)(80 + (13 * i))) - one) * 52 / 2560);
        }

        return table;
    }

    private static int[] MakeErrors()
    {
        int[] table = new int[MaxLevels];
        int error = 0;
        for (int level = 0; level < MaxLevels; level++)
        {
            while (Level(error, MaxLevels) < level)
            {
                error++;
            }

            table[level] = error;
        }

        return table;
    }
}
