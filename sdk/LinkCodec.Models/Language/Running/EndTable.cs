using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Running;

/// <summary>How often a message ended where the network saw so much of a line's end coming: constants at first, then what the message and its context have shown.</summary>
/// <remarks>A cell for each class of the byte before and each bin of the network's odds. Spec: protocol-spec/11-language-models.md, section 4.</remarks>
internal sealed class EndTable
{
    /// <summary>Bins of the network's odds for a line's end, a factor of two each.</summary>
    internal const int Bins = 24;

    private const int Classes = 4;
    private const uint One = 1u << SnapshotManifest.LanguageFrequencyBits;
    private const uint Least = 256;
    private const int FirstCount = 10;
    private const int LargestCount = 62;

    // 65,536ths: within a line, after a line's end, and after what ends sentences.
    private static ReadOnlySpan<ushort> WithinLine =>
        [30, 36, 48, 70, 110, 190, 340, 640, 1200, 2200, 3900, 6600, 10500, 15500, 21000, 26500, 31500, 36000, 39500, 42000, 44000, 45500, 46500, 47000];

    private static ReadOnlySpan<ushort> AfterLine =>
        [600, 650, 750, 900, 1150, 1500, 2100, 3000, 4300, 6200, 8800, 12000, 15800, 20000, 24500, 29000, 33000, 36500, 39500, 42000, 44000, 45500, 46500, 47000];

    private static ReadOnlySpan<ushort> AfterSentence =>
        [500, 700, 1000, 1500, 2300, 3600, 5500, 8000, 11000, 14500, 18000, 21500, 25000, 28500, 31500, 34500, 37000, 39500, 41500, 43000, 44500, 45500, 46500, 47000];

    private readonly uint[] _shares = new uint[Classes * Bins];
    private readonly byte[] _counts = new byte[Classes * Bins];

    /// <summary>Starts from the constants. spec 11.4-2</summary>
    internal EndTable()
    {
        for (int bin = 0; bin < Bins; bin++)
        {
            _shares[bin] = 64 << 8;
            _shares[Bins + bin] = (uint)WithinLine[bin] << 8;
            _shares[(2 * Bins) + bin] = (uint)AfterLine[bin] << 8;
            _shares[(3 * Bins) + bin] = (uint)AfterSentence[bin] << 8;
        }

        Array.Fill(_counts, (byte)FirstCount);
    }

    /// <summary>The cell for a place: the byte before it, -1 at a message's start, and the bin. spec 11.4-1</summary>
    internal static int Cell(int before, int bin) => (Bins * before switch
    {
        < 0 => 0,
        '\n' or '\r' => 2,
        '.' or '!' or '?' or '"' or '\'' or ')' or ']' or '}' => 3,
        _ => 1,
    }) + bin;

    /// <summary>Slots of the scale for "the message goes on".</summary>
    internal uint No(int cell) => One - _shares[cell];

    /// <summary>Learns what came. spec 11.4-3</summary>
    internal void Learn(int cell, bool ended)
    {
        uint share = _shares[cell];
        uint n = (uint)_counts[cell] + 2;
        share = ended ? share + ((One - share) / n) : share - (share / n);
        _shares[cell] = Math.Clamp(share, Least, One - Least);
        _counts[cell] = (byte)Math.Min(_counts[cell] + 1, LargestCount);
    }

    /// <summary>Makes this equal to another table.</summary>
    internal void CopyFrom(EndTable other)
    {
        other._shares.CopyTo(_shares, 0);
        other._counts.CopyTo(_counts, 0);
    }
}
