using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Predicts and codes many messages side by side; the result does not depend on which messages were beside which.</summary>
/// <remarks>Not thread-safe: one for each worker. Owns its lanes, not the predictor.</remarks>
public sealed class MessageEncoder : IDisposable
{
    private readonly PredictorLanes _lanes;
    private readonly EncoderLane[] _running;
    private readonly int[] _symbols;
    private readonly uint[] _weights;
    private readonly int _alphabet;

    /// <summary>Makes an encoder.</summary>
    /// <param name="predictor">A model over <see cref="Predictor.ByteAlphabet"/>.</param>
    /// <param name="lanes">Messages coded side by side, 1 to 256; more is faster and takes more memory.</param>
    /// <param name="maxUnitSize">Bytes that data frames may take in one segment.</param>
    public MessageEncoder(Predictor predictor, int lanes, int maxUnitSize)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentOutOfRangeException.ThrowIfNotEqual(predictor.AlphabetSize, Predictor.ByteAlphabet);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxUnitSize, PendingFrame.MaxHeader + 16);
        _alphabet = predictor.AlphabetSize;
        _lanes = predictor.CreateLanes(lanes);
        _symbols = new int[lanes];
        _weights = new uint[lanes * _alphabet];
        _running = new EncoderLane[lanes];
        FrequencyQuantiser quantiser = new(_alphabet, predictor.FrequencyBits);
        for (int i = 0; i < lanes; i++)
        {
            _running[i] = new EncoderLane(quantiser, maxUnitSize);
        }
    }

    /// <summary>Takes work from <paramref name="batch"/> until there is none left.</summary>
    /// <param name="batch">Shared with other encoders, each on its own thread, or not.</param>
    /// <param name="maxLanes">Lanes to use at most, so that several workers share few messages evenly.</param>
    /// <param name="cancellationToken">Looked at once for each step.</param>
    /// <param name="onProgress">Told how many bytes were coded since it was told last; null for nobody.</param>
    public void Run(EncodingBatch batch, int maxLanes = int.MaxValue, CancellationToken cancellationToken = default, Action<int>? onProgress = null)
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
                int symbol = CodeOne(lane, batch);
                if (symbol != EncoderLane.Done)
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

    // Codes one symbol of the lane; a lane at the end of a piece goes on with the next piece or job at once.
    private int CodeOne(int lane, EncodingBatch batch)
    {
        while (true)
        {
            int symbol = _running[lane].Advance(Weights(lane));
            if (symbol >= 0)
            {
                return symbol;
            }

            if (symbol == EncoderLane.Restart)
            {
                _lanes.Start(lane, Weights(lane));
                continue;
            }

            batch.Add(_running[lane]);
            if (!TryBegin(lane, batch))
            {
                return EncoderLane.Done;
            }
        }
    }

    private bool TryBegin(int lane, EncodingBatch batch)
    {
        if (!batch.TryTake(out EncoderJob job, out OutgoingMessage message))
        {
            return false;
        }

        _running[lane].Begin(job, message.Number, message.Content);
        _lanes.Start(lane, Weights(lane));
        return true;
    }

    // Closes the gap that a finished lane left; weights need not follow, the next step writes them anew.
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
