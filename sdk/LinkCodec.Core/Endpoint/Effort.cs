namespace LinkCodec.Core.Endpoint;

/// <summary>The work that a sender spends on a segment: the more, the shorter it is, and the slower both ends. Every
/// receiver reads all of them.</summary>
public enum Effort
{
    /// <summary>For each batch whatever brings most messages through in time: never so much that the link waits, or the
    /// receiver falls behind.</summary>
    Auto,

    /// <summary>Nothing is compressed.</summary>
    Stored,

    /// <summary>zstd, with the snapshot's dictionary where it has one: tens of megabytes a second on a core.
    /// Images that are carried as samples take their fast code, of a megabyte a second.</summary>
    Fast,

    /// <summary>A small context mixer that starts from trained tables, which every endpoint has: around a megabyte a
    /// second on a core. Images as with <see cref="Fast"/>.</summary>
    Primed,

    /// <summary>Context mixing alone, or the codec without a snapshot: some hundred kilobytes a second.</summary>
    Flight,

    /// <summary>All that the snapshot has: its networks, or its language model.</summary>
    Full,
}
