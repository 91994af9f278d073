using LinkCodec.Core.Compression;

namespace LinkCodec.Core.Endpoint;

/// <summary>Messages that wait to be coded, in their order. Not thread-safe.</summary>
internal sealed class OutgoingQueue
{
    // A message counts as so many bytes beside its own.
    private const int MessageCost = 64;

    private readonly Queue<OutgoingMessage> _waiting = new();
    private Queue<OutgoingMessage> _returned = new(); // Before those that wait.

    /// <summary>Messages that were not taken yet.</summary>
    public int Count => _waiting.Count;

    /// <summary>Bytes of all messages.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether there is no message.</summary>
    public bool IsEmpty => _waiting.Count == 0 && _returned.Count == 0;

    /// <summary>Whether the next message holds samples.</summary>
    public bool IsMediaNext =>
        _returned.Count == 0 && _waiting.TryPeek(out OutgoingMessage next) && MediaQueue.IsMedia(next);

    /// <summary>The number of the next message, 0 where there is none. Where messages in front were added late, what
    /// waits behind them has lower numbers at some place.</summary>
    public ulong NextNumber => _returned.TryPeek(out OutgoingMessage next) || _waiting.TryPeek(out next)
        ? next.Number
        : 0;

    /// <summary>The next message, where none was put back.</summary>
    public OutgoingMessage Next => _waiting.Peek();

    /// <summary>Adds a message.</summary>
    public void Add(OutgoingMessage message)
    {
        _waiting.Enqueue(message);
        Bytes += message.Length;
    }

    /// <summary>Forgets the messages before a number.</summary>
    public void DropBefore(ulong number)
    {
        while (_returned.TryPeek(out OutgoingMessage message) && message.Number < number)
        {
            Bytes -= _returned.Dequeue().Length;
        }

        while (_waiting.TryPeek(out OutgoingMessage message) && message.Number < number)
        {
            Bytes -= _waiting.Dequeue().Length;
        }
    }

    /// <summary>Takes <see cref="Next"/>.</summary>
    public void Drop() => Bytes -= _waiting.Dequeue().Length;

    /// <summary>Takes messages with ascending numbers, one at least, up to one that holds samples.</summary>
    /// <param name="most">Bytes after which no more is taken.</param>
    /// <param name="bytes">What the messages count.</param>
    public List<OutgoingMessage> TakeBatch(int most, out long bytes)
    {
        List<OutgoingMessage> batch = [];
        bytes = 0;
        while ((batch.Count == 0 || (bytes < most && !IsMediaNext))
            && (batch.Count == 0 || NextNumber > batch[^1].Number)
            && (_returned.TryDequeue(out OutgoingMessage message) || _waiting.TryDequeue(out message)))
        {
            batch.Add(message);
            bytes += message.Length + MessageCost;
            Bytes -= message.Length;
        }

        return batch;
    }

    /// <summary>Puts the last messages of a batch back in front of all others, in the order of their numbers.</summary>
    /// <returns>What they count.</returns>
    public long PutBack(IEnumerable<OutgoingMessage> messages)
    {
        List<OutgoingMessage> back = [.. messages];
        Bytes += back.Sum(message => (long)message.Length);
        _returned = new Queue<OutgoingMessage>(back.Concat(_returned));
        return back.Sum(message => (long)message.Length + MessageCost);
    }

    /// <summary>Forgets all messages.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _returned.Clear();
    }
}
