using LinkCodec.Core.Prediction;

namespace LinkCodec.Models.Bytes;

/// <summary>Streams of a byte net, in the states of whatever runs it.</summary>
internal sealed class ByteNetLanes : DistributionLanes
{
    private readonly ByteNetPredictor _predictor;
    private readonly ByteNetStates _states;
    private readonly int[] _logits;
    private readonly int[] _lanes; // 0, 1, 2..
    private readonly bool[] _started;
    private bool _disposed;

    internal ByteNetLanes(ByteNetPredictor predictor, int capacity)
        : base(capacity, Predictor.ByteAlphabet, predictor.FrequencyBits)
    {
        _predictor = predictor;
        _states = predictor.Executor.CreateStates(capacity);
        _logits = new int[capacity * Predictor.ByteAlphabet];
        _lanes = [.. Enumerable.Range(0, capacity)];
        _started = new bool[capacity];
    }

    /// <inheritdoc/>
    public override void Start(int lane, Span<uint> weights)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckLane(lane, nameof(lane));
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, Predictor.ByteAlphabet);
        _states.Restore(lane, _predictor.Start.State); // spec 7.1-3
        _started[lane] = true;
        _predictor.Table.Fill(_predictor.Start.Logits, weights);
    }

    /// <inheritdoc/>
    public override void Step(ReadOnlySpan<int> symbols, Span<uint> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, symbols.Length * Predictor.ByteAlphabet);
        Advance(symbols);
        for (int lane = 0; lane < symbols.Length; lane++)
        {
            _predictor.Table.Fill(Logits(lane), weights.Slice(lane * Predictor.ByteAlphabet, Predictor.ByteAlphabet));
        }
    }

    /// <inheritdoc/>
    public override void Copy(int from, int to)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckLane(from, nameof(from));
        CheckLane(to, nameof(to));
        if (!_started[from])
        {
            throw new InvalidOperationException($"Lane {from} was not started.");
        }

        if (from != to)
        {
            _states.Copy(from, to);
            _started[to] = true;
        }
    }

    /// <summary>Logits of <paramref name="lane"/> after the last step that it took part in.</summary>
    internal ReadOnlySpan<int> Logits(int lane) => _logits.AsSpan(lane * Predictor.ByteAlphabet, Predictor.ByteAlphabet);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            _states.Dispose();
        }
    }

    private void Advance(ReadOnlySpan<int> symbols)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int rows = symbols.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Capacity, nameof(symbols));
        for (int lane = 0; lane < rows; lane++)
        {
            // END is the graph's START token: harmless, and what comes of it means nothing.
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)symbols[lane], (uint)Predictor.EndSymbol, nameof(symbols));
            if (!_started[lane])
            {
                throw new InvalidOperationException($"Lane {lane} was not started.");
            }
        }

        _states.Step(_lanes.AsSpan(0, rows), symbols, _logits.AsSpan(0, rows * Predictor.ByteAlphabet));
    }

    private void CheckLane(int lane, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lane, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lane, Capacity, name);
    }
}
