using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Models.Bytes;

/// <summary>Streams of a <see cref="ByteNetModel"/>: states, and a row of weights each.</summary>
/// <remarks>
/// Streams whose symbols are known beforehand take them in blocks (<see cref="Foresight"/>); others may take a guessed
/// step beside the step itself (<see cref="GuessedStep"/>). Neither shows in the weights.
/// </remarks>
internal sealed class ByteNetModelLanes : ByteModelLanes
{
    private const int Row = Predictor.ByteAlphabet;
    private const int GuessSlots = 2; // lanes behind the streams', for the states of guessed steps

    private readonly ByteNetModel _model;
    private readonly ByteNetStates _states;
    private readonly uint[] _weights; // weights, by lane
    private readonly Foresight?[] _foresights;
    private readonly GuessedStep?[] _guesses;
    private readonly int[] _owners = new int[GuessSlots]; // the lane whose guessed step a slot holds
    private readonly bool[] _started;
    private int[] _logits; // logits, by place in a step
    private int[] _lanes;  // of each place the lane, where its state comes from, the token
    private int[] _origins;
    private int[] _tokens;
    private int _nextSlot;
    private bool _disposed;

    internal ByteNetModelLanes(ByteNetModel model, int capacity)
    {
        _model = model;
        _states = model.Executor.CreateStates(capacity + GuessSlots);
        _weights = new uint[capacity * Row];
        _foresights = new Foresight?[capacity];
        _guesses = new GuessedStep?[capacity];
        _started = new bool[capacity];
        _logits = new int[capacity * Row];
        _lanes = new int[capacity];
        _origins = new int[capacity];
        _tokens = new int[capacity];
    }

