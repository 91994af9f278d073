using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// What becomes of each decision of a message: it is written, read, or only counted. A struct, so that the one coding
/// loop is compiled for each of them.
/// </summary>
internal interface IBinaryCoder
{
    /// <summary>Codes a decision.</summary>
    /// <param name="yes">The probability of yes, 1 to 65,535 of 65,536.</param>
    /// <param name="isYes">What comes, where it is known already.</param>
    /// <returns>What comes.</returns>
    bool Code(int yes, bool isYes);
}

/// <summary>An encoder's side: adds decisions to a list on a scale of 2^(16 + <paramref name="shift"/>).</summary>
internal struct DecisionWriter(DecisionList decisions, int shift) : IBinaryCoder
{
    /// <summary>What they cost, in 256ths of a bit, more or less.</summary>
    internal int Cost { get; private set; }

    /// <inheritdoc/>
    public bool Code(int yes, bool isYes)
    {
        decisions.AddBit((uint)(65536 - yes) << shift, isYes);
        Cost += LogisticTables.Surprisal(isYes ? yes : 65536 - yes);
        return isYes;
    }
}

/// <summary>A decoder's side: reads what a <see cref="DecisionWriter"/> wrote.</summary>
internal readonly ref struct DecisionDecoder(DecisionReader reader, int shift) : IBinaryCoder
{
    private readonly DecisionReader _reader = reader;

    /// <inheritdoc/>
    public bool Code(int yes, bool isYes) => _reader.TakeBit((uint)(65536 - yes) << shift);
}

/// <summary>Codes nothing and counts the cost: for learning from a message that is known.</summary>
internal struct CostMeter : IBinaryCoder
{
    /// <summary>In 256ths of a bit, more or less.</summary>
    internal long Cost { get; private set; }

    /// <inheritdoc/>
    public bool Code(int yes, bool isYes)
    {
        Cost += LogisticTables.Surprisal(isYes ? yes : 65536 - yes);
        return isYes;
    }
}
