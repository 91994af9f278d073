namespace LinkCodec.Core.Prediction;

/// <summary>
/// The state of a predictor behind messages that it has coded: messages that follow may start from it.
/// </summary>
/// <remarks>
/// A function of the coded messages, in their order, and of nothing else; integers only, equal on every machine. A
/// lane that has coded a message leaves it behind for no more than a copy (<see cref="PredictorLanes.Save"/>). It is of
/// fixed size, which the family names: some 320 KB for context mixing, up to some tens of MB for a language model. It
/// belongs to the predictor that made it. Not thread-safe; while
/// nobody changes it, many may read it. A context that is given up without disposing of it costs nothing but memory,
/// until the garbage collector finds it. Spec: protocol-spec/07-prediction.md, section 1.
/// </remarks>
internal abstract class StreamContext : IDisposable
{
    /// <summary>Another context that has absorbed the same messages; owned by the caller.</summary>
    public abstract StreamContext Clone();

    /// <summary>Makes this context equal to <paramref name="other"/>, without taking memory.</summary>
    /// <exception cref="ArgumentException"><paramref name="other"/> is of another predictor.</exception>
    public abstract void CopyFrom(StreamContext other);

    /// <summary>Hands its memory back to the predictor at once. Nobody may use the context any more.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Hands back what it holds, once however often it is called.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
