namespace LinkCodec.Core.PrimedMixing;

/// <summary>Sees each bit that is coded in training, to learn what states are worth.</summary>
internal interface IPrimedTrainer
{
    /// <summary>Learns from a bit.</summary>
    /// <param name="entries">The map's entries of the contexts.</param>
    /// <param name="match">The match's class; -1 where it expected no bit.</param>
    /// <param name="isRight">Whether the match was right.</param>
    /// <param name="bit">The bit that came.</param>
    void Learn(ReadOnlySpan<int> entries, int match, bool isRight, int bit);
}
