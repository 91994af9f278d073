namespace LinkCodec.Benchmarks.Dev;

/// <summary>The information in some coded messages, in bits, every END included.</summary>
/// <param name="OfWeights">Information by the model's weights before they are quantised; symbols of weight 0, which
/// have none, are counted by their frequency.</param>
/// <param name="OfFrequencies">Information by the quantised frequencies, which is what an ideal coder would
/// write.</param>
/// <param name="WithoutWeight">Symbols of weight 0 that came all the same.</param>
internal readonly record struct Information(double OfWeights, double OfFrequencies, long WithoutWeight)
{
    public static Information operator +(Information a, Information b) =>
        new(a.OfWeights + b.OfWeights, a.OfFrequencies + b.OfFrequencies, a.WithoutWeight + b.WithoutWeight);
}
