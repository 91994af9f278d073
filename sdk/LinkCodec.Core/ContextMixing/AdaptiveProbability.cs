namespace LinkCodec.Core.ContextMixing;

/// <summary>Entries of trained maps: probabilities in 16 bits.</summary>
internal static class AdaptiveProbability
{
    /// <summary>
    /// Moves a probability towards what came by 1/2^<paramref name="shift"/> of the way; in training only.
    /// </summary>
    internal static void Update(ref ushort probability, bool came, int shift)
    {
        int p = probability;
        p += ((came ? 65535 : 0) - p) >> shift;
        probability = (ushort)Math.Clamp(p, 24, 65511);
    }
}
