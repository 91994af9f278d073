namespace LinkCodec.Core.ContextMixing;

/// <summary>The hash of contexts.</summary>
internal static class ContextHash
{
    /// <summary>A hash of two numbers, 32 well-mixed bits. Costs two multiplications. spec 10.2-1</summary>
    internal static uint Of(uint a, uint b)
    {
        ulong z = (((ulong)a << 32) | b) * 0x9E3779B97F4A7C15UL;
        z ^= z >> 29;
        z *= 0xBF58476D1CE4E5B9UL;
        return (uint)(z >> 32);
    }
}
