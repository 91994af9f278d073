namespace LinkCodec.Core.Prediction;

/// <summary>
/// The snapshot-free predictor: what usually follows a byte, corrected by what the message itself has shown so far.
/// Integers only, no weights to load, equal on every machine.
/// </summary>
/// <remarks>
/// <para>Symbols: the bytes and <see cref="Predictor.EndSymbol"/>. Order 0 learns the message's bytes; contexts of up
/// to ten bytes vote with what followed them in the last 8,000 bytes; the end grows less likely with length.</para>
/// <para>A lane takes about 30 KB, from its first use. Thread-safe; the lanes are not. A step costs one or two
/// microseconds, more the more often the last byte stands in the 8,000 before it. Stepping a lane past the end of its
/// message puts it into the start state.</para>
/// <para>Spec: protocol-spec/07-prediction.md, section 4. Source: interpolated absolute discounting (Ney, Essen and
/// Kneser, 1994), with the context lengths skipped that add no evidence.</para>
/// </remarks>
internal sealed class AdaptiveBytePredictor : Predictor
{
    /// <inheritdoc/>
    public override int AlphabetSize => ByteAlphabet;

    /// <inheritdoc/>
    public override int FrequencyBits => 24;

    /// <inheritdoc/>
    public override bool KeepsContext => true;

    /// <inheritdoc/>
    public override StreamContext CreateContext() => new AdaptiveByteContext();

    /// <inheritdoc/>
    public override PredictorLanes CreateLanes(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxLanes);
        return new AdaptiveByteLanes(capacity, FrequencyBits);
    }
}
