namespace LinkCodec.Core.Media;

/// <summary>What the samples of a sound are.</summary>
/// <param name="Channels">Channels, 1 to 8.</param>
/// <param name="BitDepth">Bits of a signed sample, 8 to 24.</param>
internal readonly record struct AudioFormat(int Channels, int BitDepth)
{
    /// <summary>Whether the numbers are within their limits.</summary>
    internal bool IsValid => Channels is >= 1 and <= MediaLimits.MaxChannels && BitDepth is >= 8 and <= 24;
}
