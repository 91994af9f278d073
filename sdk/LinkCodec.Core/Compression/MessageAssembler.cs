using LinkCodec.Core.Framing;
using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Compression;

/// <summary>Joins parts, drops what came twice and gives the messages out, in order or as they are whole. Memory is
/// bounded. Not thread-safe.</summary>
internal sealed class MessageAssembler
{
    // The smallest segment carries some 30 bytes of a part, which cost five times as much.
    private const int MaxPartCost = 6;

    private readonly bool _ordered;
    private readonly int _maxMessageSize;
    private readonly long _maxAhead;
    private readonly NumberSet _seen = new();
    private readonly PriorityQueue<ReadOnlyMemory<byte>, ulong> _waiting = new();
    private readonly SortedDictionary<ulong, PartialMessage> _partial = [];
    private readonly Queue<ReceivedMessage> _ready = new();
    private readonly Queue<IncompleteMessage> _incomplete = new();
    private readonly bool _keepsIncomplete;

    /// <summary>Makes an assembler.</summary>
    /// <param name="ordered">Whether a message waits for those before it.</param>
    /// <param name="maxMessageSize">Bytes of a message at most.</param>
    /// <param name="maxAhead">The limit of <see cref="BufferedBytes"/>, of messages that wait for others.</param>
    /// <param name="keepsIncomplete">Whether what came of messages of samples is kept when they are given up.</param>
    public MessageAssembler(
        bool ordered,
        int maxMessageSize = CompressionLimits.DefaultMessage,
        long maxAhead = CompressionLimits.DefaultAhead,
        bool keepsIncomplete = false) => (_ordered, _maxMessageSize, _maxAhead, _keepsIncomplete) =
            (ordered, maxMessageSize, maxAhead, keepsIncomplete);

    /// <summary>Held for messages that are not given out yet: their bytes, and <see cref="CompressionLimits.HeldCost"/>
    /// for each message and part.</summary>
    public long BufferedBytes { get; private set; }

    /// <summary>Whether as much as may be waits for the first missing message: nothing but what belongs to that one is
    /// to be added now.</summary>
    public bool IsFull => _seen.RangeCount >= CompressionLimits.MaxGaps
        || BufferedBytes - FirstCost >= _maxAhead;

    /// <summary>Whether something waits for a message before it.</summary>
    public bool HasGap => _seen.RangeCount > 0 || _partial.Count > 1
        || (_partial.Count == 1 && !_partial.ContainsKey(_seen.FirstMissing));

    /// <summary>Messages given out or ready to be.</summary>
    public ulong Completed { get; private set; }

    /// <summary>The number of the first message that is not whole yet.</summary>
    public ulong FirstMissing => _seen.FirstMissing;

    private long FirstCost => _partial.TryGetValue(_seen.FirstMissing, out PartialMessage? first) ? first.Cost : 0;

    /// <summary>Takes the content of a data frame that decoded well.</summary>
    /// <returns><see cref="LinkErrorCode.None"/>; <see cref="LinkErrorCode.LimitExceeded"/> when a message is too
    /// large; <see cref="LinkErrorCode.Malformed"/> when parts contradict each other.</returns>
    public LinkErrorCode Add(DecodedFrame decoded)
    {
        DataFrame frame = decoded.Frame;
        int last = decoded.Messages.Count - 1;
        for (int i = 0; i <= last; i++)
        {
            ulong number = frame.FirstMessage + (ulong)i;
            ulong offset = i == 0 ? frame.Offset : 0;
            bool isLast = i < last || frame.IsLast;
            if (offset == 0 && isLast)
            {
                Complete(number, decoded.Messages[i]);
                continue;
            }

            LinkErrorCode error = AddPart(number, offset, decoded.Messages[i], isLast);
            if (error != LinkErrorCode.None)
            {
                return error;
            }
        }

        return LinkErrorCode.None;
    }

    /// <summary>Whether a message is done with: whole, or given up.</summary>
    public bool IsDone(ulong number) => _seen.Contains(number);

    /// <summary>Gives bytes of a message that is not whole yet, once all of them are there.</summary>
    public bool TryRead(ulong number, int start, int length, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        return _partial.TryGetValue(number, out PartialMessage? partial) && partial.TryRead(start, length, out bytes);
    }

    /// <summary>The first message that is not whole, and the bytes from its beginning that are there.</summary>
    public (ulong Number, int Bytes) Head =>
        (FirstMissing, _partial.TryGetValue(FirstMissing, out PartialMessage? first) ? first.Front : 0);

    /// <summary>Adds the beginning of a message, which came in an earlier session.</summary>
    public void AddBeginning(ulong number, ReadOnlyMemory<byte> content) =>
        AddPart(number, 0, content, isLast: false, isBeginning: true);

