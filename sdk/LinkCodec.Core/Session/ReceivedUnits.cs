namespace LinkCodec.Core.Session;

/// <summary>
/// The ranges of the units that came already. Their number is bounded by the protocol's window, whatever the peer
/// sends.
/// </summary>
/// <remarks>
/// A sender never has more than 65,536 units under way (spec 4.5-3), first sent in ascending order (spec 4.3-4), so
/// the 65,536 highest units received hold every one that can still come twice. Units of whole messages that follow each
/// other are forgotten at once.
/// </remarks>
internal sealed class ReceivedUnits
{
    private const int Keep = SessionOptions.MaxWindowUnits;
    private const int TrimAt = Keep + (Keep / 4); // Trimming in strides keeps the cost of a unit constant on average.

    private Entry[] _entries = new Entry[16];
    private int _count;
    private UnitPosition _floor;

    private readonly record struct Entry(UnitPosition Start, UnitPosition End)
    {
        public bool HasEnd => End.Message != ulong.MaxValue;
    }

    /// <summary>Units held; at most 81,920.</summary>
    public int Count => _count;

    /// <summary>Notes a unit; false when it came before (spec 4.5-2).</summary>
    /// <param name="start">The position of the unit's first frame.</param>
    /// <param name="end">The position where the next unit begins if nothing lies between; null when only decoding can
    /// tell.</param>
    public bool TryAdd(UnitPosition start, UnitPosition? end)
    {
        if (start.CompareTo(_floor) < 0)
        {
            return false;
        }

        int at = Find(start);
        if (at < 0)
        {
            return false;
        }

        if (start == _floor && end is UnitPosition next)
        {
            _floor = next;
            Absorb();
            return true;
        }

        Insert(at, new Entry(start, end ?? new UnitPosition(ulong.MaxValue, 0)));
        return true;
    }

    /// <summary>The messages before <paramref name="message"/> are whole: what came of them need not be
    /// remembered.</summary>
    public void ForgetBefore(ulong message)
    {
        UnitPosition position = new(message, 0);
        if (position.CompareTo(_floor) > 0)
        {
            _floor = position;
            Absorb();
        }
    }

    private int Find(UnitPosition start)
    {
        int low = 0;
        int high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = _entries[middle].Start.CompareTo(start);
            if (order == 0)
            {
                return -1;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return low;
    }

    private void Insert(int at, Entry entry)
    {
        if (_count == TrimAt) // spec 4.6-3
        {
            int drop = _count - Keep;
            _floor = _entries[drop].Start;
            Remove(drop);
            at = Math.Max(0, at - drop);
        }

        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Min(TrimAt, 2 * _count));
        }

        Array.Copy(_entries, at, _entries, at + 1, _count - at);
        _entries[at] = entry;
        _count++;
    }

    private void Absorb()
    {
        int taken = 0;
        for (; taken < _count && _entries[taken].Start.CompareTo(_floor) <= 0; taken++)
        {
            Entry entry = _entries[taken];
            if (entry.Start == _floor)
            {
                if (!entry.HasEnd)
                {
                    break;
                }

                _floor = entry.End;
            }
        }

        Remove(taken);
    }

    private void Remove(int first)
    {
        if (first > 0)
        {
            Array.Copy(_entries, first, _entries, 0, _count - first);
            _count -= first;
        }
    }
}
