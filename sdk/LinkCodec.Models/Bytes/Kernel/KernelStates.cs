using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>
/// Lanes of a <see cref="ByteNetKernel"/>. A lane takes its state, and up to 64 of them the room of one row each to
/// work in.
/// </summary>
internal sealed class KernelStates : ByteNetStates
{
    private readonly ByteNetKernel _kernel;
    private readonly PinnedBuffer<float> _states;
    private readonly int _laneLength;
    private KernelWorkspace _workspace;
    private int _rows; // rows of the workspace

    /// <summary>Takes room for so many lanes, all of them in the zero state.</summary>
    internal KernelStates(ByteNetKernel kernel, int capacity)
        : base(capacity)
    {
        _kernel = kernel;
        _laneLength = kernel.Shape.States * kernel.RowLength;
        _states = new PinnedBuffer<float>(capacity * _laneLength);
        _rows = Math.Min(capacity, KernelWorkspace.Rows);
        _workspace = new KernelWorkspace(kernel, _rows);
    }

    /// <inheritdoc/>
    internal override bool TakesRuns => true;

    /// <inheritdoc/>
    internal override void Reset(int lane) => Lane(lane).Clear();

    /// <inheritdoc/>
    internal override void Save(int lane, Span<float> state)
    {
        for (int k = 0; k < _kernel.Shape.States; k++)
        {
            Row(lane, k).CopyTo(state[(k * _kernel.Shape.Width)..]);
        }
    }

    /// <inheritdoc/>
    internal override void Restore(int lane, ReadOnlySpan<float> state)
    {
        for (int k = 0; k < _kernel.Shape.States; k++)
        {
            state.Slice(k * _kernel.Shape.Width, _kernel.Shape.Width).CopyTo(Row(lane, k));
        }
    }

    /// <inheritdoc/>
    internal override void Copy(int from, int to) => Lane(from).CopyTo(Lane(to));

    /// <inheritdoc/>
    internal override void Step(ReadOnlySpan<int> lanes, ReadOnlySpan<int> tokens, Span<int> logits) =>
        Step(lanes, lanes, tokens, logits);

    /// <inheritdoc/>
    internal override void Step(ReadOnlySpan<int> lanes, ReadOnlySpan<int> origins, ReadOnlySpan<int> tokens,
        Span<int> logits)
    {
        CheckStep(lanes, tokens, logits);
        CheckStep(origins, tokens, logits);
        if (_rows < Math.Min(lanes.Length, KernelWorkspace.Rows))
        {
            _rows = Math.Min(Math.Max(lanes.Length, 2 * _rows), KernelWorkspace.Rows);
            _workspace = new KernelWorkspace(_kernel, _rows);
        }

        for (int first = 0; first < lanes.Length; first += KernelWorkspace.Rows)
        {
            int count = Math.Min(KernelWorkspace.Rows, lanes.Length - first);
            Span<int> rows = logits.Slice(first * ByteNetShape.Tokens, count * ByteNetShape.Tokens);
            _kernel.Step(lanes.Slice(first, count), origins.Slice(first, count), tokens.Slice(first, count),
                _states.Span, _workspace, rows);
        }
    }

    private Span<float> Lane(int lane) => _states.Span.Slice(lane * _laneLength, _laneLength);

    private Span<float> Row(int lane, int row) =>
        _states.Span.Slice((lane * _laneLength) + (row * _kernel.RowLength), _kernel.Shape.Width);
}