    /// <summary>Takes the next message that may be given out.</summary>
    public bool TryTake(out ReceivedMessage message)
    {
        if (_ready.TryDequeue(out message))
        {
            BufferedBytes -= Cost(message.Content);
            return true;
        }

        return false;
    }

    /// <summary>Takes what came of the next message of samples that was given up.</summary>
    public bool TryTakeIncomplete(out IncompleteMessage message) => _incomplete.TryDequeue(out message);

    /// <summary>Takes the messages before a number for given out; of those that are there, what was not taken yet is
    /// given out all the same.</summary>
    public void PassOver(ulong number)
    {
        while (_partial.Count > 0 && _partial.First() is { Key: var first, Value: var partial } && first < number)
        {
            _partial.Remove(first);
            BufferedBytes -= partial.Cost;
        }

        Completed += _seen.PassOver(number);
        TakeFromFront();
    }

    /// <summary>Gives up the messages before the next one that something is there of: for links on which nothing is
    /// sent again.</summary>
    public void SkipGap()
    {
        if (_partial.Remove(_seen.FirstMissing, out PartialMessage? first))
        {
            BufferedBytes -= first.Cost;
            KeepIncomplete(_seen.FirstMissing, first);
        }

        ulong next = _seen.FirstRange ?? ulong.MaxValue;
        next = _partial.Count == 0 ? next : Math.Min(next, _partial.Keys.First());
        if (next != ulong.MaxValue)
        {
            _seen.SkipTo(next);
            TakeFromFront();
        }
    }

    /// <summary>Gives out what waits for messages that will not come any more, and names those.</summary>
    /// <param name="total">Messages that were sent, or null when that is not known.</param>
    /// <returns>The missing numbers as ranges (first, count), in order.</returns>
    public IReadOnlyList<(ulong First, ulong Count)> Finish(ulong? total = null)
    {
        while (_waiting.TryDequeue(out ReadOnlyMemory<byte> content, out ulong number))
        {
            _ready.Enqueue(new ReceivedMessage(number, content));
        }

        foreach ((ulong number, PartialMessage partial) in _partial)
        {
            BufferedBytes -= partial.Cost;
            KeepIncomplete(number, partial);
        }

        ulong end = total ?? Math.Max(_seen.End, _partial.Count == 0 ? 0 : _partial.Keys.Last() + 1);
        _partial.Clear();
        return _seen.Missing(end);
    }

    // Without its beginning, nobody knows what the samples are.
    private void KeepIncomplete(ulong number, PartialMessage partial)
    {
        if (_keepsIncomplete && partial.Parts.FirstOrDefault() is { Offset: 0 } begin
            && CarriedForm.IsMarked(begin.Content.Span))
        {
            _incomplete.Enqueue(new IncompleteMessage(number, [.. partial.Parts]));
        }
    }

    private LinkErrorCode AddPart(ulong number, ulong offset, ReadOnlyMemory<byte> content, bool isLast,
        bool isBeginning = false)
    {
        if (_seen.Contains(number))
        {
            return LinkErrorCode.None;
        }

        if (offset + (ulong)content.Length > (ulong)_maxMessageSize)
        {
            return LinkErrorCode.LimitExceeded;
        }

        if (!_partial.TryGetValue(number, out PartialMessage? partial))
        {
            _partial[number] = partial = new PartialMessage();
        }

        long before = partial.Cost;
        if (!(isBeginning ? partial.TryAddBeginning(content) : partial.TryAdd((int)offset, content, isLast)))
        {
            return LinkErrorCode.Malformed;
        }

        BufferedBytes += partial.Cost - before;
        if (partial.Cost > (MaxPartCost * (long)_maxMessageSize) + CompressionLimits.FrameContent)
        {
            return LinkErrorCode.LimitExceeded;
        }

        if (partial.TryJoin(out ReadOnlyMemory<byte> whole))
        {
            _partial.Remove(number);
            BufferedBytes -= partial.Cost;
            Complete(number, whole);
        }

        return LinkErrorCode.None;
    }

    private void Complete(ulong number, ReadOnlyMemory<byte> content)
    {
        if (!_seen.Add(number))
        {
            return;
        }

        Completed++;
        BufferedBytes += Cost(content);
        if (_ordered && number > _seen.FirstMissing)
        {
            _waiting.Enqueue(content, number);
            return;
        }

        _ready.Enqueue(new ReceivedMessage(number, content));
        TakeFromFront();
    }

    private void TakeFromFront()
    {
        while (_waiting.TryPeek(out ReadOnlyMemory<byte> next, out ulong first) && first < _seen.FirstMissing)
        {
            _waiting.Dequeue();
            _ready.Enqueue(new ReceivedMessage(first, next));
        }
    }

    private static long Cost(ReadOnlyMemory<byte> content) => content.Length + CompressionLimits.HeldCost;
}
