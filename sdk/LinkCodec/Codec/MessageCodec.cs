using System.Collections.Concurrent;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Codec;

/// <summary>
/// Codes and decodes batches of messages on a few threads. The bytes do not depend on the number of threads or lanes.
/// </summary>
/// <remarks>
/// Thread-safe. Owns its workers' states, not the predictor. A batch is split among the workers as they become free.
/// </remarks>
internal sealed class MessageCodec : IDisposable
{
    private readonly Predictor _predictor;
    private readonly int _lanes;
    private readonly ConcurrentBag<MessageEncoder> _encoders = [];
    private readonly ConcurrentBag<FrameDecoder> _decoders = [];

    /// <summary>Makes a codec.</summary>
    /// <param name="predictor">The model; must outlive the codec.</param>
    /// <param name="threads">Threads used at once for a batch; 0 for one a processor.</param>
    /// <param name="lanes">Messages or frames that a thread works on side by side.</param>
    public MessageCodec(Predictor predictor, int threads = 0, int lanes = 12)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _predictor = predictor;
        _lanes = lanes;
        Threads = threads == 0 ? Environment.ProcessorCount : threads;
    }

    /// <summary>The model.</summary>
    public Predictor Predictor => _predictor;

    /// <summary>Threads used at once for a batch.</summary>
    public int Threads { get; }

    /// <summary>Codes a batch.</summary>
    public async Task EncodeAsync(
        EncodingBatch batch, CancellationToken cancellationToken = default, Action<int>? onProgress = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        await RunAsync(batch.JobCount, maxLanes => Borrow(
            _encoders,
            () => new MessageEncoder(_predictor, _lanes),
            encoder => encoder.Run(batch, maxLanes, cancellationToken, onProgress))).ConfigureAwait(false);
    }

    /// <summary>
    /// Decodes a batch. Peer bytes never throw: each result says whether it is good.
    /// </summary>
    public async Task<IReadOnlyList<DecodedFrame>> DecodeAsync(
        DecodingBatch batch, CancellationToken cancellationToken = default, Action<int>? onProgress = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        await RunAsync(batch.JobCount, maxLanes => Borrow(
            _decoders,
            () => new FrameDecoder(_predictor, _lanes),
            decoder => decoder.Run(batch, maxLanes, cancellationToken, onProgress))).ConfigureAwait(false);
        return batch.Results;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_encoders.TryTake(out MessageEncoder? encoder))
        {
            encoder.Dispose();
        }

        while (_decoders.TryTake(out FrameDecoder? decoder))
        {
            decoder.Dispose();
        }
    }

    // Few jobs are shared evenly: each worker takes no more lanes than its share, so that all end about together.
    private async Task RunAsync(int jobs, Action<int> work)
    {
        if (jobs == 0)
        {
            return;
        }

        int workers = Math.Min(Threads, jobs);
        int share = (jobs + workers - 1) / workers;
        Task[] tasks = new Task[workers];
        for (int i = 0; i < workers; i++)
        {
            tasks[i] = Task.Run(() => work(share));
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    private static void Borrow<T>(ConcurrentBag<T> pool, Func<T> create, Action<T> use)
    {
        if (!pool.TryTake(out T? item))
        {
            item = create();
        }

        // A worker that was interrupted is as good as new: every batch starts its lanes afresh.
        try
        {
            use(item);
        }
        finally
        {
            pool.Add(item);
        }
    }
}
