namespace LinkCodec.Core.Endpoint;

/// <summary>What a datagram was to the endpoint that it was given to.</summary>
internal enum DatagramStatus
{
    /// <summary>
    /// Nothing: forged, damaged, stale, a repetition, or for somebody else. It changed nothing but counters.
    /// </summary>
    Ignored,

    /// <summary>A part of a handshake.</summary>
    Handshake,

    /// <summary>A new, authentic segment of a session.</summary>
    Segment,
}
