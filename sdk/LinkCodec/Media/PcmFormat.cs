using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>Sound without a header: samples one after the other, the channels of one time together, little-endian,
/// those of 8 bits unsigned and all others signed, as WAV has them.</summary>
/// <param name="BitDepth">Bits a sample: 8, 16 or 24.</param>
/// <param name="Channels">Channels, 1 to 8.</param>
/// <param name="Rate">Samples a channel in a second, 1 to 1,000,000.</param>
public readonly record struct PcmFormat(int BitDepth, int Channels, int Rate)
{
    /// <summary>Whether the numbers are within their limits.</summary>
    public bool IsValid => BitDepth is 8 or 16 or 24 && Channels is >= 1 and <= MediaLimits.MaxChannels
        && Rate is >= 1 and <= 1_000_000;

    /// <summary>Bytes of the samples of one time.</summary>
    internal int FrameLength => Channels * BitDepth / 8;
}
