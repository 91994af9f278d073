using LinkCodec.Core.Compression;

namespace LinkCodec.Core.Endpoint;

// The messages that are queued, what a session has to know of those before it, and the next one of it.
internal sealed partial class SenderStream
{
    /// <summary>Whether the receiver keeps the secret by which this session may be resumed.</summary>
    public bool IsKept { get; private set; }

    /// <summary>What the receiver told when the session began; null before.</summary>
    public (ulong Delivered, ulong Held)? Told { get; private set; }

    /// <summary>The receiver has the messages before a number: those that are not coded yet are not sent, and the next
    /// one that is added has at least this number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="bytes">Bytes that it has of the message with that number.</param>
    /// <param name="length">The length of that message.</param>
    public void PassOver(ulong number, int bytes = 0, int length = 0)
    {
        _inbox.DropBefore(number);
        NextNumber = Math.Max(NextNumber, number);
        Progress?.PassOver(number, bytes, length);
    }

    /// <summary>Queues messages and pieces that were left out so far, before all others.</summary>
    /// <param name="messages">The messages, with ascending numbers.</param>
    public void AddEarlier(IEnumerable<OutgoingMessage> messages)
    {
        List<OutgoingMessage> earlier = [.. messages];
        _inbox.PutBack(earlier);
        foreach (OutgoingMessage message in earlier)
        {
            Progress?.OnQueued(message);
            Counters.AddMessage(message.Length);
        }
    }

    // What is coded already may be the whole rest of a large message: what was left out does not wait for it.
    private bool IsEarlierNext => !_inbox.IsEmpty && _inbox.NextNumber < _codedEnd;

    /// <summary>Keeps count of what the receiver has reported: <see cref="Progress"/>. Before messages are
    /// added.</summary>
    /// <param name="first">The number of the first message that is added in its turn: those before it may be added
    /// later.</param>
    public void TrackReports(ulong first) => (Progress, NextNumber) = (new ReportedProgress(), first);

    /// <summary>What the receiver has reported; null where nobody asked to keep count.</summary>
    public ReportedProgress? Progress { get; private set; }

    /// <summary>Queues a message; <see cref="HasRoom"/> was true.</summary>
    /// <param name="message">The message.</param>
    /// <param name="number">Its number, where that is not simply the next; one that was passed over is not
    /// queued.</param>
    /// <param name="start">The first byte that is to be sent: the receiver has those before it.</param>
    public void Add(ReadOnlyMemory<byte> message, ulong? number = null, int start = 0)
    {
        if (number < NextNumber)
        {
            return;
        }

        NextNumber = number ?? NextNumber;
        OutgoingMessage added = new(NextNumber++, message, start);
        _inbox.Add(added);
        Progress?.OnQueued(added);
        Counters.AddMessage(added.Length);
    }
}
