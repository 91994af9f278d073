namespace LinkCodec.Core.Prediction;

/// <summary>A model that turns the symbols of many independent messages into decisions with probabilities.</summary>
/// <remarks>
/// <para>A message is a start, bytes, and END. Each of these is a series of decisions, slices of a scale of
/// 2^<see cref="FrequencyBits"/>, which a range coder codes: one decision over the whole alphabet for a
/// <see cref="DistributionLanes"/>, or several small ones.</para>
/// <para>The contract that makes decoding exact: the decisions of a message depend on the context that it starts from
/// and on its own symbols alone, never on the batch, the thread count or the machine. Every implementation passes the
/// same contract tests. Thread-safe; the lanes are not.</para>
/// <para>Spec: protocol-spec/07-prediction.md.</para>
/// </remarks>
internal abstract class Predictor : IDisposable
{
    /// <summary>Bytes 0 to 255 and the end of the message.</summary>
    public const int ByteAlphabet = 257; // spec 7.2-1

    /// <summary>The symbol after the last byte of a message.</summary>
    public const int EndSymbol = 256;

    /// <summary>
    /// A weight is at most 2^22, so that 2^18 of them and 24-bit frequencies fit unsigned 64-bit arithmetic.
    /// </summary>
    public const uint MaxWeight = 1u << 22; // spec 7.1-2

    /// <summary>Streams that are predicted together at most.</summary>
    public const int MaxLanes = 256;

    /// <summary>Symbols that a message may hold: 2 to 2^17.</summary>
    public abstract int AlphabetSize { get; }

    /// <summary>Binary logarithm of the scale that its decisions are coded with, 16 to 24.</summary>
    public abstract int FrequencyBits { get; }

    /// <summary>Whether it consults networks.</summary>
    public virtual bool HasNetworks => false;

    /// <summary>Whether its encoder can do without networks (<see cref="PredictorLanes.AvoidsNetworks"/>).</summary>
    public virtual bool CanAvoidNetworks => !HasNetworks;

    /// <summary>Makes room for <paramref name="capacity"/> streams that are predicted together.</summary>
    /// <param name="capacity">The number of lanes, 1 to <see cref="MaxLanes"/>. Memory grows with it.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is outside these limits.</exception>
    public abstract PredictorLanes CreateLanes(int capacity);

    /// <summary>
    /// Makes lanes as <see cref="CreateLanes"/> does, for an encoder that may spend more time on a shorter code, which
    /// every decoder reads.
    /// </summary>
    /// <param name="capacity">The number of lanes, 1 to <see cref="MaxLanes"/>. Memory grows with it.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is outside these limits.</exception>
    public virtual PredictorLanes CreateEncodingLanes(int capacity) => CreateLanes(capacity);

    /// <summary>
    /// Whether <see cref="CreateContext"/> makes one: asking costs nothing, and a context may take megabytes.
    /// </summary>
    public virtual bool KeepsContext => false;

    /// <summary>Makes a context of no message.</summary>
    /// <returns>Owned by the caller; null when the predictor learns nothing from message to message.</returns>
    public virtual StreamContext? CreateContext() => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the model.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
