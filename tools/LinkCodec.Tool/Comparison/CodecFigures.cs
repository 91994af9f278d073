namespace LinkCodec.Tool.Comparison;

/// <summary>The figures of a codec for the messages.</summary>
/// <param name="Name">The codec, with its setting.</param>
/// <param name="PayloadBytes">Every message coded alone, without any framing.</param>
/// <param name="WireBytes">Sealed segments with frames, headers, checks and tags.</param>
/// <param name="Segments">The number of segments.</param>
/// <param name="EncodeSeconds">Time that coding took.</param>
internal sealed record CodecFigures(string Name, long PayloadBytes, long WireBytes, long Segments,
    double EncodeSeconds);
