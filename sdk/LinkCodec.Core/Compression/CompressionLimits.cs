namespace LinkCodec.Core.Compression;

/// <summary>Bounds that both ends keep, whatever the bytes say (protocol-spec/05-coding.md, section 5).</summary>
public static class CompressionLimits
{
    /// <summary>Message bytes that one coded frame holds at most, so that a few bytes cannot ask for endless work.</summary>
    public const int FrameContent = 65_536;

    /// <summary>Messages that one coded frame holds at most: its count is one byte.</summary>
    public const int FrameMessages = 255;

    /// <summary>What a receiver holds of messages that wait for one before them, unless it is told otherwise: 8 MiB.</summary>
    public const long DefaultAhead = 8 << 20;

    /// <summary>Gaps between the messages that a receiver holds: as many as a sender can leave, which has no more units unreported.</summary>
    internal const int MaxGaps = 8192;

    /// <summary>What a message or a part of one costs a receiver beside its bytes, so that empty ones are bounded too.</summary>
    public const int HeldCost = 128;

    /// <summary>The default bound on a whole message at the receiver: 64 MiB.</summary>
    public const int DefaultMessage = 64 << 20;
}
