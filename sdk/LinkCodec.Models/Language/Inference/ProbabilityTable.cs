using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Cells that each learn how often something came: a probability in slots of the scale, and a count that slows it down.
/// Not thread-safe.
/// </summary>
/// <remarks>Spec: protocol-spec/11-language-models.md, sections 4 and 5.</remarks>
/// <param name="cells">The number of cells.</param>
/// <param name="firstCount">The weight of the first probabilities, in times that were seen.</param>
/// <param name="largestCount">Times that are remembered at most.</param>
internal sealed class ProbabilityTable(int cells, byte firstCount, byte largestCount)
{
    /// <summary>The scale.</summary>
    internal const uint One = 1u << SnapshotManifest.LanguageFrequencyBits;

    /// <summary>The least distance of a probability that has learned from nothing and from <see cref="One"/>.</summary>
    internal const uint Min = 256;

    private readonly uint[] _probabilities = new uint[cells];
    private readonly byte[] _counts = [.. Enumerable.Repeat(firstCount, cells)];

    /// <summary>The probabilities, to begin with and to look at.</summary>
    internal Span<uint> Probabilities => _probabilities;

    /// <summary>Learns what came. spec 11.4-3</summary>
    internal void Learn(int cell, bool came)
    {
        uint probability = _probabilities[cell];
        uint n = (uint)_counts[cell] + 2;
        probability = came ? probability + ((One - probability) / n) : probability - (probability / n);
        _probabilities[cell] = Math.Clamp(probability, Min, One - Min);
        _counts[cell] = (byte)Math.Min(_counts[cell] + 1, largestCount);
    }

    /// <summary>Makes this table equal to another one of as many cells.</summary>
    internal void CopyFrom(ProbabilityTable other)
    {
        other._probabilities.CopyTo(_probabilities, 0);
        other._counts.CopyTo(_counts, 0);
    }
}
