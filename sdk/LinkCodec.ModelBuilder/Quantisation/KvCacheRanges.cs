namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>How large keys and values get, by layer and key head: what the bytes of the caches span.</summary>
/// <param name="Keys">A row a layer.</param>
/// <param name="Values">A row a layer.</param>
internal sealed record KvCacheRanges(float[][] Keys, float[][] Values);
