using LinkCodec.Core.Endpoint;
using LinkCodec.Core.Primitives;

namespace LinkCodec.State;

/// <summary>A message of which an earlier session has brought the beginning.</summary>
/// <param name="Number">Its number in the queue.</param>
/// <param name="Bytes">Bytes of the beginning, more than 0.</param>
/// <param name="Check">The CRC-32C of those bytes.</param>
internal readonly record struct BegunPart(ulong Number, ulong Bytes, ulong Check);

/// <summary>
/// What a sender says of its durable queue at the beginning of a session: {7: queue, 10: session, 8 or 11: a number},
/// and of a message that was begun {12: number, 14: bytes, 15: check}. Spec: protocol-spec/04-frames.md, section 4.8.
/// </summary>
/// <param name="Queue">The queue's identity, below 2^62.</param>
/// <param name="Epoch">The number of the session among those of the queue, from 1 on.</param>
/// <param name="Number">Messages of the queue that this sender was told are delivered: the session's first message is
/// the one behind them.</param>
/// <param name="Asks">Whether the receiver may have more, and is to tell.</param>
internal readonly record struct QueueAnnouncement(ulong Queue, ulong Epoch, ulong Number, bool Asks)
{
    private const int QueueKey = 7;
    private const int BeginsKey = 8;
    private const int EpochKey = 10;
    private const int AsksKey = 11;
    private const int BegunKey = 12;
    private const int BytesKey = 14;
    private const int CheckKey = 15;

    /// <summary>The message that the session goes on with; null where it begins every message.</summary>
    public BegunPart? Begun { get; init; }

    /// <summary>The entries of the control map.</summary>
    public (int Key, ulong Value)[] Entries =>
    [
        (QueueKey, Queue), (Asks ? AsksKey : BeginsKey, Number), (EpochKey, Epoch), // spec 4.8-2
        .. Begun is { } begun
            ? new (int, ulong)[] { (BegunKey, begun.Number), (BytesKey, begun.Bytes), (CheckKey, begun.Check) }
            : [],
    ];

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
        if (!isNumbered || Math.Max(queue, Math.Max(epoch, number)) > VarInt.Max)
        {
            return null;
        }

        bool isBegun = entries.TryGetValue(BegunKey, out ulong begun) & entries.TryGetValue(BytesKey, out ulong bytes)
            & entries.TryGetValue(CheckKey, out ulong check);
        return new QueueAnnouncement(queue, epoch, number, asks)
        {
            Begun = isBegun && bytes > 0 ? new BegunPart(begun, bytes, check) : null,
        };
    }
}
