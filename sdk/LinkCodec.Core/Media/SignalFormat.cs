namespace LinkCodec.Core.Media;

/// <summary>What the samples of a signal are: those of an instrument, a receiver or a sensor.</summary>
/// <param name="Channels">Channels, 1 to 16.</param>
/// <param name="BitDepth">Bits of a signed sample, 8 to 16.</param>
internal readonly record struct SignalFormat(int Channels, int BitDepth)
{
    /// <summary>Whether the numbers are within their limits.</summary>
    internal bool IsValid => Channels is >= 1 and <= MediaLimits.MaxSignalChannels && BitDepth is >= 8 and <= 16;
}