    /// <inheritdoc/>
    public override void Start(int lane)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckLane(lane, nameof(lane));
        _states.Restore(lane, _model.Start.State); // spec 7.1-3
        _model.StartWeights.CopyTo(RowOf(lane));
        _foresights[lane]?.End();
        _guesses[lane]?.End();
        _started[lane] = true;
    }

    /// <inheritdoc/>
    public override void Foresee(int lane, ReadOnlySpan<byte> symbols)
    {
        CheckStarted(lane, nameof(lane));
        if (_states.TakesRuns && symbols.Length > 1)
        {
            (_foresights[lane] ??= new Foresight(_model.Executor.Shape)).Begin(symbols);
        }
    }

    /// <inheritdoc/>
    public override void Guess(int lane, byte symbol)
    {
        CheckStarted(lane, nameof(lane));
        if (_states.TakesRuns)
        {
            (_guesses[lane] ??= new GuessedStep()).Guess = symbol;
        }
    }

    /// <inheritdoc/>
    public override void Step(ReadOnlySpan<int> lanes, ReadOnlySpan<int> symbols)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(symbols.Length, lanes.Length, nameof(symbols));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lanes.Length, _started.Length, nameof(lanes));
        for (int i = 0; i < lanes.Length; i++)
        {
            // END is the graph's START token: harmless, and what comes of it means nothing.
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)symbols[i], (uint)Predictor.EndSymbol,
                nameof(symbols));
            CheckStarted(lanes[i], nameof(lanes));
        }

        int count = 0;
        for (int i = 0; i < lanes.Length; i++)
        {
            Plan(lanes[i], symbols[i], ref count);
        }

        if (count == 0)
        {
            return;
        }

        Span<int> logits = _logits.AsSpan(0, count * Row);
        _states.Step(_lanes.AsSpan(0, count), _origins.AsSpan(0, count), _tokens.AsSpan(0, count), logits);
        for (int i = 0; i < count; i++)
        {
            // Of a lane's places that are not a block's the last one counts.
            int lane = _lanes[i];
            ReadOnlySpan<int> row = logits.Slice(i * Row, Row);
            if (lane >= _started.Length)
            {
                _model.Table.Fill(row, _guesses[_owners[lane - _started.Length]]!.Weights);
                continue;
            }

            if (_foresights[lane] is not { IsOpen: true } foresight)
            {
                _model.Table.Fill(row, RowOf(lane));
                continue;
            }

            int first = i;
            for (; i < count && _lanes[i] == lane; i++)
            {
                _model.Table.Fill(logits.Slice(i * Row, Row), foresight.WeightsAfter(i - first));
            }

            i--;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<uint> Weights(int lane)
    {
        CheckStarted(lane, nameof(lane));
        return _foresights[lane] is { HasWeights: true } foresight ? foresight.Weights : RowOf(lane);
    }

    /// <summary>Logits of the lane at a place in the last step's list, if no lane has a foresight.</summary>
    internal ReadOnlySpan<int> Logits(int place) => _logits.AsSpan(place * Row, Row);

    /// <inheritdoc/>
    public override void Copy(int from, int to)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckStarted(from, nameof(from));
        CheckLane(to, nameof(to));
        if (from == to)
        {
            return;
        }

        _states.Copy(from, to);
        _started[to] = true;
        _foresights[to]?.End();
        _guesses[to]?.End(); // and that of the other lane stays where it is
        if (_foresights[from] is { IsOpen: true } foresight)
        {
            (_foresights[to] ??= new Foresight(_model.Executor.Shape)).CopyFrom(foresight);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            _states.Dispose();
        }
    }

    // Adds what the network has to compute so that the lane has its next weights.
    private void Plan(int lane, int symbol, ref int count)
    {
        if (_foresights[lane] is { IsOpen: true } foresight)
        {
            if (foresight.TryTake(symbol))
            {
                if (foresight.NeedsBlock)
                {
                    _states.Save(lane, foresight.Before);
                    Add(lane, foresight.Advance(), ref count);
                }

                return;
            }

            foresight.End();
            if (symbol != Predictor.EndSymbol && !foresight.IsEven)
            {
                // The stream goes on otherwise: from before the block once more.
                _states.Restore(lane, foresight.Before);
                Add(lane, foresight.Taken, ref count);
            }
        }

        GuessedStep? guess = _guesses[lane];
        if (guess is null)
        {
            Add(lane, lane, symbol, ref count);
        }
        else if (guess.Symbol == symbol && _owners[guess.Slot] == lane)
        {
            _states.Copy(_started.Length + guess.Slot, lane);
            guess.Weights.CopyTo(RowOf(lane));
            guess.End();
        }
        else
        {
            Add(lane, lane, symbol, ref count);
            (guess.Symbol, guess.Guess) = (guess.Guess, -1);
            if (guess.Symbol >= 0)
            {
                guess.Slot = _nextSlot;
                _nextSlot = (_nextSlot + 1) % GuessSlots;
                _owners[guess.Slot] = lane;
                Add(_started.Length + guess.Slot, lane, guess.Symbol, ref count);
            }
        }
    }

    private void Add(int lane, ReadOnlySpan<byte> symbols, ref int count)
    {
        foreach (byte symbol in symbols)
        {
            Add(lane, lane, symbol, ref count);
        }
    }

    private void Add(int lane, int origin, int symbol, ref int count)
    {
        Reserve(count + 1);
        (_lanes[count], _origins[count], _tokens[count]) = (lane, origin, symbol);
        count++;
    }

    private void Reserve(int places)
    {
        if (_lanes.Length < places)
        {
            int room = Math.Max(places, 2 * _lanes.Length);
            Array.Resize(ref _lanes, room);
            Array.Resize(ref _origins, room);
            Array.Resize(ref _tokens, room);
            _logits = new int[room * Row];
        }
    }

    private Span<uint> RowOf(int lane) => _weights.AsSpan(lane * Row, Row);

    private void CheckStarted(int lane, string name)
    {
        CheckLane(lane, name);
        if (!_started[lane])
        {
            throw new InvalidOperationException($"Lane {lane} was not started.");
        }
    }

    private void CheckLane(int lane, string name) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lane, (uint)_started.Length, name);
}
