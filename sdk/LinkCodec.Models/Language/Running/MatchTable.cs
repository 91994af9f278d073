using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Running;

/// <summary>How often the token that came in an earlier place came again: constants at first, then what the message and its context have shown.</summary>
/// <remarks>
/// Cells for each class of the two best places, by the network's own odds of that token; between two cells the share is straight. Spec: protocol-spec/11-language-models.md, section 5.
/// </remarks>
internal sealed class MatchTable
{
    private const uint One = 1u << SnapshotManifest.LanguageFrequencyBits;
    private const int Cells = 29; // of odds from 2^-16 to 2^12, a factor of two each
    private const int Even = 16;
    private const uint Least = 256;
    private const int FirstCount = 8;
    private const int LargestCount = 254;

    private readonly uint[] _shares = new uint[Leads.Length * Cells];
    private readonly byte[] _counts = new byte[Leads.Length * Cells];

    /// <summary>Starts from the constants. spec 11.5-8</summary>
    internal MatchTable()
    {
        for (int i = 0; i < _shares.Length; i++)
        {
            int odds = (i % Cells) - Even;
            uint less = One / ((1u << Math.Abs(odds)) + 1);
            uint share = odds < 0 ? less : One - less;
            _shares[i] = Math.Clamp(share + (((One - share) >> 8) * Leads[i / Cells]), Least, One - Least);
        }

        Array.Fill(_counts, (byte)FirstCount);
    }

    // By class: 256ths of what the network gives to other tokens.
    private static ReadOnlySpan<byte> Leads => [1, 13, 8, 31, 64, 115, 166, 192, 225];

    /// <summary>Where the share of a candidate lies, in 256ths of a cell. spec 11.5-7</summary>
    /// <param name="length">Of the best place, 1 to 32.</param>
    /// <param name="rival">Of the best place of another token, at most <paramref name="length"/>.</param>
    /// <param name="weight">The candidate's.</param>
    /// <param name="sum">Of all weights.</param>
    internal static int Place(int length, int rival, uint weight, ulong sum)
    {
        int odds = BitCost.Log(weight + 1UL) - BitCost.Log(sum - weight + 1);
        return (Class(length, length - rival) * Cells * BitCost.Bit) + Math.Clamp(odds + (Even * BitCost.Bit), 0, ((Cells - 1) * BitCost.Bit) - 1);
    }

    /// <summary>Slots of the scale for "another token".</summary>
    internal uint No(int place)
    {
        (int cell, uint part) = (place >> 8, (uint)place & 255);
        return One - (uint)((((ulong)_shares[cell] * (256 - part)) + ((ulong)_shares[cell + 1] * part)) >> 8);
    }

    /// <summary>Learns whether the candidate came: the nearer cell does. spec 11.5-9</summary>
    internal void Learn(int place, bool came)
    {
        int cell = (place + 128) >> 8;
        uint share = _shares[cell];
        uint n = (uint)_counts[cell] + 2;
        share = came ? share + ((One - share) / n) : share - (share / n);
        _shares[cell] = Math.Clamp(share, Least, One - Least);
        _counts[cell] = (byte)Math.Min(_counts[cell] + 1, LargestCount);
    }

    /// <summary>Makes this equal to another table.</summary>
    internal void CopyFrom(MatchTable other)
    {
        other._shares.CopyTo(_shares, 0);
        other._counts.CopyTo(_counts, 0);
    }

    private static int Class(int length, int lead) => lead switch
    {
        0 => length < 4 ? 0 : 1,
        1 => 2,
        2 => 3,
        <= 4 => 4,
        <= 7 => 5,
        <= 12 => 6,
        <= 20 => 7,
        _ => 8,
    };
}
