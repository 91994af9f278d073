using System.Collections.Concurrent;
using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Codec;

/// <summary>
/// Codes and decodes the work of endpoints; all sessions of a snapshot share its coders. Thread-safe.
/// </summary>
/// <param name="threads">Threads used at once for a piece of work; 0 for one a processor.</param>
internal sealed class CodingPool(int threads) : IDisposable
{
    private readonly ConcurrentDictionary<Predictor, MessageCodec> _codecs = new();
    private long _predicted;

    /// <summary>Message bytes that were predicted so far.</summary>
    public long PredictedBytes => Interlocked.Read(ref _predicted);

    /// <summary>Does a piece of work.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public async Task RunAsync(CodingWork work, CancellationToken cancellationToken)
    {
        if (work is EncodingWork encoding)
        {
            await CodecFor(work.Predictor).EncodeAsync(encoding.Batch, cancellationToken, AddPredicted).ConfigureAwait(false);
        }
        else if (work is DecodingWork decoding)
        {
            await CodecFor(work.Predictor).DecodeAsync(decoding.Batch, cancellationToken, AddPredicted).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        foreach (MessageCodec codec in _codecs.Values)
        {
            codec.Dispose();
        }
    }

    private MessageCodec CodecFor(Predictor predictor) =>
        _codecs.GetOrAdd(predictor, key => new MessageCodec(key, threads));

    private void AddPredicted(int bytes) => Interlocked.Add(ref _predicted, bytes);
}
