using LinkCodec.Core.Session;

namespace LinkCodec.Transport;

/// <summary>A session that a peer asked for and has sent a segment in.</summary>
/// <param name="Session">The caller's, who disposes it.</param>
/// <param name="SnapshotIndex">The place of its snapshot among the offered ones.</param>
public readonly record struct AcceptedSession(LiveSession Session, int SnapshotIndex);
