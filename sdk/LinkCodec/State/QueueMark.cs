using LinkCodec.Core.Primitives;

namespace LinkCodec.State;

/// <summary>Why a receiver does not take a session of a queue.</summary>
/// <param name="Code">The code that the session is closed with.</param>
/// <param name="Why">The reason for the sender's person, in at most 64 bytes.</param>
internal sealed record QueueRefusal(LinkErrorCode Code, string Why);

/// <summary>How much of a sender's queue was delivered.</summary>
/// <param name="Place">Its place among the queues.</param>
/// <param name="Sender">The sender's key, 32 bytes; zeros where it showed none.</param>
/// <param name="Id">The queue's identity.</param>
internal sealed record QueueMark(int Place, byte[] Sender, ulong Id)
{
    /// <summary>Messages before this number are delivered.</summary>
    public ulong Delivered { get; set; }

    /// <summary>The highest number of a session that was opened for it.</summary>
    public ulong Epoch { get; init; }

    /// <summary>Why a session is not taken; null where it is.</summary>
    public QueueRefusal? Refuse(QueueAnnouncement announcement) =>
        announcement.Epoch <= Epoch
            ? new QueueRefusal(LinkErrorCode.QueueRefused, "another copy of this queue was here since") // spec 4.8-4
        : announcement.Number > Delivered // spec 4.8-5
            ? new QueueRefusal(LinkErrorCode.Canceled, "the receiver's state was set back: it has less of this queue")
        : !announcement.Asks && announcement.Number < Delivered
            ? new QueueRefusal(LinkErrorCode.QueueRefused,
                "the queue was set back or copied: the receiver has more of it")
        : null;
}
