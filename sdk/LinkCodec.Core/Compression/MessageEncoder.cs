using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Predicts and codes many messages side by side; the result does not depend on which messages were beside
/// which.</summary>
/// <remarks>An encoder is not thread-safe: each worker has its own. It owns its lanes, not the predictor.</remarks>
internal sealed class MessageEncoder : IDisposable
{
    private readonly LaneLoop<EncoderLane> _loop;

    /// <summary>Makes an encoder.</summary>
    /// <param name="predictor">A model over <see cref="Predictor.ByteAlphabet"/>.</param>
    /// <param name="lanes">Messages coded side by side, 1 to 256; more is faster and takes more memory.</param>
    /// <param name="maxUnitSize">Bytes that data frames may take in one segment.</param>
    public MessageEncoder(Predictor predictor, int lanes, int maxUnitSize)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentOutOfRangeException.ThrowIfNotEqual(predictor.AlphabetSize, Predictor.ByteAlphabet);
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxUnitSize, DataFrameWriter.MaxHeader + 16);
        EncoderLane[] all = new EncoderLane[lanes];
        for (int i = 0; i < lanes; i++)
        {
            all[i] = new EncoderLane(predictor.FrequencyBits, maxUnitSize);
        }

        _loop = new LaneLoop<EncoderLane>(predictor.CreateEncodingLanes(all.Length), all);
    }

    /// <summary>Takes work from <paramref name="batch"/> until there is none left.</summary>
    /// <param name="batch">Shared with other encoders, each on its own thread, or not.</param>
    /// <param name="maxLanes">Lanes to use at most, so that several workers share few messages evenly.</param>
    /// <param name="cancellationToken">Looked at before each byte.</param>
    /// <param name="onProgress">Told how many bytes were coded since it was told last; null for nobody.</param>
    public void Run(
        EncodingBatch batch,
        int maxLanes = int.MaxValue,
        CancellationToken cancellationToken = default,
        Action<int>? onProgress = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _loop.Run(batch, maxLanes, onProgress, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _loop.Dispose();
}
