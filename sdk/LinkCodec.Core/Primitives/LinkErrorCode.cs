namespace LinkCodec.Core.Primitives;

/// <summary>
/// Why a handshake, a session, a segment or a snapshot was refused: the one table, numbered as on the wire
/// (protocol-spec/09-errors.md).
/// </summary>
public enum LinkErrorCode
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The peer closed the session because it was done.</summary>
    Closed = 1,

    /// <summary>The bytes break the spec: a malformed datagram, frame or message.</summary>
    Malformed = 2,

    /// <summary>The peer speaks another version of the protocol.</summary>
    VersionMismatch = 3,

    /// <summary>The peer holds no snapshot that was offered.</summary>
    SnapshotMismatch = 4,

    /// <summary>The peer holds the snapshot but computes other probabilities with it.</summary>
    NumericsMismatch = 5,

    /// <summary>The peer does not know this key, or proved another one.</summary>
    AuthenticationFailed = 6,

    /// <summary>A segment decoded to something else than its check says: the models diverge.</summary>
    ModelDivergence = 7,

    /// <summary>A limit on memory, size or count was reached.</summary>
    LimitExceeded = 8,

    /// <summary>The peer was silent for longer than the options allow.</summary>
    TimedOut = 9,

    /// <summary>A snapshot is missing or is not one.</summary>
    SnapshotNotFound = 10,

    /// <summary>A snapshot's files are shorter, longer or other than its manifest says.</summary>
    SnapshotAltered = 11,

    /// <summary>A snapshot needs a newer version of this library.</summary>
    SnapshotTooNew = 12,

    /// <summary>The transport failed: no route, a full disk, a closed pipe.</summary>
    TransportFailed = 13,

    /// <summary>A message cannot be delivered whole: a part of it was lost for good.</summary>
    MessageLost = 14,

    /// <summary>The other side ended the work before it was done.</summary>
    Canceled = 15,

    /// <summary>
    /// What the two ends know of a durable queue does not fit together: one of them is a copy, or was set back.
    /// </summary>
    QueueRefused = 16,
}
