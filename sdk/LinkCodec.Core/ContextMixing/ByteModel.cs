using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// A network over bytes as an input of the mixer: one distribution of the next symbol a step. Thread-safe; its lanes
/// are not.
/// </summary>
/// <remarks>
/// The weights that a model gives are a function of the message's own symbols, equal on every machine, in every batch.
/// Core knows no network; LinkCodec.Models makes them.
/// </remarks>
internal abstract class ByteModel : IDisposable
{
    /// <summary>Makes room for <paramref name="capacity"/> streams. Owned by the caller.</summary>
    /// <param name="capacity">The number of lanes, 1 to <see cref="Predictor.MaxLanes"/>.</param>
    public abstract ByteModelLanes CreateLanes(int capacity);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the network.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>States of a network's streams. Not thread-safe.</summary>
internal abstract class ByteModelLanes : IDisposable
{
    /// <summary>Puts a lane to the start of a message and makes its first weights.</summary>
    public abstract void Start(int lane);

    /// <summary>
    /// Tells the symbols that a lane, which has just been started, will take until its message ends, so that a network
    /// may take several at once. Weights do not depend on it, even where other symbols come.
    /// </summary>
    public virtual void Foresee(int lane, ReadOnlySpan<byte> symbols)
    {
    }

    /// <summary>
    /// Tells before a step what a lane may take after the step's symbol. Weights do not depend on it; a network whose
    /// own weights come slowly from memory may compute that step beside the other one.
    /// </summary>
    public virtual void Guess(int lane, byte symbol)
    {
    }

    /// <summary>Advances some lanes by one symbol each, together, and makes their next weights.</summary>
    /// <param name="lanes">Started lanes, all different.</param>
    /// <param name="symbols">The symbol of each lane, 0 to 256; after END a lane's weights mean nothing until it is
    /// started again.</param>
    public abstract void Step(ReadOnlySpan<int> lanes, ReadOnlySpan<int> symbols);

    /// <summary>
    /// The 257 weights of a lane's next symbol, each at most <see cref="Predictor.MaxWeight"/>, one of them at least
    /// above 0.
    /// </summary>
    /// <returns>Valid until the lane is stepped, started or copied over.</returns>
    public abstract ReadOnlySpan<uint> Weights(int lane);

    /// <summary>Copies a lane's state over another's. The weights need not move: a step comes next.</summary>
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
