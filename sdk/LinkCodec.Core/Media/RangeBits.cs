using LinkCodec.Core.Coding;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>Writes decisions with a range encoder, on a scale of 2^16.</summary>
internal readonly struct RangeBitWriter(RangeEncoder encoder) : IBinaryCoder
{
    /// <inheritdoc/>
    public bool Code(int yes, bool isYes)
    {
        uint split = (uint)(65536 - yes);
        encoder.Encode(isYes ? split : 0, isYes ? (uint)yes : split, 16);
        return isYes;
    }
}

/// <summary>Reads what a <see cref="RangeBitWriter"/> wrote.</summary>
internal ref struct RangeBitReader(ReadOnlySpan<byte> code) : IBinaryCoder
{
    private readonly ReadOnlySpan<byte> _code = code;
    private RangeDecoder _decoder = new(code);

    /// <inheritdoc/>
    public bool Code(int yes, bool isYes) => _decoder.DecodeBit(_code, (uint)(65536 - yes), 16);

    /// <summary>Whether bytes of the code are missing.</summary>
    internal readonly bool IsPastEnd => _decoder.BytesPastEnd > MediaLimits.MaxBytesPastEnd;

    /// <summary>Whether bytes of the code are left over.</summary>
    internal readonly bool HasMore => !_decoder.HasRead(_code.Length);
}
