namespace LinkCodec.Core.Session;

/// <summary>A session's finding about a datagram.</summary>
internal enum SegmentStatus
{
    /// <summary>The datagram is not authentic.</summary>
    Forged,

    /// <summary>The segment's counter was opened before or is older than the replay window; whether it is authentic was
    /// not looked at.</summary>
    Replayed,

    /// <summary>Authentic and new, whatever became of it: there may have been no room for it, or it came after the
    /// close.</summary>
    Opened,
}
