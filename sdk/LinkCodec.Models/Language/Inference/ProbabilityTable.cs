using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Inference;

/// <summary>Cells that each learn how often something came: a share of the scale, and a count that slows it down. Not thread-safe.</summary>
/// <remarks>Spec: protocol-spec/11-language-models.md, sections 4 and 5.</remarks>
/// <param name="cells">How many.</param>
/// <param name="firstCount">How much the first shares weigh, in times that were seen.</param>
/// <param name="largestCount">Times that are remembered at most.</param>
internal sealed class ProbabilityTable(int cells, byte firstCount, byte largestCount)
{
    /// <summary>The scale.</summary>
    internal const uint One = 1u << SnapshotManifest.LanguageFrequencyBits;

    /// <summary>What a share that has learned is away from nothing and from <see cref="One"/> at least.</summary>
    internal const uint Least = 256;

    private readonly uint[] _shares = new uint[cells];
    private readonly byte[] _counts = [.. Enumerable.Repeat(firstCount, cells)];

    /// <summary>The shares, to begin with and to look at.</summary>
    internal Span<uint> Shares => _shares;

    /// <summary>Learns what came. spec 11.4-3</summary>
    internal void Learn(int cell, bool came)
    {
        uint share = _shares[cell];
        uint n = (uint)_counts[cell] + 2;
        share = came ? share + ((One - share) / n) : share - (share / n);
        _shares[cell] = Math.Clamp(share, Least, One - Least);
        _counts[cell] = (byte)Math.Min(_counts[cell] + 1, largestCount);
    }

    /// <summary>Makes this equal to another table of as many cells.</summary>
    internal void CopyFrom(ProbabilityTable other)
    {
        other._shares.CopyTo(_shares, 0);
        other._counts.CopyTo(_counts, 0);
    }
}
