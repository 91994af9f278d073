namespace LinkCodec.Core.Session;

/// <summary>
/// Bytes that an end has put on the link, by what they were for. Retransmitted units count as repair.
/// </summary>
public record struct SentBytes
{
    /// <summary>What stands for messages: range code, blocks, raw content.</summary>
    public long Code { get; internal set; }

    /// <summary>Headers of data frames, with their checks.</summary>
    public long Framing { get; internal set; }

    /// <summary>Headers and tags of segments.</summary>
    public long Seal { get; internal set; }

    /// <summary>Datagrams of the handshake.</summary>
    public long Handshake { get; internal set; }

    /// <summary>Reports of what came.</summary>
    public long Reports { get; internal set; }

    /// <summary>Units sent again.</summary>
    public long Repair { get; internal set; }

    /// <summary>Repairs of the erasure code.</summary>
    public long Redundancy { get; internal set; }

    /// <summary>Questions, control maps, the end and the close.</summary>
    public long Control { get; internal set; }

    /// <summary>Padding.</summary>
    public long Padding { get; internal set; }

    /// <summary>All of them.</summary>
    public readonly long Total =>
        Code + Framing + Seal + Handshake + Reports + Repair + Redundancy + Control + Padding;
}
