namespace LinkCodec.Tool.Comparison;

/// <summary>The figures of a codec for the messages.</summary>
/// <param name="Name">The codec, with its setting; whole segments are named in it.</param>
/// <param name="PayloadBytes">What the codec gave, without any framing.</param>
/// <param name="WireBytes">Sealed segments with frames, headers, checks and tags.</param>
/// <param name="Segments">The number of segments.</param>
/// <param name="EncodeSeconds">Time that coding took.</param>
/// <param name="Packing">Whether messages were coded alone or together.</param>
internal sealed record CodecFigures(string Name, long PayloadBytes, long WireBytes, long Segments,
    double EncodeSeconds, Packing Packing = Packing.Messages)
{
    /// <summary>
    /// Whether this is the peer to quote, which a careful user would build instead: the strongest common coder that is
    /// quick, with a dictionary of such messages, and no datagram left half empty.
    /// </summary>
    public bool IsReference { get; init; }
}

/// <summary>What a codec is given at once.</summary>
internal enum Packing
{
    /// <summary>Each message alone; many travel in a segment.</summary>
    Messages,

    /// <summary>As many messages as a segment carries when they are coded together.</summary>
    Segments,
}
