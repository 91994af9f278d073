namespace LinkCodec.Core.Telemetry;

/// <summary>What a <see cref="LinkEvent"/> tells; the meaning of its value stands with each.</summary>
public enum LinkEventKind
{
    /// <summary>A segment was declared lost; the value is its counter.</summary>
    SegmentLost,

    /// <summary>A segment that was declared lost had arrived after all; the value is its counter.</summary>
    LossWasSpurious,

    /// <summary>The peer was silent for a probe time-out; the value is how many probes in a row that makes.</summary>
    ProbeSent,

    /// <summary>A report arrived; the value is the largest counter that it names.</summary>
    ReportReceived,

    /// <summary>A report was sent; the value is the largest counter that it names.</summary>
    ReportSent,

    /// <summary>A datagram failed its authentication; the value is its length in bytes.</summary>
    DatagramForged,

    /// <summary>An authentic datagram came again or too late; the value is its length in bytes.</summary>
    DatagramReplayed,

    /// <summary>A segment was dropped because nobody took the units that came before; the value is its counter.</summary>
    ReceiveBufferFull,

    /// <summary>The session closed; the value is the <see cref="Primitives.LinkErrorCode"/>.</summary>
    SessionClosed,
}
