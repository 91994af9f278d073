using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Session;

/// <summary>The units that a sender still answers for: queued, under way, or waiting to be sent again. A ring in the
/// order of enqueueing.</summary>
/// <remarks>Holds the bytes of its units as they were given, and lets go of each as soon as it is done with.</remarks>
internal sealed class UnitWindow(int maxUnits, long maxBytes)
{
    // A unit has at most one entry among the lost, so the window bounds them.
    private readonly Queue<long> _lost = new();
    private Slot[] _slots = new Slot[8];

    // The units from head to tail are held; those from the next new one on were never sent.
    private long _head;
    private long _tail;
    private long _nextNew;

    private enum State : byte
    {
        Queued,
        UnderWay,
        Lost,
        Done,
    }

    /// <summary>Units held.</summary>
    public int Count => (int)(_tail - _head);

    /// <summary>Bytes of the units held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _head == _tail;

    /// <summary>Whether a unit waits to be sent for the first time.</summary>
    public bool HasNew => _nextNew < _tail;

    /// <summary>Units that wait to be sent for the first time.</summary>
    public long NewCount => _tail - _nextNew;

    /// <summary>Whether another unit may come.</summary>
    public bool HasRoom => Count < maxUnits && Bytes < maxBytes; // spec 4.5-3

    /// <summary>Takes a unit; its bytes must not change until it is done with.</summary>
    /// <param name="unit">The unit's bytes.</param>
    /// <param name="id">Comes back from <see cref="TryFinish"/>.</param>
    /// <param name="first">The number of the unit's first message.</param>
    /// <param name="payload">Bytes of its frames' payloads.</param>
    public void Add(byte[] unit, long id, ulong first, int payload)
    {
        if (Count == _slots.Length)
        {
            Grow();
        }

        At(_tail++) = new Slot { Unit = unit, Id = id, First = first, Payload = payload };
        Bytes += unit.Length;
    }

    /// <summary>The unit to send next, lost ones first; false when there is none.</summary>
    /// <param name="sequence">The unit.</param>
    /// <param name="unit">Its bytes.</param>
    /// <param name="isRetransmission">Whether it was sent before.</param>
    /// <param name="mayRepeat">False to leave the lost ones out.</param>
    public bool TryPeek(out long sequence, out ReadOnlySpan<byte> unit, out bool isRetransmission,
        bool mayRepeat = true)
    {
        while (_lost.TryPeek(out sequence) && (sequence < _head || At(sequence).State != State.Lost))
        {
            _lost.Dequeue(); // The unit was reported while it waited.
        }

        isRetransmission = mayRepeat && _lost.Count > 0;
        if (!isRetransmission)
        {
            sequence = _nextNew;
        }

        bool any = isRetransmission || HasNew;
        unit = any ? At(sequence).Unit : default;
        return any;
    }

    /// <summary>Bytes of the payloads of a unit that is held.</summary>
    public int PayloadOf(long sequence) => At(sequence).Payload;

    /// <summary>The counters of the first and the last segment that held the unit alone, as it is now; null where there
    /// was none.</summary>
    public (ulong? First, ulong? Last) AloneIn(long sequence) => (At(sequence).FirstAlone, At(sequence).LastAlone);

    /// <summary>The unit that <see cref="TryPeek"/> showed left in the segment <paramref name="counter"/>.</summary>
    /// <param name="sequence">The unit.</param>
    /// <param name="counter">The segment.</param>
    /// <param name="isAlone">Whether the segment held nothing else.</param>
    public void OnSent(long sequence, ulong counter, bool isAlone)
    {
        if (_lost.TryPeek(out long lost) && lost == sequence)
        {
            _lost.Dequeue();
        }
        else
        {
            _nextNew = sequence + 1;
        }

        ref Slot slot = ref At(sequence);
        slot.State = State.UnderWay;
        slot.LastCounter = counter;
        slot.LastAlone = isAlone ? counter : slot.LastAlone;
        slot.FirstAlone ??= slot.LastAlone;
    }

    /// <summary>The unit is the sender's affair no more; true the first time, with its id.</summary>
    public bool TryFinish(long sequence, out long id)
    {
        id = 0;
        if (sequence < _head || sequence >= _tail || At(sequence).State == State.Done)
        {
            return false;
        }

        ref Slot slot = ref At(sequence);
        id = slot.Id;
        Bytes -= slot.Unit!.Length;
        slot.State = State.Done;
        slot.Unit = null;
        while (_head < _tail && At(_head).State == State.Done)
        {
            _head++;
        }

        return true;
    }

    /// <summary>The segment <paramref name="counter"/> that carried the unit was lost: send it again, unless a later
    /// segment carries it too.</summary>
    public void OnLost(long sequence, ulong counter)
    {
        if (sequence >= _head && At(sequence) is { State: State.UnderWay } slot && slot.LastCounter == counter)
        {
            ref Slot lost = ref At(sequence);
            lost.State = State.Lost;
            Bytes -= lost.Unit!.Length;
            byte[] before = lost.Unit;
            lost.Unit = DataFrameWriter.SayNumber(before, lost.First); // spec 4.3-7
            (lost.FirstAlone, lost.LastAlone) =
                ReferenceEquals(lost.Unit, before) ? (lost.FirstAlone, lost.LastAlone) : (null, null);
            Bytes += lost.Unit.Length;
            _lost.Enqueue(sequence);
        }
    }

    /// <summary>Sends the oldest unit under way again, to find out whether the path lives; false when none is under
    /// way.</summary>
    public bool TryRepeatOldest()
    {
        for (long sequence = _head; sequence < _nextNew; sequence++)
        {
            if (At(sequence).State == State.UnderWay)
            {
                OnLost(sequence, At(sequence).LastCounter);
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives every unit up.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        _head = _nextNew = _tail;
        _lost.Clear();
        Bytes = 0;
    }

    private ref Slot At(long sequence) => ref _slots[(int)(sequence & (_slots.Length - 1))];

    private void Grow()
    {
        Slot[] larger = new Slot[2 * _slots.Length];
        for (long s = _head; s < _tail; s++)
        {
            larger[(int)(s & (larger.Length - 1))] = At(s);
        }

        _slots = larger;
    }

    private struct Slot
    {
        public byte[]? Unit;
        public long Id;
        public ulong First;
        public int Payload;
        public ulong LastCounter;
        public ulong? FirstAlone;
        public ulong? LastAlone;
        public State State;
    }
}
