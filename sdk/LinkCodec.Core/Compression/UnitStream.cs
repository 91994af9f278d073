using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>
/// The units of a stream of messages: those that are full, and those that more messages are coded into.
/// </summary>
/// <remarks>
/// In turn: <see cref="Begin"/> a batch, have it coded, <see cref="End"/> it. Between them <see cref="TryTake"/> gives
/// the units. Not thread-safe. Owns its units, and in a chained stream the contexts that they leave behind; the others
/// belong to whoever takes the units.
/// </remarks>
/// <param name="predictor">The model.</param>
/// <param name="contexts">Lends contexts; the caller's.</param>
/// <param name="maxUnitSize">Bytes of a unit at most.</param>
/// <param name="isChained">Whether each unit goes on where the one before it has ended.</param>
internal sealed class UnitStream(Predictor predictor, ContextPool contexts, int maxUnitSize, bool isChained)
    : IDisposable
{
    private readonly Queue<PackedUnit> _full = new();
    private readonly bool _isChained = isChained && predictor.KeepsContext;
    private List<OpenUnit> _open = [];
    private StreamContext? _last; // What the last unit of a chained stream has left behind.
    private int _lastSlot;

    /// <summary>Units that are full.</summary>
    public int FullCount => _full.Count;

    /// <summary>Bytes of the units that are full.</summary>
    public long FullBytes { get; private set; }

    /// <summary>Whether there is nothing to take.</summary>
    public bool IsEmpty => _full.Count == 0 && _open.Count == 0;

    /// <summary>Plans the coding of messages that follow those before.</summary>
    /// <param name="messages">The messages, with ascending numbers.</param>
    /// <param name="shares">Stretches of the messages that may be coded side by side; each fills units of its
    /// own.</param>
    /// <param name="hint">The kind of content.</param>
    /// <param name="avoidsNetworks">Whether the predictor does without networks.</param>
    /// <param name="start">The context that new units start from; null for the start state.</param>
    /// <param name="slot">The slot of that context.</param>
    /// <param name="keep">The slot that one unit is to fill; 0 for none.</param>
    public EncodingBatch Begin(
        IReadOnlyList<OutgoingMessage> messages, int shares, ContentHint hint, bool avoidsNetworks = false,
        StreamContext? start = null, int slot = 0, int keep = 0)
    {
        EncodingOptions options = new()
        {
            Contexts = contexts,
            Hint = hint,
            AvoidsNetworks = avoidsNetworks,
            Context = _isChained ? _last : start,
            Base = _isChained ? _lastSlot : slot,
            IsChained = _isChained,
        };
        List<OpenUnit> units = [.. _open.OrderBy(unit => unit.First)];
        _open = [];
        while (units.Count < (_isChained ? 1 : shares))
        {
            units.Add(options.NewUnit(maxUnitSize, predictor.FrequencyBits));
        }

        if (keep != 0 && units[0].Base != keep)
        {
            units[0].Keep = keep;
        }

        return new EncodingBatch(messages, units, options, maxUnitSize, predictor.FrequencyBits);
    }

    /// <summary>Takes a batch that was coded.</summary>
    public void End(EncodingBatch batch)
    {
        foreach (PackedUnit unit in batch.Closed)
        {
            Add(unit);
        }

        _open = [.. batch.Open.Where(unit => !unit.IsEmpty)];
    }

    /// <summary>
    /// Closes the units that more messages could be coded into: what follows is coded elsewhere, and must not overtake
    /// them for ever.
    /// </summary>
    public void CloseOpen()
    {
        foreach (OpenUnit unit in _open.OrderBy(unit => unit.First))
        {
            Add(unit.Finish(contexts));
        }

        _open = [];
    }

    /// <summary>Takes units that were made elsewhere.</summary>
    public void Add(PackedUnit unit)
    {
        Remember(unit);
        _full.Enqueue(unit);
        FullBytes += unit.PayloadBytes;
    }

    /// <summary>Moves the full units that came last before all others: they are wanted first.</summary>
    /// <param name="count">The number of these.</param>
    public void MoveToFront(int count)
    {
        for (int others = _full.Count - count; others > 0; others--)
        {
            _full.Enqueue(_full.Dequeue());
        }
    }

    /// <summary>Whether a unit that is to fill a slot is there.</summary>
    public bool HasKeeping => _full.Any(unit => unit.Keep != 0) || _open.Exists(unit => unit.Keep != 0);

    /// <summary>Whether a unit that is there starts from a slot.</summary>
    public bool Uses(int slot) =>
        _full.Any(unit => unit.Base == slot) || _open.Exists(unit => unit.Base == slot);

    /// <summary>Takes the next unit.</summary>
    /// <param name="mayClose">Whether one that is not full is taken where no full one is left.</param>
    /// <param name="unit">The unit; null when false.</param>
    public bool TryTake(bool mayClose, [NotNullWhen(true)] out PackedUnit? unit)
    {
        if (_full.TryDequeue(out unit))
        {
            FullBytes -= unit.PayloadBytes;
            return true;
        }

        if (_open.Count == 0 || !mayClose)
        {
            return false;
        }

        OpenUnit first = _open.MinBy(open => open.First)!;
        _open.Remove(first);
        unit = first.Finish(contexts);
        Remember(unit);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OpenUnit unit in _open)
        {
            contexts.Return(unit.State);
        }

        _open = [];
        contexts.Return(_last);
        _last = null;
    }

    // What a chained unit has left behind stays until the next one has left something.
    private void Remember(PackedUnit unit)
    {
        if (_isChained)
        {
            contexts.Return(_last);
            (_last, _lastSlot) = (unit.State, unit.Keep);
        }
    }
}
