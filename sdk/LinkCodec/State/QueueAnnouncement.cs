using LinkCodec.Core.Endpoint;

namespace LinkCodec.State;

/// <summary>
/// What a sender says of its durable queue at the beginning of a session: {7: queue, 10: session, and 8 or 11: a
/// number}. Spec: protocol-spec/04-frames.md, section 4.8.
/// </summary>
/// <param name="Queue">The queue's identity, below 2^62.</param>
/// <param name="Epoch">The number of the session among those of the queue, from 1 on.</param>
/// <param name="Number">Messages of the queue that this sender was told are delivered.</param>
/// <param name="Asks">Whether the session's first message is the one that the receiver names; otherwise it is
/// <paramref name="Number"/>.</param>
internal readonly record struct QueueAnnouncement(ulong Queue, ulong Epoch, ulong Number, bool Asks)
{
    private const int QueueKey = 7;
    private const int BeginsKey = 8;
    private const int EpochKey = 10;
    private const int AsksKey = 11;

    /// <summary>The entries of the control map.</summary>
    public (int Key, ulong Value)[] Entries =>
        [(QueueKey, Queue), (Asks ? AsksKey : BeginsKey, Number), (EpochKey, Epoch)]; // spec 4.8-2

    /// <summary>Reads a control map; null where it says nothing of a queue. Peer bytes: never throws.</summary>
    public static QueueAnnouncement? FromControl(byte[] map)
    {
        if (ControlMap.Read(map) is not { } entries || !entries.TryGetValue(QueueKey, out ulong queue)
            || !entries.TryGetValue(EpochKey, out ulong epoch))
        {
            return null;
        }

        bool asks = entries.TryGetValue(AsksKey, out ulong number);
        bool isNumbered = asks || entries.TryGetValue(BeginsKey, out number);
        return isNumbered && Math.Max(queue, Math.Max(epoch, number)) <= Core.Primitives.VarInt.Max
            ? new QueueAnnouncement(queue, epoch, number, asks)
            : null;
    }
}
