using LinkCodec.Core.Prediction;
using LinkCodec.Models.Graphs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LinkCodec.Models.Bytes;

/// <summary>Streams of a byte net. States lie in two sets of tensors; a step reads one and writes the other.</summary>
/// <remarks>
/// A step runs over the first rows, in batches of at most the largest that the snapshot allows. Each number of rows has its own
/// binding to the same memory, made when it first comes and kept; after that a step allocates nothing. Lanes that a step leaves
/// out stay where they are, and are brought to the set of the others when they run again.
/// </remarks>
internal sealed class ByteNetLanes : DistributionLanes
{
    private const byte NotStarted = 2;
    private readonly ByteNetPredictor _predictor;
    private readonly ByteNetShape _shape;
    private readonly PinnedBuffer<float> _states;
    private readonly PinnedBuffer<long> _tokens;
    private readonly PinnedBuffer<int> _logits;
    private readonly OrtIoBinding?[] _bindings; // by the row after the batch's last one and the set that is read
    private readonly byte[] _setOf; // by lane: which set holds its state
    private readonly RunOptions _runOptions = new();
    private bool _disposed;

    internal ByteNetLanes(ByteNetPredictor predictor, int capacity)
        : base(capacity, Predictor.ByteAlphabet, predictor.FrequencyBits)
    {
        ObjectDisposedException.ThrowIf(!predictor.Graph.TryAddUser(), predictor);
        _predictor = predictor;
        _shape = predictor.Shape;
        Capacity = capacity;
        _states = new PinnedBuffer<float>(2 * capacity * _shape.States * _shape.Width);
        _tokens = new PinnedBuffer<long>(capacity);
        _logits = new PinnedBuffer<int>(capacity * Predictor.ByteAlphabet);
        _bindings = new OrtIoBinding?[2 * capacity];
        _setOf = new byte[capacity];
        _setOf.AsSpan().Fill(NotStarted);
    }

    /// <inheritdoc/>
    public override int Capacity { get; }

    /// <inheritdoc/>
    public override void Start(int lane, Span<uint> weights)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckLane(lane, nameof(lane));
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, Predictor.ByteAlphabet);
        byte set = _setOf[0] == NotStarted ? (byte)0 : _setOf[0];
        for (int k = 0; k < _shape.States; k++) // spec 7.1-3
        {
            _predictor.StartState.Slice(k * _shape.Width, _shape.Width).CopyTo(Row(set, k, lane));
        }

        _setOf[lane] = set;
        _predictor.Table.Fill(_predictor.StartLogits, weights);
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
        byte set = _setOf[from];
        if (set == NotStarted)
        {
            throw new InvalidOperationException($"Lane {from} was not started.");
        }

        if (from != to)
        {
            CopyRows(set, from, set, to);
            _setOf[to] = set;
        }
    }

    /// <summary>Logits of <paramref name="lane"/> after the last step that it took part in.</summary>
    internal ReadOnlySpan<int> Logits(int lane) => _logits.Span.Slice(lane * Predictor.ByteAlphabet, Predictor.ByteAlphabet);

    /// <summary>Runs START on the zero state in lane 0 and hands out what comes of it.</summary>
    internal void RunStart(Span<float> state, Span<int> logits)
    {
        _tokens.Span[0] = ByteNetShape.StartToken;
        _predictor.Graph.Run(_runOptions, Binding(1, 0));
        for (int k = 0; k < _shape.States; k++)
        {
            Row(1, k, 0).CopyTo(state[(k * _shape.Width)..]);
        }

        Logits(0).CopyTo(logits);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            foreach (OrtIoBinding? binding in _bindings)
            {
                binding?.Dispose();
            }

            _runOptions.Dispose();
            _predictor.Graph.Release();
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
            if (_setOf[lane] == NotStarted)
            {
                throw new InvalidOperationException($"Lane {lane} was not started.");
            }
        }

        if (rows == 0)
        {
            return;
        }

        byte set = _setOf[0];
        byte other = (byte)(1 - set);
        for (int lane = 0; lane < rows; lane++)
        {
            _tokens.Span[lane] = symbols[lane];
            if (_setOf[lane] != set)
            {
                CopyRows(other, lane, set, lane);
            }
        }

        int batch = _predictor.LargestBatch;
        for (int first = 0; first < rows; first += batch)
        {
            int end = Math.Min(first + batch, rows);
            _predictor.Graph.Run(_runOptions, Binding(end, set));
            _setOf.AsSpan(first..end).Fill(other);
        }
    }

    private OrtIoBinding Binding(int end, byte from) => _bindings[(2 * (end - 1)) + from] ??= CreateBinding(end, from);

    private OrtIoBinding CreateBinding(int end, byte from)
    {
        int first = (end - 1) / _predictor.LargestBatch * _predictor.LargestBatch;
        int rows = end - first;
        OrtIoBinding binding = _predictor.Graph.CreateBinding();
        try
        {
            // The binding keeps its own hold on each tensor's description; the memory is ours.
            using (OrtValue tokens = _tokens.Tensor(TensorElementType.Int64, first, rows, 0))
            using (OrtValue logits = _logits.Tensor(TensorElementType.Int32, first * Predictor.ByteAlphabet, rows, Predictor.ByteAlphabet))
            {
                binding.BindInput(ByteNetShape.TokensName, tokens);
                binding.BindOutput(ByteNetShape.LogitsName, logits);
            }

            for (int k = 0; k < _shape.States; k++)
            {
                using OrtValue before = _states.Tensor(TensorElementType.Float, Offset(from, k, first), rows, _shape.Width);
                using OrtValue after = _states.Tensor(TensorElementType.Float, Offset((byte)(1 - from), k, first), rows, _shape.Width);
                binding.BindInput(ByteNetShape.StateName(k), before);
                binding.BindOutput(ByteNetShape.NextName(k), after);
            }

            return binding;
        }
        catch
        {
            binding.Dispose();
            throw;
        }
    }

    private void CopyRows(byte fromSet, int from, byte toSet, int to)
    {
        for (int k = 0; k < _shape.States; k++)
        {
            Row(fromSet, k, from).CopyTo(Row(toSet, k, to));
        }
    }

    private int Offset(byte set, int k, int lane) => ((((set * _shape.States) + k) * Capacity) + lane) * _shape.Width;

    private Span<float> Row(byte set, int k, int lane) => _states.Span.Slice(Offset(set, k, lane), _shape.Width);

    private void CheckLane(int lane, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lane, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lane, Capacity, name);
    }
}
