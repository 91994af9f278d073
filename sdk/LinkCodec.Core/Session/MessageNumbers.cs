using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>Completes message numbers of which a segment says the lowest eight bits.</summary>
/// <remarks>
/// Whatever the order in which segments arrive, the number is the same: it depends on the units that were received in
/// segments with lower counters. A unit that is sent again says its number in full, so that no more of these matter
/// than messages follow each other within reach. At most 4 KB. Spec: protocol-spec/04-frames.md, section 4.3.
/// </remarks>
internal sealed class MessageNumbers
{
    /// <summary>A number is completed to the one of its lowest bits that is nearest to the reference, up to so many
    /// below or above it.</summary>
    public const int Reach = 128;

    private const int Keep = 2 * Reach;

    // Where a unit ended beyond all that came in segments with lower counters: both numbers ascend.
    private readonly List<(ulong Counter, ulong End)> _ends = [];
    private ulong _forgotten; // Counters below this one are not answered for any more.

    /// <summary>A unit was taken.</summary>
    /// <param name="counter">The counter of its segment.</param>
    /// <param name="end">The number after that of its last message.</param>
    public void OnUnit(ulong counter, ulong end)
    {
        int at = Find(counter);
        if (at > 0 && _ends[at - 1].End >= end)
        {
            return;
        }

        int behind = at;
        while (behind < _ends.Count && _ends[behind].End <= end)
        {
            behind++;
        }

        _ends.RemoveRange(at, behind - at);
        _ends.Insert(at, (counter, end));
        if (_ends.Count > Keep)
        {
            _ends.RemoveAt(0);
            _forgotten = _ends[0].Counter + 1; // What was there before those is not known any more.
        }
    }

    /// <summary>Completes a number.</summary>
    /// <param name="counter">The counter of its segment.</param>
    /// <param name="low">The lowest eight bits.</param>
    /// <param name="number">The number; 0 when false.</param>
    /// <returns>False where the segment is so late that nobody can tell any more, or where there is no such
    /// number.</returns>
    public bool TryComplete(ulong counter, byte low, out ulong number)
    {
        number = 0;
        if (counter < _forgotten)
        {
            return false;
        }

        int at = Find(counter);
        ulong reference = at == 0 ? 0 : _ends[at - 1].End;
        ulong least = reference < Reach ? 0 : reference - Reach;
        ulong nearest = least + (byte)(low - (byte)least);
        if (nearest > VarInt.Max)
        {
            return false; // spec 4.3-1
        }

        number = nearest;
        return true;
    }

    // The first place whose counter is not below this one.
    private int Find(ulong counter)
    {
        int at = _ends.Count;
        while (at > 0 && _ends[at - 1].Counter >= counter)
        {
            at--;
        }

        return at;
    }
}
