using System.Numerics;

namespace LinkCodec.Core.Session;

/// <summary>A ring of the last segments sent, by counter. Its size is fixed: what it forgets counts as lost.</summary>
internal sealed class SentLog(int capacity)
{
    private readonly SentRecord[] _ring = new SentRecord[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private ulong _oldest; // No segment before it is under way.
    private ulong _next;

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

    /// <summary>The place of <paramref name="counter"/>; whether the record is still that counter's, <see cref="Holds"/> tells.</summary>
    public ref SentRecord this[ulong counter] => ref _ring[(int)(counter & (ulong)(_ring.Length - 1))];

    /// <summary>Whether the ring still knows <paramref name="counter"/>.</summary>
    public bool Holds(ulong counter) => this[counter].State != SentState.None && this[counter].Counter == counter;

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

    private static bool IsAnsweredFor(in SentRecord record) =>
        record.State == SentState.UnderWay && (record.Content & ~SentContent.Ping) != SentContent.None;
}
