namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// The probabilities that the token that came in an earlier place comes again: constants at first, then what the
/// message and its context have shown.
/// </summary>
/// <remarks>
/// Cells for each class of the two best places, by the network's own odds of that token; between two cells the
/// probability is interpolated. Spec: protocol-spec/11-language-models.md, section 5.
/// </remarks>
internal sealed class MatchProbabilityMap
{
    private const int Cells = 29; // cells of odds from 2^-16 to 2^12, a factor of two each
    private const int Even = 16;
    private const int FirstCount = 8;
    private const int LargestCount = 254;

    private readonly ProbabilityTable _table = new(Leads.Length * Cells, FirstCount, LargestCount);

    /// <summary>Starts from the constants. spec 11.5-8</summary>
    internal MatchProbabilityMap()
    {
        Span<uint> probabilities = _table.Probabilities;
        for (int i = 0; i < probabilities.Length; i++)
        {
            int odds = (i % Cells) - Even;
            uint less = ProbabilityTable.One / ((1u << Math.Abs(odds)) + 1);
            uint probability = odds < 0 ? less : ProbabilityTable.One - less;
            probabilities[i] = Math.Clamp(probability
                + (((ProbabilityTable.One - probability) >> 8) * Leads[i / Cells]),
                ProbabilityTable.Min, ProbabilityTable.One - ProbabilityTable.Min);
        }
    }

    // By class: 256ths of what the network gives to other tokens.
    private static ReadOnlySpan<byte> Leads => [1, 13, 8, 31, 64, 115, 166, 192, 225];

    /// <summary>The place of a candidate's probability, in 256ths of a cell. spec 11.5-7</summary>
    /// <param name="length">The length of the best place's match, 1 to 32.</param>
    /// <param name="rival">The length of the best match with another token behind it, at most
    /// <paramref name="length"/>.</param>
    /// <param name="weight">The candidate's weight.</param>
    /// <param name="sum">The sum of all weights.</param>
    internal static int Place(int length, int rival, uint weight, ulong sum)
    {
        int odds = BitCost.Log(weight + 1UL) - BitCost.Log(sum - weight + 1);
        return (Class(length, length - rival) * Cells * BitCost.Bit)
            + Math.Clamp(odds + (Even * BitCost.Bit), 0, ((Cells - 1) * BitCost.Bit) - 1);
    }

    /// <summary>Slots of the scale for "another token".</summary>
    internal uint No(int place)
    {
        (int cell, uint part) = (place >> 8, (uint)place & 255);
        ReadOnlySpan<uint> probabilities = _table.Probabilities;
        return ProbabilityTable.One
            - (uint)((((ulong)probabilities[cell] * (256 - part)) + ((ulong)probabilities[cell + 1] * part)) >> 8);
    }

    /// <summary>Learns whether the candidate came: the nearer cell does. spec 11.5-9</summary>
    internal void Learn(int place, bool came) => _table.Learn((place + 128) >> 8, came);

    /// <summary>Makes this table equal to another one.</summary>
    internal void CopyFrom(MatchProbabilityMap other) => _table.CopyFrom(other._table);

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
