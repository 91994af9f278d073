namespace LinkCodec.Core.Media;

/// <summary>What a decoder takes at most, checked before memory is taken.</summary>
/// <param name="MaxSamples">The samples of one image or one piece of sound, all planes or channels together.</param>
internal readonly record struct MediaLimits(int MaxSamples)
{
    /// <summary>The most planes of an image.</summary>
    internal const int MaxPlanes = 16;

    /// <summary>The most bands of a cube.</summary>
    internal const int MaxBands = 1024;

    /// <summary>The longest row.</summary>
    internal const int MaxWidth = 1 << 16;

    /// <summary>The most channels of a sound.</summary>
    internal const int MaxChannels = 8;

    /// <summary>The most channels of a signal.</summary>
    internal const int MaxSignalChannels = 16;

    /// <summary>The range decoder reads so many zeros past a whole code; more of them mean that bytes are missing.
    /// </summary>
    internal const int MaxBytesPastEnd = 15;

    /// <summary>16 million samples.</summary>
    internal static MediaLimits Default { get; } = new(1 << 24);
}
