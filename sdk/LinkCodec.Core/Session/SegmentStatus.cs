namespace LinkCodec.Core.Session;

/// <summary>What a session found a datagram to be.</summary>
internal enum SegmentStatus
{
    /// <summary>Not authentic.</summary>
    Forged,

    /// <summary>Its counter was opened before or is older than the replay window; whether it is authentic was not
    /// looked at.</summary>
    Replayed,

    /// <summary>Authentic and new, whatever became of it: there may have been no room for it, or it came after the
    /// close.</summary>
    Opened,
}
