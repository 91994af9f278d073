namespace LinkCodec.Core.Framing;

/// <summary>What a data frame carries.</summary>
internal enum DataFrameKind
{
    /// <summary>One or more whole messages in one range code.</summary>
    Coded,

    /// <summary>One whole message, raw.</summary>
    Stored,

    /// <summary>A piece of one message, range coded.</summary>
    CodedPart,

    /// <summary>A piece of one message, raw.</summary>
    StoredPart,

    /// <summary>Several whole messages, raw, each but the last behind its length. The number before it is the repairs'
    /// (<see cref="FrameType.Repair"/>).</summary>
    StoredMany = 5,
}
