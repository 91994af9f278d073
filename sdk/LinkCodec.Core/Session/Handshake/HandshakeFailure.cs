using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session.Handshake;

/// <summary>A handshake that gave no session, and why. Immutable.</summary>
internal sealed class HandshakeFailure : HandshakeOutcome
{
    internal HandshakeFailure(
        LinkErrorCode code, string message, IReadOnlyList<SnapshotShortId> offered,
        IReadOnlyList<SnapshotShortId> peerHolds, bool isProven)
    {
        (Code, Message, Offered, PeerHolds, IsProven) = (code, message, offered, peerHolds, isProven);
    }

    /// <summary>Snapshot, numerics or version mismatch, authentication failed, malformed, or timed out.</summary>
    public LinkErrorCode Code { get; }

    /// <summary>
    /// The failure in one line for a person, which names the snapshots of both sides where they are the reason.
    /// </summary>
    public string Message { get; }

    /// <summary>The snapshots that the initiator offered.</summary>
    public IReadOnlyList<SnapshotShortId> Offered { get; }

    /// <summary>The snapshots that the responder holds, as far as it said: at most eight.</summary>
    public IReadOnlyList<SnapshotShortId> PeerHolds { get; }

    /// <summary>
    /// Whether the peer proved that it said so. False where it could not: then the reason is only a hint.
    /// </summary>
    public bool IsProven { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Message}";

    internal static HandshakeFailure Mismatch(
        LinkErrorCode code, IReadOnlyList<SnapshotShortId> offered, IReadOnlyList<SnapshotShortId> holds, bool isProven)
    {
        string theirs = holds.Count == 0 ? "no snapshot" : string.Join(", ", holds);
        string ours = string.Join(", ", offered);
        string message = code switch
        {
            LinkErrorCode.VersionMismatch => "The responder speaks another version of the protocol.",
            LinkErrorCode.NumericsMismatch =>
                $"The responder computes other probabilities with the same snapshot: name/fingerprint offered {ours}; "
                    + $"the responder has {theirs}.",
            _ => $"The responder holds no snapshot that was offered: name/fingerprint offered {ours}; the responder "
                + $"has {theirs}.",
        };
        return new HandshakeFailure(code, message, offered, holds, isProven);
    }
}
