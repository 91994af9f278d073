using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Models.Bytes;

/// <summary>Streams of a <see cref="ByteNetModel"/>: states, and a row of weights each.</summary>
internal sealed class ByteNetModelLanes : ByteModelLanes
{
    private const int Row = Predictor.ByteAlphabet;

    private readonly ByteNetModel _model;
    private readonly ByteNetStates _states;
    private readonly uint[] _weights; // weights, by lane
    private readonly int[] _logits; // logits, by place in a step
    private readonly bool[] _started;
    private bool _disposed;

    internal ByteNetModelLanes(ByteNetModel model, int capacity)
    {
        _model = model;
        _states = model.Executor.CreateStates(capacity);
        _weights = new uint[capacity * Row];
        _logits = new int[capacity * Row];
        _started = new bool[capacity];
    }

    /// <inheritdoc/>
    public override void Start(int lane)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckLane(lane, nameof(lane));
        _states.Restore(lane, _model.Start.State); // spec 7.1-3
        _model.StartWeights.CopyTo(RowOf(lane));
        _started[lane] = true;
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

        Span<int> logits = _logits.AsSpan(0, lanes.Length * Row);
        _states.Step(lanes, symbols, logits);
        for (int i = 0; i < lanes.Length; i++)
        {
            _model.Table.Fill(logits.Slice(i * Row, Row), RowOf(lanes[i]));
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<uint> Weights(int lane)
    {
        CheckStarted(lane, nameof(lane));
        return RowOf(lane);
    }

    /// <summary>Logits of the lane at a place in the last step's list.</summary>
    internal ReadOnlySpan<int> Logits(int place) => _logits.AsSpan(place * Row, Row);

    /// <inheritdoc/>
    public override void Copy(int from, int to)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckStarted(from, nameof(from));
        CheckLane(to, nameof(to));
        if (from != to)
        {
            _states.Copy(from, to);
            _started[to] = true;
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
