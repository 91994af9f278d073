using System.Numerics;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Binary logarithms in 256ths, straight between powers of two: at most 0.09 too low, and the same on every machine.
/// </summary>
internal static class BitCost
{
    /// <summary>The cost of one bit, counted in 256ths.</summary>
    internal const int Bit = 256;

    private const int Scale = SnapshotManifest.LanguageFrequencyBits;

    /// <summary>L of spec 11.3-1.</summary>
    /// <param name="value">The number, 1 or more.</param>
    internal static int Log(ulong value) // spec 11.3-1
    {
        int whole = BitOperations.Log2(value);
        ulong mantissa = whole >= 8 ? value >> (whole - 8) : value << (8 - whole); // 256 to 511
        return (Bit * whole) + (int)(mantissa - Bit);
    }

    /// <summary>The cost of a decision of a frequency, in 256ths of a bit.</summary>
    internal static int Of(uint frequency) => (Bit * Scale) - Log(frequency);
}
