namespace LinkCodec.Core.Session.Handshake;

/// <summary>A handshake's finding about a datagram that it was given.</summary>
internal enum HandshakeStatus
{
    /// <summary>Forged, damaged, stale or not for this handshake: nothing changed but a counter.</summary>
    Ignored = 0,

    /// <summary>A repetition of what was handled before; the same answer goes out again.</summary>
    Duplicate = 1,

    /// <summary>The handshake went on; more datagrams are needed.</summary>
    InProgress = 2,

    /// <summary>The keys are there: the outcome is <see cref="EstablishedKeys"/>.</summary>
    Established = 3,

    /// <summary>No session can be had: the outcome is <see cref="HandshakeFailure"/>.</summary>
    Refused = 4,
}
