namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>
/// The largest magnitudes of keys and values, by layer and key head: the ranges that the bytes of the caches span.
/// </summary>
/// <param name="Keys">A row a layer.</param>
/// <param name="Values">A row a layer.</param>
internal sealed record KvCacheRanges(float[][] Keys, float[][] Values);
