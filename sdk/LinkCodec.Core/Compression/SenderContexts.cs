using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>The sender's side of contexts: which slot new units start from, and which one may be filled next.</summary>
/// <remarks>
/// A slot is named once the unit that fills it was reported, and filled again once every unit that starts from it was,
/// so that whatever is lost or overtaken on the way, both ends start from the same. Not thread-safe. Owns the contexts.
/// Spec: protocol-spec/05-coding.md, section 5.
/// </remarks>
/// <param name="pool">Takes back contexts that are not needed any more; the caller's.</param>
internal sealed class SenderContexts(ContextPool pool) : IDisposable
{
    private readonly StreamContext?[] _states = new StreamContext?[ReceiverContexts.Slots + 1];
    private readonly int[] _users = new int[ReceiverContexts.Slots + 1]; // Units not reported that start from the slot.

    // The units on their way that matter here.
    private readonly Dictionary<long, (int Base, int Keep)> _sent = [];
    private int _filling;      // The slot that a unit is to fill.
    private bool _isUnderWay;  // Whether that unit has left.

    /// <summary>The slot that new units start from; 0 for the start state.</summary>
    public int Current { get; private set; }

    /// <summary>The context of <see cref="Current"/>.</summary>
    public StreamContext? State => _states[Current];

    /// <summary>
    /// Whether a slot is to be filled by a unit that has not left, so that <see cref="Check"/> matters.
    /// </summary>
    public bool IsFilling => _filling != 0 && !_isUnderWay;

    /// <summary>A slot that the next unit may fill; 0 where none is free, or where one is being filled.</summary>
    /// <param name="isUsed">Whether a unit that has not left starts from a slot.</param>
    public int FindFree(Func<int, bool> isUsed)
    {
        for (int slot = 1; slot <= ReceiverContexts.Slots && _filling == 0; slot++)
        {
            if (slot != Current && _users[slot] == 0 && !isUsed(slot))
            {
                return slot;
            }
        }

        return 0;
    }

    /// <summary>A unit is to fill a slot, which was free; 0 for none.</summary>
    public void Reserve(int slot) => _filling = slot == 0 ? _filling : slot;

    /// <summary>Says whether a unit that has not left is to fill a slot still: if not, another one may.</summary>
    public void Check(bool isKeeping) => _filling = isKeeping || _isUnderWay ? _filling : 0;

    /// <summary>A unit leaves.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="start">The slot that it starts from.</param>
    /// <param name="keep">The slot that it fills; 0 for none.</param>
    /// <param name="state">What it leaves there, owned by this from now on; null for nothing.</param>
    public void OnSent(long id, int start, int keep, StreamContext? state)
    {
        if (keep != 0)
        {
            pool.Return(_states[keep]);
            _states[keep] = state;
            _isUnderWay = true;
        }

        _users[start]++;
        _sent[id] = (start, keep);
    }

    /// <summary>A unit was reported.</summary>
    public void OnReported(long id)
    {
        if (!_sent.Remove(id, out (int Base, int Keep) unit))
        {
            return;
        }

        _users[unit.Base]--;
        if (unit.Keep != 0)
        {
            (Current, _filling, _isUnderWay) = (unit.Keep, 0, false);
        }
    }

    /// <summary>Hands back all contexts: nothing may be coded from one any more.</summary>
    public void Dispose()
    {
        for (int slot = 0; slot < _states.Length; slot++)
        {
            pool.Return(_states[slot]);
            _states[slot] = null;
        }
    }
}
