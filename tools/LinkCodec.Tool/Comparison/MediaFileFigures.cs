using LinkCodec.Core.Media;

namespace LinkCodec.Tool.Comparison;

/// <summary>What the coders made of one file.</summary>
/// <param name="Input">The file.</param>
/// <param name="Form">The layout in which LinkCodec carries it.</param>
/// <param name="PartBytes">Coded bytes of each part, a tile or a segment.</param>
/// <param name="Codecs">The figures of each coder.</param>
internal sealed record MediaFileFigures(MediaInput Input, CarriedForm Form, long[] PartBytes,
    IReadOnlyList<CodecFigures> Codecs);
