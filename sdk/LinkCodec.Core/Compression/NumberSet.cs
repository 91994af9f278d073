namespace LinkCodec.Core.Compression;

/// <summary>A set of message numbers that fills up from 0: one number for the full front, ranges for the
/// rest.</summary>
internal sealed class NumberSet
{
    // Each range goes from its start to its end, exclusive; all lie beyond FirstMissing, and no two touch.
    private readonly SortedList<ulong, ulong> _ranges = [];
    private readonly List<(ulong First, ulong Count)> _skipped = [];

    /// <summary>The lowest number that is not in the set.</summary>
    public ulong FirstMissing { get; private set; }

    /// <summary>The number behind the highest one in the set.</summary>
    public ulong End => _ranges.Count == 0 ? FirstMissing : _ranges.Values[^1];

    /// <summary>The lowest number in the set beyond <see cref="FirstMissing"/>; null if there is none.</summary>
    public ulong? FirstRange => _ranges.Count == 0 ? null : _ranges.Keys[0];

    /// <summary>Ranges beyond <see cref="FirstMissing"/>: adding a number costs time in proportion to them.</summary>
    public int RangeCount => _ranges.Count;

    /// <summary>Passes over the missing numbers below <paramref name="number"/>: they count as there, and stay among
    /// <see cref="Missing"/>.</summary>
    public void SkipTo(ulong number) => SkipTo(number, isMissing: true);

    /// <summary>Adds all numbers below <paramref name="number"/>.</summary>
    /// <returns>How many of them were not in the set.</returns>
    public ulong PassOver(ulong number) => SkipTo(number, isMissing: false);

    private ulong SkipTo(ulong number, bool isMissing)
    {
        ulong passed = 0;
        while (FirstMissing < number)
        {
            ulong next = _ranges.Count == 0 ? number : Math.Min(number, _ranges.Keys[0]);
            passed += next - FirstMissing;
            if (isMissing)
            {
                _skipped.Add((FirstMissing, next - FirstMissing));
            }

            FirstMissing = next;
            if (_ranges.Count > 0 && _ranges.Keys[0] == next)
            {
                FirstMissing = _ranges.Values[0];
                _ranges.RemoveAt(0);
            }
        }

        return passed;
    }

    public bool Contains(ulong number)
    {
        int at = RangeAtOrBefore(number);
        return number < FirstMissing || (at >= 0 && number < _ranges.Values[at]);
    }

    /// <summary>Adds a number; <see langword="false"/> when it was there.</summary>
    public bool Add(ulong number)
    {
        if (Contains(number))
        {
            return false;
        }

        ulong start = number;
        ulong end = number + 1;
        int before = RangeAtOrBefore(number);
        if (before >= 0 && _ranges.Values[before] == number)
        {
            start = _ranges.Keys[before];
            _ranges.RemoveAt(before);
        }

        if (_ranges.Remove(end, out ulong beyond))
        {
            end = beyond;
        }

        if (start == FirstMissing)
        {
            FirstMissing = end;
        }
        else
        {
            _ranges.Add(start, end);
        }

        return true;
    }

    /// <summary>The numbers below <paramref name="end"/> that are not in the set.</summary>
    public List<(ulong First, ulong Count)> Missing(ulong end)
    {
        List<(ulong, ulong)> gaps = [.. _skipped];
        ulong at = FirstMissing;
        foreach ((ulong start, ulong stop) in _ranges)
        {
            if (at >= end)
            {
                break;
            }

            gaps.Add((at, Math.Min(start, end) - at));
            at = stop;
        }

        if (at < end)
        {
            gaps.Add((at, end - at));
        }

        return gaps;
    }

    private int RangeAtOrBefore(ulong number)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges.Keys[middle] <= number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }
}
