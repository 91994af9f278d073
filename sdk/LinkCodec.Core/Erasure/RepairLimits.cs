using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Erasure;

/// <summary>The bounds of the erasure code (protocol-spec/15-erasure-code.md).</summary>
internal static class RepairLimits
{
    /// <summary>Segments before a repair that may enter it.</summary>
    public const int MaxReach = FrameLimits.MaxRepairReach;

    /// <summary>Bytes of the symbols that may enter a repair, each as long as the repair's.</summary>
    public const int MaxReachBytes = 16 << 20;

    /// <summary>Bytes that stand before a segment's plaintext in its symbol: its length.</summary>
    public const int SymbolHeader = 2;

    /// <summary>Bytes of a repair beside the longest plaintext that may enter it: type, reach, the distances to two
    /// others, and the length in the symbol.</summary>
    public const int Overhead = 5 + SymbolHeader;

    /// <summary>Segments that a repair may reach back when its symbol has so many bytes.</summary>
    public static int ReachFor(int symbol) => Math.Clamp(MaxReachBytes / Math.Max(1, symbol), 1, MaxReach);
}
