namespace LinkCodec.Simulator.Channel;

/// <summary>The fate of one datagram, or of one copy of it.</summary>
internal enum Fate : byte
{
    Delivered = 0,

    /// <summary>Delivered with flipped bits or cut short.</summary>
    Altered = 1,

    /// <summary>Lost on the air.</summary>
    Lost = 2,

    /// <summary>Sent while the link was down.</summary>
    Outage = 3,

    /// <summary>Dropped by a full queue.</summary>
    QueueFull = 4,

    /// <summary>Longer than the link takes.</summary>
    TooLong = 5,

    /// <summary>There is no channel in this direction.</summary>
    NoChannel = 6,
}
