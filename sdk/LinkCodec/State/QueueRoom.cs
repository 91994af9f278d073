namespace LinkCodec.State;

/// <summary>
/// Counts the bytes of a queue's messages that are not delivered, as records of the log, against a bound. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// It keeps no list of messages but of stretches, each a 64th of the bound or more: a kilobyte, however many messages
/// wait. So a stretch counts until all of it is delivered.
/// </remarks>
/// <param name="limit">Bytes at most.</param>
internal sealed class QueueRoom(long limit)
{
    private const int Stretches = 64;

    // A message's record has its length, checksum, type and form beside it.
    private const int RecordCost = RecordBuffer.HeaderLength + 2;

    private readonly Queue<(ulong End, long Bytes)> _stretches = new();
    private ulong _end;
    private long _stretchBegin; // Bytes of all messages before the stretch that is not full yet.
    private long _counted;
    private long _gone;

    /// <summary>Bytes at most.</summary>
    public long Limit => limit;

    /// <summary>Bytes of the messages that are not delivered.</summary>
    public long Used => _counted - _gone;

    /// <summary>Bytes that a message takes.</summary>
    public static long CostOf(int length) => (long)length + RecordCost;

    /// <summary>Whether a message is within the bound, as things are.</summary>
    public bool Fits(int length) => CostOf(length) <= limit - Used;

    /// <summary>Counts messages.</summary>
    /// <param name="end">The number behind that of the last one.</param>
    /// <param name="bytes">Bytes that they take.</param>
    public void Add(ulong end, long bytes)
    {
        _end = end;
        _counted += bytes;
        if (_counted - _stretchBegin >= limit / Stretches)
        {
            _stretchBegin = _counted;
            _stretches.Enqueue((end, _counted));
        }
    }

    /// <summary>The messages before a number are delivered.</summary>
    public void Deliver(ulong delivered)
    {
        while (_stretches.TryPeek(out (ulong End, long Bytes) first) && first.End <= delivered)
        {
            _gone = _stretches.Dequeue().Bytes;
        }

        if (delivered >= _end)
        {
            _gone = _stretchBegin = _counted;
        }
    }
}
