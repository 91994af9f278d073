namespace LinkCodec.Core.Prediction;

/// <summary>The states of up to <see cref="Capacity"/> streams of one <see cref="Predictor"/>, advanced together. Not thread-safe.</summary>
public abstract class PredictorLanes : IDisposable
{
    /// <summary>Streams that there is room for.</summary>
    public abstract int Capacity { get; }

    /// <summary>Puts <paramref name="lane"/> into the start state and gives the weights of its first symbol.</summary>
    /// <param name="lane">0 to <see cref="Capacity"/> - 1.</param>
    /// <param name="weights">One for each symbol of the alphabet, 0 to <see cref="Predictor.MaxWeight"/>, at least one above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such lane, or a row of another length.</exception>
    public abstract void Start(int lane, Span<uint> weights);

    /// <summary>Advances the lanes 0 to <c>symbols.Length - 1</c> by one symbol each and gives the weights of their next ones.</summary>
    /// <remarks>
    /// A lane whose message has ended may be stepped with its end symbol, so that the others can go on: its next weights mean nothing
    /// until it is started again or copied over, and no other lane feels it.
    /// </remarks>
    /// <param name="symbols">The symbol that each lane has just coded; at most <see cref="Capacity"/>.</param>
    /// <param name="weights">Row after row, one of the alphabet's size for each lane.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too many lanes, a symbol outside the alphabet, or rows of another length.</exception>
    /// <exception cref="InvalidOperationException">One of the lanes was never started.</exception>
    public abstract void Step(ReadOnlySpan<int> symbols, Span<uint> weights);

    /// <summary>Copies the state of a lane over another, so that the running ones stay together. The weights do not move.</summary>
    /// <exception cref="InvalidOperationException">The lane <paramref name="from"/> was never started.</exception>
    public abstract void Copy(int from, int to);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the states.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
