using LinkCodec.Core.Framing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>The receiver's side of contexts: keeps what frames have left behind in the slots that they name.</summary>
/// <remarks>
/// An honest sender names a slot only once the frame that filled it was reported, so nothing ever waits; and it fills a
/// slot again only once all that start from it were. Memory: three contexts at most, and those that are spare. Not
/// thread-safe. Owns the contexts. Spec: protocol-spec/05-coding.md, section 5.
/// </remarks>
/// <param name="pool">Lends contexts; the caller's.</param>
/// <param name="isChained">Whether each unit goes on from the one just before it, so that after a gap nothing
/// can.</param>
internal sealed class ReceiverContexts(ContextPool pool, bool isChained) : IDisposable
{
    /// <summary>Slots that a frame can name, from 1 on.</summary>
    public const int Slots = 3;

    private readonly StreamContext?[] _states = new StreamContext?[Slots + 1];
    private readonly (ulong Message, ulong Offset)[] _ends = new (ulong, ulong)[Slots + 1];

    /// <summary>Lends the contexts that frames keep.</summary>
    public ContextPool Pool => pool;

    /// <summary>Gives the context that the codes of a unit start from.</summary>
    /// <param name="unit">The unit, whose first code names a base.</param>
    /// <param name="context">The context, which must not be changed; null when the result is not
    /// <see cref="LinkErrorCode.None"/>.</param>
    /// <returns><see cref="LinkErrorCode.MessageLost"/> when what fills the slot has not come;
    /// <see cref="LinkErrorCode.Malformed"/> when nothing was ever kept in it.</returns>
    public LinkErrorCode TryGet(IReadOnlyList<DataFrame> unit, out StreamContext? context)
    {
        context = null;
        int slot = unit.First(frame => frame.IsCoded).Base;
        if (isChained && (_states[slot] is null || _ends[slot] != (unit[0].FirstMessage, unit[0].Offset)))
        {
            return LinkErrorCode.MessageLost; // spec 8.4-1
        }

        context = _states[slot];
        return context is null ? LinkErrorCode.Malformed : LinkErrorCode.None; // spec 5.5-6
    }

    /// <summary>Keeps what the frames of a unit have left behind. Nobody may use the slots' old contexts any
    /// more.</summary>
    public void Keep(IEnumerable<DecodedFrame> unit)
    {
        (ulong, ulong) end = default;
        List<int> kept = [];
        foreach (DecodedFrame decoded in unit)
        {
            DataFrame frame = decoded.Frame;
            if (decoded.Error != LinkErrorCode.None)
            {
                continue;
            }

            ulong last = frame.FirstMessage + (ulong)(frame.Count - 1);
            ulong begin = frame.Count == 1 ? frame.Offset : 0;
            end = frame.IsLast ? (last + 1, 0) : (last, begin + (ulong)decoded.Messages[^1].Length);
            if (decoded.State is not null)
            {
                pool.Return(_states[frame.Keep]);
                _states[frame.Keep] = decoded.State;
                kept.Add(frame.Keep);
            }
        }

        kept.ForEach(slot => _ends[slot] = end);
    }

    /// <summary>Hands back all contexts: nobody may use one any more.</summary>
    public void Dispose()
    {
        for (int slot = 0; slot < _states.Length; slot++)
        {
            pool.Return(_states[slot]);
            _states[slot] = null;
        }
    }
}
