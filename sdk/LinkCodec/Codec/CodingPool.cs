using System.Collections.Concurrent;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.PrimedMixing;

namespace LinkCodec.Codec;

/// <summary>
/// Codes and decodes the work of endpoints; all sessions of a snapshot share its coders. Thread-safe.
/// </summary>
/// <param name="threads">Threads used at once for a piece of work; 0 for one a processor.</param>
internal sealed class CodingPool(int threads) : IDisposable
{
    private readonly ConcurrentDictionary<Predictor, MessageCodec> _codecs = new();
    private readonly ConcurrentDictionary<BlockCompressorFactory, ConcurrentBag<BlockUnits>> _packers = new();
    private readonly ConcurrentBag<PrimedUnits> _primedPackers = [];
    private readonly ConcurrentBag<PrimedDecoder> _primedDecoders = [];
    private long _predicted;

    /// <summary>Message bytes that were predicted so far.</summary>
    public long PredictedBytes => Interlocked.Read(ref _predicted);

    /// <summary>Does a piece of work.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public async Task RunAsync(CodingWork work, CancellationToken cancellationToken)
    {
        if (work is EncodingWork { Media: { } media })
        {
            await ForEachAsync(media.Count, cancellationToken, index =>
            {
                if (work.Compressors is null)
                {
                    media.Code(index, null);
                }
                else
                {
                    WithBlocks(work.Compressors, packer => media.Code(index, packer));
                }
            }).ConfigureAwait(false);
            AddPredicted((int)media.MessageBytes);
        }
        else if (work is EncodingWork { Batch: null } packing)
        {
            if (packing.Effort == Effort.Primed)
            {
                int shares = packing.Divide(threads > 0 ? threads : Environment.ProcessorCount);
                Parallel.For(0, shares, share => With(_primedPackers, () => new PrimedUnits(),
                    packer => packing.PackPrimed(share, packer)));
            }
            else if (packing.Effort == Effort.Fast)
            {
                int shares = packing.Divide(threads > 0 ? threads : Environment.ProcessorCount);
                Parallel.For(0, shares, share =>
                    WithBlocks(work.Compressors!, packer => packing.PackBlocks(share, packer)));
            }
        }
        else if (work is EncodingWork encoding)
        {
            await CodecFor(work.Predictor)
                .EncodeAsync(encoding.Batch!, cancellationToken, AddPredicted).ConfigureAwait(false);
        }
        else if (work is DecodingWork decoding)
        {
            if (decoding.Batch.HasBlocks && work.Compressors is not null)
            {
                WithBlocks(work.Compressors, packer => decoding.Batch.RestoreBlocks(packer.Compressor));
            }

            await ForEachAsync(decoding.Batch.PrimedCount, cancellationToken,
                index => With(_primedDecoders, () => new PrimedDecoder(PrimedModel.BuiltIn),
                    decoder => decoding.Batch.DecodePrimed(index, decoder))).ConfigureAwait(false);
            await ForEachAsync(decoding.Batch.MediaCount, cancellationToken, decoding.Batch.DecodeMedia)
                .ConfigureAwait(false);
            await CodecFor(work.Predictor)
                .DecodeAsync(decoding.Batch, cancellationToken, AddPredicted).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        foreach (MessageCodec codec in _codecs.Values)
        {
            codec.Dispose();
        }

        foreach (BlockUnits packer in _packers.Values.SelectMany(packers => packers))
        {
            packer.Dispose();
        }
    }

    // A part of an image or a sound is work for one thread.
    private Task ForEachAsync(int count, CancellationToken cancellationToken, Action<int> work)
    {
        ParallelOptions options = new()
        {
            MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        return count == 0
            ? Task.CompletedTask
            : Parallel.ForAsync(0, count, options, (index, _) =>
            {
                work(index);
                return ValueTask.CompletedTask;
            });
    }

    private MessageCodec CodecFor(Predictor predictor) =>
        _codecs.GetOrAdd(predictor, key => new MessageCodec(key, threads));

    private void WithBlocks(BlockCompressorFactory factory, Action<BlockUnits> use) =>
        With(_packers.GetOrAdd(factory, _ => []), () => new BlockUnits(factory.Create()), use);

    private static void With<T>(ConcurrentBag<T> idle, Func<T> make, Action<T> use)
    {
        if (!idle.TryTake(out T? one))
        {
            one = make();
        }

        use(one);
        idle.Add(one);
    }

    private void AddPredicted(int bytes) => Interlocked.Add(ref _predicted, bytes);
}
