namespace LinkCodec.Core.Prediction;

/// <summary>What the range coder needs to know of one decision: its slice of 2^bits.</summary>
/// <param name="Cumulative">Where the slice starts.</param>
/// <param name="Frequency">How large it is, at least 1.</param>
public readonly record struct Decision(uint Cumulative, uint Frequency);
