using LinkCodec.Core.Coding;

namespace LinkCodec.Core.Prediction;

/// <summary>A code that is being read, with the place where it stands. Not thread-safe.</summary>
/// <param name="code">The whole code; referred to, not copied.</param>
/// <param name="bits">Binary logarithm of the decisions' scale.</param>
internal sealed class OpenCode(byte[] code, int bits)
{
    private RangeDecoder _decoder = new(code);

    /// <summary>Goes on where the last reader stopped.</summary>
    internal DecisionReader Reader() => new(ref _decoder, code, bits);
}
