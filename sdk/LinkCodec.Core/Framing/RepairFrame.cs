namespace LinkCodec.Core.Framing;

/// <summary>
/// A REPAIR: a linear combination of the plaintexts of earlier segments (protocol-spec/15-erasure-code.md).
/// </summary>
internal readonly struct RepairFrame
{
    /// <summary>Counters before the repair's own that may enter it, 1 to 8,192.</summary>
    public int Reach { get; init; }

    /// <summary>The distance to the repair before this one; 0 where it is above 255 or there is none.</summary>
    public byte BackToLast { get; init; }

    /// <summary>The distance to the repair before that; 0 likewise.</summary>
    public byte BackToLastButOne { get; init; }

    /// <summary>The combination: 3 bytes or more. It belongs to whoever took the frame.</summary>
    public ReadOnlyMemory<byte> Symbol { get; init; }
}
