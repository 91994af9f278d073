using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// A coder of yes-or-no decisions, which writes, reads or only counts each decision of a message. Implementations are
/// structs, so that the one coding loop is compiled for each of them.
/// </summary>
internal interface IBinaryCoder
{
    /// <summary>Codes a decision.</summary>
    /// <param name="yes">The probability of yes, 1 to 65,535 of 65,536.</param>
    /// <param name="isYes">The decision, where it is known already.</param>
    /// <returns>The decision.</returns>
    bool Code(int yes, bool isYes);
}

/// <summary>An encoder's side: adds decisions to a list on a scale of 2^(16 + <paramref name="shift"/>).</summary>
internal struct DecisionWriter(DecisionList decisions, int shift) : IBinaryCoder
{
    /// <summary>The cost of the decisions so far, in 256ths of a bit, more or less.</summary>
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
    /// <summary>The cost of the decisions so far, in 256ths of a bit, more or less.</summary>
    internal long Cost { get; private set; }

    /// <inheritdoc/>
    public bool Code(int yes, bool isYes)
    {
        Cost += LogisticTables.Surprisal(isYes ? yes : 65536 - yes);
        return isYes;
    }
}
