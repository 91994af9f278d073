namespace LinkCodec.Core.Prediction;

/// <summary>A decision as the range coder sees it: its slice of 2^bits.</summary>
/// <param name="Cumulative">The slice's start.</param>
/// <param name="Frequency">The slice's size, at least 1.</param>
internal readonly record struct Decision(uint Cumulative, uint Frequency);
