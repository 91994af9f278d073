using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Messages to be coded together, by one <see cref="MessageEncoder"/> or by several at once on threads of
/// their own.</summary>
/// <remarks>Thread-safe. What a message becomes depends on it alone, never on who coded it beside what.</remarks>
internal sealed class EncodingBatch : ILaneWork<EncoderLane>
{
    // A large message is cut into blocks of this size, which are coded side by side; each block's last part may be
    // short.
    private const int Block = 128 << 10;

    private readonly IReadOnlyList<OutgoingMessage> _messages;
    private readonly StreamContext? _context;
    private readonly ulong _base;
    private readonly Queue<EncoderJob> _jobs;
    private readonly EncodedMessage?[] _whole;
    private readonly Dictionary<int, SortedDictionary<int, EncodedPart>> _large = [];

    /// <summary>Plans the work.</summary>
    /// <param name="messages">Any number of messages, each up to 2 GiB.</param>
    /// <param name="context">The context that all messages start from; the encoders do not change it, and it must not
    /// change while they run. Null for the start state.</param>
    /// <param name="contextBase">The context has absorbed the messages below this number, which no message of the batch
    /// is; 0 without a context.</param>
    /// <exception cref="ArgumentException">A context without a base or a base without a context.</exception>
    public EncodingBatch(IReadOnlyList<OutgoingMessage> messages, StreamContext? context = null, ulong contextBase = 0)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (context is null != (contextBase == 0) || messages.Any(message => message.Number < contextBase))
        {
            throw new ArgumentException("A context has a base, and no message stands before it.", nameof(contextBase));
        }

        (_context, _base) = (context, contextBase);
        _messages = messages;
        _whole = new EncodedMessage?[messages.Count];
        List<EncoderJob> jobs = [];
        for (int m = 0; m < messages.Count; m++)
        {
            int length = messages[m].Content.Length;
            bool whole = length <= Block;
            for (int start = 0; start == 0 || start < length; start += Block)
            {
                jobs.Add(new EncoderJob(m, start, Math.Min(length, start + Block), whole));
            }
        }

        // The longest jobs come first, so that the lanes end together; the order shows in nothing but speed.
        _jobs = new Queue<EncoderJob>(jobs.OrderByDescending(job => job.End - job.Start));
        JobCount = jobs.Count;
    }

    /// <summary>The kind of content that the application says the messages are.</summary>
    public ContentHint Hint { get; init; }

    /// <summary>Stretches that can be coded side by side.</summary>
    public int JobCount { get; }

    /// <summary>The coded messages in the order of the given ones, once every encoder has returned.</summary>
    /// <exception cref="InvalidOperationException">An encoder is still running, or none was run.</exception>
    public EncodedMessage[] ToArray()
    {
        lock (_jobs)
        {
            EncodedMessage[] all = new EncodedMessage[_messages.Count];
            for (int i = 0; i < all.Length; i++)
            {
                all[i] = _whole[i] ?? (_large.TryGetValue(i, out SortedDictionary<int, EncodedPart>? parts)
                    ? Join(_messages[i], [.. parts.Values])
                    : throw new InvalidOperationException("The batch is not coded yet."));
            }

            return all;
        }
    }

    bool ILaneWork<EncoderLane>.TryBegin(EncoderLane lane)
    {
        EncoderJob job;
        lock (_jobs)
        {
            if (!_jobs.TryDequeue(out job))
            {
                return false;
            }
        }

        lane.Begin(job, _messages[job.Message].Number, _messages[job.Message].Content, Hint, _context, _base);
        return true;
    }

    void ILaneWork<EncoderLane>.Finish(EncoderLane lane)
    {
        EncoderJob job = lane.Job;
        lock (_jobs)
        {
            if (lane.Parts.Count == 0)
            {
                _whole[job.Message] = lane.Whole(_messages[job.Message], _base);
                return;
            }

            if (!_large.TryGetValue(job.Message, out SortedDictionary<int, EncodedPart>? parts))
            {
                _large[job.Message] = parts = [];
            }

            foreach (EncodedPart part in lane.Parts)
            {
                parts.Add(part.Offset, part);
            }
        }
    }

    private EncodedMessage Join(OutgoingMessage message, EncodedPart[] parts) =>
        new(message, parts.Sum(part => part.Payload.Length), null, parts, _base);
}
