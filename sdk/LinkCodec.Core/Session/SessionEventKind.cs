namespace LinkCodec.Core.Session;

/// <summary>The kinds of <see cref="SessionEvent"/>.</summary>
internal enum SessionEventKind
{
    /// <summary>A unit arrived, for the first and only time.</summary>
    UnitReceived,

    /// <summary>The peer reported a unit that this end sent.</summary>
    UnitAcknowledged,

    /// <summary>The peer said how many messages it sends in all; units may still come.</summary>
    PeerEnded,

    /// <summary>A control map arrived; it may come more than once.</summary>
    ControlReceived,

    /// <summary>The session is over; nothing follows but the units that came before.</summary>
    Closed,
}
