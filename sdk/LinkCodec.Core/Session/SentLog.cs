using System.Numerics;

namespace LinkCodec.Core.Session;

/// <summary>A ring of the last segments sent, by counter. It starts small and doubles, up to a bound, rather than
/// forget a segment that no report has named; what it forgets then counts as lost.</summary>
/// <param name="maxSegments">The bound; rounded up to a power of two.</param>
internal sealed class SentLog(int maxSegments)
{
    private const int InitialLength = 64;

    private readonly int _maxLength = (int)BitOperations.RoundUpToPowerOf2((uint)maxSegments);
    private SentRecord[] _ring = new SentRecord[InitialLength];
    private ulong _next;

    // No segment before this one is under way.
    private ulong _oldest;

    /// <summary>Segments that the ring can hold as it is.</summary>
    public int Capacity => _ring.Length;

    /// <summary>Segments under way whose content must not be lost.</summary>
    public int AnsweredFor { get; private set; }

    /// <summary>Counters below it are under way no more.</summary>
    public ulong Oldest
    {
        get
        {
            while (_oldest < _next && this[_oldest].State != SentState.UnderWay)
            {
                _oldest++;
            }

            return _oldest;
        }
    }

    /// <summary>The place of <paramref name="counter"/>; whether the record is still that counter's,
    /// <see cref="Holds"/> tells.</summary>
    public ref SentRecord this[ulong counter] => ref Place(_ring, counter);

    /// <summary>Whether the ring still knows <paramref name="counter"/>.</summary>
    public bool Holds(ulong counter) => this[counter].State != SentState.None && this[counter].Counter == counter;

    /// <summary>Makes room for the next segment.</summary>
    /// <param name="counter">The segment's counter.</param>
    /// <returns>The record in its place, which <see cref="Add"/> displaces.</returns>
    public ref SentRecord MakeRoom(ulong counter)
    {
        // A segment that was given up may be reported after all, and stops a unit from being sent again then.
        if (this[counter].State is SentState.UnderWay or SentState.Lost && _ring.Length < _maxLength)
        {
            Grow();
        }

        return ref this[counter];
    }

    /// <summary>Notes a segment in the place of one long gone, which must not be under way any more.</summary>
    public void Add(in SentRecord record)
    {
        this[record.Counter] = record;
        _next = record.Counter + 1;
        _oldest = Math.Max(_oldest, _next > (ulong)_ring.Length ? _next - (ulong)_ring.Length : 0);
        AnsweredFor += IsAnsweredFor(record) ? 1 : 0;
    }

    /// <summary>Moves a record out of <see cref="SentState.UnderWay"/>, or from lost to reported.</summary>
    public void Settle(ref SentRecord record, SentState state)
    {
        AnsweredFor -= IsAnsweredFor(record) ? 1 : 0;
        record.State = state;
    }

    private void Grow()
    {
        SentRecord[] larger = new SentRecord[2 * _ring.Length];
        foreach (ref readonly SentRecord record in _ring.AsSpan())
        {
            if (record.State != SentState.None)
            {
                Place(larger, record.Counter) = record;
            }
        }

        _ring = larger;
    }

    private static ref SentRecord Place(SentRecord[] ring, ulong counter) =>
        ref ring[(int)(counter & (ulong)(ring.Length - 1))];

    private static bool IsAnsweredFor(in SentRecord record) =>
        record.State == SentState.UnderWay && record.MustArrive;
}
