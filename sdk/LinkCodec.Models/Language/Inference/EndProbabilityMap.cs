namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// The probabilities that a message ends where the network saw so much of a line's end coming: constants at first, then
/// what the message and its context have shown.
/// </summary>
/// <remarks>
/// A cell for each class of what stands before and each bin of the network's odds. Spec:
/// protocol-spec/11-language-models.md, section 4.
/// </remarks>
internal sealed class EndProbabilityMap
{
    /// <summary>Bins of the network's odds for a line's end, a factor of two each.</summary>
    internal const int Bins = 24;

    private const int Classes = 6;
    private const int Late = 64; // elements after which a message is late
    private const int FirstCount = 8;
    private const int LargestCount = 62;

    // 65,536ths, class after class: at the start, within a line, after a line's end, after what ends sentences; the
    // same within a line and after sentences, but late. Fitted on messages that are lines, in contexts too, and on
    // texts that were cut anywhere.
    private static ReadOnlySpan<ushort> First =>
    [
        64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
        11, 11, 14, 58, 167, 263, 324, 452, 917, 2060, 4010, 7030, 10700, 14900, 17000, 18000, 22300, 33600, 39300,
        41900, 43900, 45400, 46400, 46900, 17, 39, 84, 406, 886, 951, 956, 1620, 2590, 3160, 3160, 3160, 3160, 3160,
        4550, 8560, 16100, 23000, 29800, 39400, 43900, 45400, 46400, 46900, 2, 5, 39, 82, 442, 842, 894, 1760, 2490,
        4720, 7910, 9500, 11300, 20200, 34800, 42900, 46700, 54000, 54900, 54900, 54900, 54900, 54900, 54900, 175, 214,
        426, 505, 610, 884, 1340, 1620, 1740, 2650, 4470, 6320, 7540, 9050, 11300, 12800, 14700, 14700, 14700, 18200,
        19300, 21200, 29400, 41400, 20, 20, 37, 311, 735, 735, 735, 2580, 5260, 8460, 9840, 9840, 9840, 13500, 18000,
        19000, 24400, 44100, 57000, 59300, 59300, 59300, 59300, 59300,
    ];

    private readonly ProbabilityTable _table = new(Classes * Bins, FirstCount, LargestCount);

    /// <summary>Starts from the constants. spec 11.4-2</summary>
    internal EndProbabilityMap()
    {
        Span<uint> probabilities = _table.Probabilities;
        for (int cell = 0; cell < probabilities.Length; cell++)
        {
            probabilities[cell] = (uint)First[cell] << 8;
        }
    }

    /// <summary>The cell for a place. spec 11.4-1</summary>
    /// <param name="before">The byte before it, -1 at a message's start.</param>
    /// <param name="elements">The number of elements of the message before the place.</param>
    /// <param name="bin">The bin of the network's odds.</param>
    internal static int Cell(int before, int elements, int bin) => (Bins * before switch
    {
        < 0 => 0,
        '\n' or '\r' => 2,
        '.' or '!' or '?' or '"' or '\'' or ')' or ']' or '}' => elements < Late ? 3 : 5,
        _ => elements < Late ? 1 : 4,
    }) + bin;

    /// <summary>Slots of the scale for "the message goes on".</summary>
    internal uint No(int cell) => ProbabilityTable.One - _table.Probabilities[cell];

    /// <summary>Learns what came. spec 11.4-3</summary>
    internal void Learn(int cell, bool ended) => _table.Learn(cell, ended);

    /// <summary>Makes this table equal to another one.</summary>
    internal void CopyFrom(EndProbabilityMap other) => _table.CopyFrom(other._table);
}
