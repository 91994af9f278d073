using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Session;

/// <summary>The content of a segment that must be sent again when the segment is lost.</summary>
[Flags]
internal enum SentContent : byte
{
    /// <summary>Nothing needs to be sent again: a report, padding, or a unit that is sent once.</summary>
    None = 0,

    /// <summary>A unit that is answered for.</summary>
    Unit = 1,

    /// <summary>The END.</summary>
    End = 2,

    /// <summary>The control map.</summary>
    Control = 4,

    /// <summary>A question, which is not repeated as such.</summary>
    Ping = 8,

    /// <summary>A repair, which is not repeated.</summary>
    Repair = 16,
}

/// <summary>One segment that left and may still be reported.</summary>
internal struct SentRecord
{
    public ulong Counter;
    public Timestamp SentAt;
    public long Unit;
    public int Control;
    public SentContent Content;
    public SentState State;
    public bool WasMissing;

    /// <summary>Whether something of the segment is sent again when it is lost.</summary>
    public readonly bool MustArrive => (Content & ~(SentContent.Ping | SentContent.Repair)) != SentContent.None;
}

/// <summary>The fate of a segment that left, as far as it is known.</summary>
internal enum SentState : byte
{
    /// <summary>No record.</summary>
    None,

    /// <summary>No report has named the segment yet.</summary>
    UnderWay,

    /// <summary>The segment was reported.</summary>
    Reported,

    /// <summary>Given up.</summary>
    Lost,
}
