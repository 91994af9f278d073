namespace LinkCodec.Core.Session;

/// <summary>Opened counters that lie too far behind the largest for the next reports to look back to them: segments
/// that were computed from repairs. Each is told in four reports of its own.</summary>
internal sealed class LateNews
{
    private const int Tellings = 4;
    private const int Most = 4096; // What is beyond is not told, and comes again.

    private readonly SortedDictionary<ulong, int> _told = [];

    /// <summary>Whether something is to be told.</summary>
    public bool Any => _told.Count > 0;

    /// <summary>Notes a counter.</summary>
    public void Add(ulong counter)
    {
        if (_told.Count < Most)
        {
            _told[counter] = 0;
        }
    }

    /// <summary>The next report: the highest counter that is to be told, and the distance to the lowest that it can
    /// tell beside it.</summary>
    /// <param name="reach">Counters under the highest that a report can tell.</param>
    /// <param name="depth">The distance.</param>
    public ulong Next(int reach, out int depth)
    {
        ulong highest = _told.Keys.Last();
        ulong lowest = _told.Keys.First(counter => highest - counter <= (ulong)reach);
        depth = (int)(highest - lowest);
        return highest;
    }

    /// <summary>The counters of a report were told.</summary>
    public void OnTold(ulong highest, int depth)
    {
        foreach (ulong counter in _told.Keys.Where(c => c <= highest && highest - c <= (ulong)depth).ToArray())
        {
            if (++_told[counter] == Tellings)
            {
                _told.Remove(counter);
            }
        }
    }
}
