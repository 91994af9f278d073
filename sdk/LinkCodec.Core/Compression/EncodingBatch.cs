using LinkCodec.Core.Prediction;

namespace LinkCodec.Core.Compression;

/// <summary>Messages to be coded together, by one <see cref="MessageEncoder"/> or by several at once on threads of
/// their own.</summary>
/// <remarks>Thread-safe. What the messages become depends on the batch alone, never on who codes what beside
/// what.</remarks>
internal sealed class EncodingBatch : ILaneWork<EncoderLane>
{
    private readonly EncoderJob[] _jobs;
    private int _next;

    /// <summary>Plans the work.</summary>
    /// <param name="messages">Any number of messages, each up to 2 GiB, with ascending numbers.</param>
    /// <param name="open">The units to go on with, one for each stretch of the messages that is coded beside the
    /// others. The batch owns them until it is done.</param>
    /// <param name="options">What the messages have in common.</param>
    /// <param name="maxUnitSize">Bytes of a unit at most; the same as the open units'.</param>
    /// <param name="frequencyBits">The predictor's <see cref="Predictor.FrequencyBits"/>.</param>
    public EncodingBatch(
        IReadOnlyList<OutgoingMessage> messages, IReadOnlyList<OpenUnit> open, EncodingOptions options,
        int maxUnitSize, int frequencyBits)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfZero(open.Count);
        List<MessagePiece>[] shares = Share(messages, open.Count);
        _jobs = [.. shares.Select((pieces, i) => new EncoderJob(pieces, open[i], options, maxUnitSize, frequencyBits))];
    }

    /// <summary>Stretches that can be coded side by side.</summary>
    public int JobCount => _jobs.Count(job => job.Pieces.Count > 0);

    /// <summary>The units that are full, by the numbers of their first messages, once every encoder has
    /// returned.</summary>
    public IEnumerable<PackedUnit> Closed => _jobs.SelectMany(job => job.Closed).OrderBy(unit => unit.First);

    /// <summary>The units that more may be added to, once every encoder has returned; some may be empty.</summary>
    public IReadOnlyList<OpenUnit> Open => [.. _jobs.Select(job => job.Unit)];

    bool ILaneWork<EncoderLane>.TryBegin(EncoderLane lane)
    {
        int index;
        while ((index = Interlocked.Increment(ref _next) - 1) < _jobs.Length)
        {
            if (_jobs[index].Pieces.Count > 0)
            {
                lane.Begin(_jobs[index]);
                return true;
            }
        }

        return false;
    }

    void ILaneWork<EncoderLane>.Finish(EncoderLane lane)
    {
    }

    // Equal shares of the bytes; an empty message counts too. Only messages that take many units are cut.
    private static List<MessagePiece>[] Share(IReadOnlyList<OutgoingMessage> messages, int count)
    {
        const int MessageCost = 16;
        const int LeastCut = 64 << 10;
        List<MessagePiece>[] shares = [.. Enumerable.Range(0, count).Select(_ => new List<MessagePiece>())];
        long total = messages.Sum(message => (long)message.Length + MessageCost);
        long at = 0;
        int ShareOf(long place) => (int)Math.Min(count - 1, place * count / Math.Max(1, total));
        foreach (OutgoingMessage message in messages)
        {
            int start = message.Start;
            do
            {
                int length = message.End - start;
                int share = ShareOf(at);
                long left = ((share + 1) * total / count) - at;
                if (length >= 2 * LeastCut && share < count - 1 && left < length)
                {
                    length = (int)Math.Clamp(left, LeastCut, length - LeastCut);
                }

                shares[share].Add(new MessagePiece(message, start, start + length));
                start += length;
                at += length;
            }
            while (start < message.End);

            at += MessageCost;
        }

        return shares;
    }
}
