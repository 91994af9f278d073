namespace LinkCodec.Core.Endpoint;

/// <summary>An endpoint's finding about a datagram that it was given.</summary>
internal enum DatagramStatus
{
    /// <summary>
    /// The datagram was nothing to the endpoint: forged, damaged, stale, a repetition, or for somebody else. It changed
    /// nothing but counters.
    /// </summary>
    Ignored,

    /// <summary>A part of a handshake.</summary>
    Handshake,

    /// <summary>A new, authentic segment of a session.</summary>
    Segment,
}
