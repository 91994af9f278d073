using LinkCodec.Models.Graphs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LinkCodec.Models.Bytes;

/// <summary>
/// Lanes of a graph in ONNX Runtime. A run reads one set of tensors and writes another; states are copied in and out of
/// them.
/// </summary>
/// <remarks>
/// Each number of rows has its own binding to the same memory, made when it first comes and kept; after that a step
/// allocates nothing. The states are a user of the session, which they let go when disposed of.
/// </remarks>
internal sealed class GraphStates : ByteNetStates
{
    private readonly GraphSession _session;
    private readonly ByteNetShape _shape;
    private readonly int _batch;
    private readonly float[] _states; // states, lane after lane, row after row
    private readonly PinnedBuffer<float> _before; // a run's input, tensor after tensor
    private readonly PinnedBuffer<float> _after;
    private readonly PinnedBuffer<long> _tokens;
    private readonly PinnedBuffer<int> _logits;
    private readonly OrtIoBinding?[] _bindings; // bindings, by the number of rows less one
    private readonly RunOptions _runOptions = new();
    private bool _disposed;

    /// <summary>Takes room for so many lanes, all of them in the zero state.</summary>
    internal GraphStates(GraphSession session, ByteNetShape shape, int capacity, int largestBatch)
        : base(capacity)
    {
        (_session, _shape) = (session, shape);
        _batch = Math.Min(capacity, largestBatch);
        _states = new float[capacity * LaneLength];
        _before = new PinnedBuffer<float>(_batch * LaneLength);
        _after = new PinnedBuffer<float>(_batch * LaneLength);
        _tokens = new PinnedBuffer<long>(_batch);
        _logits = new PinnedBuffer<int>(_batch * ByteNetShape.Tokens);
        _bindings = new OrtIoBinding?[_batch];
    }

    private int LaneLength => _shape.States * _shape.Width;

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            foreach (OrtIoBinding? binding in _bindings)
            {
                binding?.Dispose();
            }

            _runOptions.Dispose();
            _session.Release();
        }
    }

    /// <inheritdoc/>
    internal override void Reset(int lane) => Lane(lane).Clear();

    /// <inheritdoc/>
    internal override void Save(int lane, Span<float> state) => Lane(lane).CopyTo(state);

    /// <inheritdoc/>
    internal override void Restore(int lane, ReadOnlySpan<float> state) => state[..LaneLength].CopyTo(Lane(lane));

    /// <inheritdoc/>
    internal override void Copy(int from, int to) => Lane(from).CopyTo(Lane(to));

    /// <inheritdoc/>
    internal override void Step(ReadOnlySpan<int> lanes, ReadOnlySpan<int> tokens, Span<int> logits)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CheckStep(lanes, tokens, logits);
        for (int first = 0; first < lanes.Length; first += _batch)
        {
            int rows = Math.Min(_batch, lanes.Length - first);
            int symbols = rows * ByteNetShape.Tokens;
            Run(lanes.Slice(first, rows), tokens.Slice(first, rows));
            _logits.Span[..symbols].CopyTo(logits[(first * ByteNetShape.Tokens)..]);
        }
    }

    private void Run(ReadOnlySpan<int> lanes, ReadOnlySpan<int> tokens)
    {
        for (int row = 0; row < lanes.Length; row++)
        {
            _tokens.Span[row] = tokens[row];
            for (int k = 0; k < _shape.States; k++)
            {
                Lane(lanes[row]).Slice(k * _shape.Width, _shape.Width).CopyTo(Row(_before, k, row));
            }
        }

        _session.Run(_runOptions, _bindings[lanes.Length - 1] ??= CreateBinding(lanes.Length));
        for (int row = 0; row < lanes.Length; row++)
        {
            for (int k = 0; k < _shape.States; k++)
            {
                Row(_after, k, row).CopyTo(Lane(lanes[row])[(k * _shape.Width)..]);
            }
        }
    }

    private OrtIoBinding CreateBinding(int rows)
    {
        OrtIoBinding binding = _session.CreateBinding();
        try
        {
            // The binding keeps its own hold on each tensor's description; the memory is ours.
            using (OrtValue tokens = _tokens.Tensor(TensorElementType.Int64, 0, rows, 0))
            using (OrtValue logits = _logits.Tensor(TensorElementType.Int32, 0, rows, ByteNetShape.Tokens))
            {
                binding.BindInput(ByteNetShape.TokensName, tokens);
                binding.BindOutput(ByteNetShape.LogitsName, logits);
            }

            for (int k = 0; k < _shape.States; k++)
            {
                using OrtValue before = _before.Tensor(TensorElementType.Float, Offset(k, 0), rows, _shape.Width);
                using OrtValue after = _after.Tensor(TensorElementType.Float, Offset(k, 0), rows, _shape.Width);
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

    private int Offset(int k, int row) => ((k * _batch) + row) * _shape.Width;

    private Span<float> Row(PinnedBuffer<float> tensors, int k, int row) =>
        tensors.Span.Slice(Offset(k, row), _shape.Width);

    private Span<float> Lane(int lane) => _states.AsSpan(lane * LaneLength, LaneLength);
}
