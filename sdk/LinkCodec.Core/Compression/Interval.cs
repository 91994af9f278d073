namespace LinkCodec.Core.Compression;

/// <summary>What the range coder needs to know of one symbol: its slice of 2^bits.</summary>
/// <param name="Cumulative">Where the slice starts.</param>
/// <param name="Frequency">How large it is, at least 1.</param>
internal readonly record struct Interval(uint Cumulative, uint Frequency);
