namespace LinkCodec.Core.Framing;

/// <summary>What a data frame carries.</summary>
internal enum DataFrameKind
{
    /// <summary>One or more whole messages, compressed as one block.</summary>
    Block,

    /// <summary>One whole message, raw.</summary>
    Stored,

    /// <summary>A piece of one message, compressed as one block.</summary>
    BlockPart,

    /// <summary>A piece of one message, raw.</summary>
    StoredPart,

    /// <summary>Several whole messages, raw, each but the last behind its length. The number before it is the repairs'
    /// (<see cref="FrameType.Repair"/>).</summary>
    StoredMany = 5,

    /// <summary>A stretch of the code of a part of one message that holds samples.</summary>
    Media,

    /// <summary>One or more whole messages in a code of primed mixing.</summary>
    Primed,

    /// <summary>A piece of one message in a code of primed mixing.</summary>
    PrimedPart,

    /// <summary>One or more messages in one range code; the first may lack its beginning, the last its end.</summary>
    Coded,
}
