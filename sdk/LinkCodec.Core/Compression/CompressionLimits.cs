namespace LinkCodec.Core.Compression;

/// <summary>Bounds that both ends keep, whatever the bytes say (protocol-spec/05-coding.md, section 5).</summary>
public static class CompressionLimits
{
    /// <summary>Message bytes that one coded frame holds at most, so that a few bytes cannot ask for endless work.</summary>
    public const int FrameContent = 65_536;

    /// <summary>Messages that one coded frame holds at most: its count is one byte.</summary>
    public const int FrameMessages = 255;

    /// <summary>The default bound on a whole message at the receiver: 64 MiB.</summary>
    public const int DefaultMessage = 64 << 20;
}
