namespace LinkCodec.Core.Session;

/// <summary>The counts of a session since its start: a copy that does not change.</summary>
public record struct SessionStatistics
{
    /// <summary>Datagrams sent.</summary>
    public long DatagramsSent { get; internal set; }

    /// <summary>Bytes of the datagrams sent.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>The bytes that the carrier charges them as.</summary>
    public long BytesBilled { get; internal set; }

    /// <summary>The bytes sent, by what they were for; the handshake is not the session's.</summary>
    public SentBytes Sent { get; internal set; }

    /// <summary>Datagrams received, forged ones too.</summary>
    public long DatagramsReceived { get; internal set; }

    /// <summary>Bytes of the datagrams received.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Units sent for the first time.</summary>
    public long UnitsSent { get; internal set; }

    /// <summary>Units sent again.</summary>
    public long UnitsRetransmitted { get; internal set; }

    /// <summary>Units that the peer reported.</summary>
    public long UnitsAcknowledged { get; internal set; }

    /// <summary>Units delivered.</summary>
    public long UnitsReceived { get; internal set; }

    /// <summary>Units that had come before, in other segments, and were dropped.</summary>
    public long UnitsDuplicate { get; internal set; }

    /// <summary>Repairs sent.</summary>
    public long RepairsSent { get; internal set; }

    /// <summary>Repairs received.</summary>
    public long RepairsReceived { get; internal set; }

    /// <summary>Lost segments that this end has computed from repairs.</summary>
    public long SegmentsRecovered { get; internal set; }

    /// <summary>Lost segments that the peer has computed from repairs, as far as it has told.</summary>
    public long RecoveredByPeer { get; internal set; }

    /// <summary>Segments declared lost.</summary>
    public long SegmentsLost { get; internal set; }

    /// <summary>Segments that were taken for lost and had arrived after all.</summary>
    public long LossesSpurious { get; internal set; }

    /// <summary>Probes sent because nothing was heard.</summary>
    public long ProbesSent { get; internal set; }

    /// <summary>Reports sent, alone or beside a unit.</summary>
    public long ReportsSent { get; internal set; }

    /// <summary>Reports received.</summary>
    public long ReportsReceived { get; internal set; }

    /// <summary>Datagrams that failed their authentication.</summary>
    public long Forged { get; internal set; }

    /// <summary>Authentic datagrams that came again, or too late for the replay window.</summary>
    public long Replayed { get; internal set; }

    /// <summary>Authentic segments that break the spec; the first one closes the session.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Segments dropped because nobody took the units that came before.</summary>
    public long Overflowed { get; internal set; }

    /// <summary>The smoothed round trip, reports' delays included; null before the first sample.</summary>
    public TimeSpan? RoundTrip { get; internal set; }
}
