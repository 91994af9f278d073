using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>A stream that takes part in a <see cref="LaneLoop{TLane}"/>.</summary>
internal interface ILane
{
    /// <summary>The answer of <see cref="Advance"/> when the lane has nothing left.</summary>
    const int Done = -1;

    /// <summary>The answer of <see cref="Advance"/> when the lane goes on with another message.</summary>
    const int Restart = -2;

    /// <summary>Starts the lane's next message in the predictor's lane of that number.</summary>
    void Start(PredictorLanes states, int lane);

    /// <summary>Codes or decodes the next symbol with the predictor's lane of that number.</summary>
    /// <returns>The symbol, <see cref="Restart"/> or <see cref="Done"/>.</returns>
    int Advance(PredictorLanes states, int lane);
}

/// <summary>
/// A store of jobs, from which lanes get their work and in which they leave what became of it. Several loops may share
/// one.
/// </summary>
internal interface ILaneWork<in TLane>
{
    /// <summary>Gives a lane its next job; false when there is none.</summary>
    bool TryBegin(TLane lane);

    /// <summary>Takes the result of a lane that is done.</summary>
    void Finish(TLane lane);
}

/// <summary>Steps lanes together through a predictor, refills those that are done, and keeps the running ones side by
/// side.</summary>
/// <remarks>Encoder and decoder differ in their lanes alone, so that both ask the model for the same things. A loop is
/// not thread-safe: each worker has its own. It owns its lanes, not the predictor.</remarks>
internal abstract class LaneLoop<TLane> : IDisposable
    where TLane : class, ILane
{
    private readonly PredictorLanes _states;
    private readonly TLane[] _lanes;
    private readonly int[] _symbols;
    private int _codedSinceProgress;

    /// <summary>Makes a loop with a number of lanes, 1 to 256: more are faster and take more memory.</summary>
    protected LaneLoop(Predictor predictor, int lanes, Func<int, PredictorLanes> createStates, Func<TLane> createLane)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(predictor.AlphabetSize, Predictor.ByteAlphabet);
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => createLane())];
        _symbols = new int[lanes];
        _states = createStates(lanes);
    }

    /// <summary>Takes work until there is none left.</summary>
    /// <param name="work">A batch, shared with other loops, each on its own thread, or not.</param>
    /// <param name="maxLanes">Lanes to use at most, so that several workers share little work evenly.</param>
    /// <param name="cancellationToken">Looked at before each byte.</param>
    /// <param name="onProgress">Told how many bytes were coded since it was told last; null for nobody.</param>
    public void Run(
        ILaneWork<TLane> work,
        int maxLanes = int.MaxValue,
        CancellationToken cancellationToken = default,
        Action<int>? onProgress = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLanes, 1);
        _codedSinceProgress = 0;
        int active = 0;
        while (active < Math.Min(maxLanes, _lanes.Length) && TryBegin(active, work))
        {
            active++;
        }

        while (active > 0)
        {
            onProgress?.Invoke(_codedSinceProgress);
            _codedSinceProgress = 0;
            int running = 0;
            for (int lane = 0; lane < active; lane++)
            {
                int symbol = Advance(lane, work, cancellationToken);
                if (symbol != ILane.Done)
                {
                    Keep(lane, running);
                    _symbols[running++] = symbol;
                }
            }

            active = running;
            if (active > 0)
            {
                _states.Step(_symbols.AsSpan(0, active));
            }
        }

        onProgress?.Invoke(_codedSinceProgress);
    }

    /// <inheritdoc/>
    public void Dispose() => _states.Dispose();

    // A lane goes on until it waits for the model. At the end of a piece, a message or a job the next one begins at
    // once: no step is spent on it.
    private int Advance(int lane, ILaneWork<TLane> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int symbol = _lanes[lane].Advance(_states, lane);
            if (symbol >= 0)
            {
                _codedSinceProgress++;
                if (_states.NeedsStep(lane))
                {
                    return symbol;
                }

                continue;
            }

            if (symbol == ILane.Restart)
            {
                _lanes[lane].Start(_states, lane); // spec 5.4-1
                continue;
            }

            work.Finish(_lanes[lane]);
            if (!TryBegin(lane, work))
            {
                return ILane.Done;
            }
        }
    }

    private bool TryBegin(int lane, ILaneWork<TLane> work)
    {
        if (!work.TryBegin(_lanes[lane]))
        {
            return false;
        }

        _lanes[lane].Start(_states, lane); // spec 5.4-1
        return true;
    }

    // A finished lane leaves a gap, which a later one fills.
    private void Keep(int from, int to)
    {
        if (from != to)
        {
            _states.Copy(from, to);
            (_lanes[to], _lanes[from]) = (_lanes[from], _lanes[to]);
        }
    }
}
