using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Decodes many data frames side by side; the result does not depend on which frames were beside which.</summary>
/// <remarks>
/// Peer bytes never throw: a frame that does not decode to what its check says comes back as an error. Work is bounded by
/// <see cref="CompressionLimits.FrameContent"/> for each frame. Not thread-safe: one for each worker. Owns its lanes, not the predictor.
/// </remarks>
public sealed class FrameDecoder : IDisposable
{
    private readonly PredictorLanes _lanes;
    private readonly DecoderLane[] _running;
    private readonly int[] _symbols;
    private readonly uint[] _weights;
    private readonly int _alphabet;

    /// <summary>Makes a decoder.</summary>
    /// <param name="predictor">The same model as the encoder's.</param>
    /// <param name="lanes">Frames decoded side by side, 1 to 256; 64 KiB each beside the model's state.</param>
    public FrameDecoder(Predictor predictor, int lanes)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentOutOfRangeException.ThrowIfNotEqual(predictor.AlphabetSize, Predictor.ByteAlphabet);
        _alphabet = predictor.AlphabetSize;
        _lanes = predictor.CreateLanes(lanes);
        _symbols = new int[lanes];
        _weights = new uint[lanes * _alphabet];
        _running = new DecoderLane[lanes];
        FrequencyQuantiser quantiser = new(_alphabet, predictor.FrequencyBits);
        for (int i = 0; i < lanes; i++)
        {
            _running[i] = new DecoderLane(quantiser);
        }
    }

    /// <summary>Takes work from <paramref name="batch"/> until there is none left.</summary>
    /// <param name="batch">Shared with other decoders, each on its own thread, or not.</param>
    /// <param name="maxLanes">Lanes to use at most, so that several workers share few frames evenly.</param>
    /// <param name="cancellationToken">Looked at once for each step.</param>
    /// <param name="onProgress">Told how many bytes were decoded since it was told last; null for nobody.</param>
    public void Run(DecodingBatch batch, int maxLanes = int.MaxValue, CancellationToken cancellationToken = default, Action<int>? onProgress = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLanes, 1);
        int active = 0;
        while (active < Math.Min(maxLanes, _running.Length) && TryBegin(active, batch))
        {
            active++;
        }

        while (active > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            onProgress?.Invoke(active);
            int running = 0;
            for (int lane = 0; lane < active; lane++)
            {
                int symbol = DecodeOne(lane, batch);
                if (symbol != DecoderLane.Done)
                {
                    Keep(lane, running);
                    _symbols[running++] = symbol;
                }
            }

            active = running;
            if (active > 0)
            {
                _lanes.Step(_symbols.AsSpan(0, active), _weights.AsSpan(0, active * _alphabet));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lanes.Dispose();

    private int DecodeOne(int lane, DecodingBatch batch)
    {
        while (true)
        {
            int symbol = _running[lane].Advance(Weights(lane));
            if (symbol >= 0)
            {
                return symbol;
            }

            if (symbol == DecoderLane.Restart)
            {
                _lanes.Start(lane, Weights(lane)); // spec 5.4-1
                continue;
            }

            batch.Set(_running[lane].Index, _running[lane].Result());
            if (!TryBegin(lane, batch))
            {
                return DecoderLane.Done;
            }
        }
    }

    private bool TryBegin(int lane, DecodingBatch batch)
    {
        if (!batch.TryTake(out int index, out ReceivedFrame frame))
        {
            return false;
        }

        _running[lane].Begin(index, frame);
        _lanes.Start(lane, Weights(lane));
        return true;
    }

    private void Keep(int from, int to)
    {
        if (from != to)
        {
            _lanes.Copy(from, to);
            (_running[to], _running[from]) = (_running[from], _running[to]);
        }
    }

    private Span<uint> Weights(int lane) => _weights.AsSpan(lane * _alphabet, _alphabet);
}
