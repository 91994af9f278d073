using LinkCodec.Models.Language.Inference;

namespace LinkCodec.Models.Language.Batching;

/// <summary>
/// A network whose caches, on any number of threads, run together: what several of them ask for at the same time is one
/// batch.
/// </summary>
/// <remarks>
/// The caches are those of the network within, and their calls wait for their turn. They end with an
/// <see cref="ObjectDisposedException"/> once the batched network is disposed of.
/// </remarks>
internal sealed class BatchedTransformer : Transformer
{
    private readonly Transformer _inner;
    private readonly BatchScheduler _scheduler;
    private long _lastRow;

    /// <summary>Shares a network.</summary>
    /// <param name="inner">Owned from now on.</param>
    /// <param name="runs">Batches that run at the same time at most, each on one processor.</param>
    internal BatchedTransformer(Transformer inner, int runs)
        : this(inner, runs, BatchScheduler.MaxRequests)
    {
    }

    /// <summary>Makes a batched network with a bound on requests.</summary>
    internal BatchedTransformer(Transformer inner, int runs, int maxRequests) =>
        (_inner, _scheduler) = (inner, new BatchScheduler(inner, runs, maxRequests));

    /// <inheritdoc/>
    public override int Vocabulary => _inner.Vocabulary;

    /// <inheritdoc/>
    public override int Window => _inner.Window;

    /// <summary>The scheduler that runs the caches' requests.</summary>
    internal BatchScheduler Scheduler => _scheduler;

    /// <inheritdoc/>
    public override KvCache CreateCache(int rows) => new BatchedKvCache(this, _inner.CreateCache(rows));

    /// <summary>Ends all requests that wait, and refuses those that come.</summary>
    public override void Dispose()
    {
        _scheduler.Dispose();
        _inner.Dispose();
    }

    /// <summary>A name that no row had before.</summary>
    internal long NameRow() => Interlocked.Increment(ref _lastRow);
}
