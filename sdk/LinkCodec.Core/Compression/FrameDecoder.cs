using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Decodes many data frames side by side; the result does not depend on which frames were beside
/// which.</summary>
/// <remarks>
/// Peer bytes never throw: a frame that does not decode to what its check says comes back as an error. Work is bounded
/// for each frame by its own bytes and the batch's limit, and by <see cref="CompressionLimits.FrameContent"/>. Not
/// thread-safe: one for each worker. Owns its lanes, not the predictor.
/// </remarks>
internal sealed class FrameDecoder : IDisposable
{
    private readonly LaneLoop<DecoderLane> _loop;

    /// <summary>Makes a decoder.</summary>
    /// <param name="predictor">The predictor, of the same model as the encoder's.</param>
    /// <param name="lanes">Frames decoded side by side, 1 to 256; 64 KiB each beside the model's state.</param>
    public FrameDecoder(Predictor predictor, int lanes)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentOutOfRangeException.ThrowIfNotEqual(predictor.AlphabetSize, Predictor.ByteAlphabet);
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        DecoderLane[] all = new DecoderLane[lanes];
        for (int i = 0; i < lanes; i++)
        {
            all[i] = new DecoderLane(predictor.FrequencyBits);
        }

        _loop = new LaneLoop<DecoderLane>(predictor.CreateLanes(all.Length), all);
    }

    /// <summary>Takes work from <paramref name="batch"/> until there is none left.</summary>
    /// <param name="batch">Shared with other decoders, each on its own thread, or not.</param>
    /// <param name="maxLanes">Lanes to use at most, so that several workers share few frames evenly.</param>
    /// <param name="cancellationToken">Looked at before each byte.</param>
    /// <param name="onProgress">Told how many bytes were decoded since it was told last; null for nobody.</param>
    public void Run(
        DecodingBatch batch,
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
