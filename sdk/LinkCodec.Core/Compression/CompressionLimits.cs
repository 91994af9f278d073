namespace LinkCodec.Core.Compression;

/// <summary>Bounds that both ends keep, whatever the bytes say (protocol-spec/05-coding.md, section 5).</summary>
internal static class CompressionLimits
{
    /// <summary>Message bytes that one coded frame holds at most, so that a few bytes cannot ask for endless
    /// work.</summary>
    public const int FrameContent = 65_536;

    /// <summary>Bytes that a receiver holds of messages that wait for one before them, unless it is told otherwise: 64
    /// MiB, what comes at 50 Mbit/s in small messages while a loss is repaired by way of a geostationary
    /// satellite.</summary>
    public const long DefaultAhead = 64 << 20;

    /// <summary>Gaps between the messages that a receiver holds: as many as a sender can leave, which has no more units
    /// unreported.</summary>
    internal const int MaxGaps = 8192;

    /// <summary>Bytes that a message or a part of one costs a receiver beside its content, so that empty ones are
    /// bounded too.</summary>
    public const int HeldCost = 128;

    /// <summary>Bytes of content that a coded frame may hold for each byte of its code and 16 more. Senders keep to it;
    /// receivers may allow more.</summary>
    public const int FrameExpansion = 64;

    /// <summary>The most that a receiver can allow: no frame's content is larger then than <see cref="FrameContent"/>
    /// for each byte.</summary>
    public const int MaxExpansion = FrameContent;

    /// <summary>Bytes that a coded frame's header counts as: messages of a kilobyte that follow an acknowledged context
    /// closely code to a few bytes.</summary>
    internal const int FrameHeader = 16;

    /// <summary>Bytes of content that a message counts beside its own, since starting one is work too.</summary>
    public const int MessageContent = 8;

    /// <summary>The default bound on a whole message at the receiver: 64 MiB.</summary>
    public const int DefaultMessage = 64 << 20;

    /// <summary>Bytes that the messages of a coded frame may have in all; below 0 where not even so many empty ones may
    /// be in it.</summary>
    /// <param name="payload">Bytes of the frame's code.</param>
    /// <param name="messages">Messages in it, or 1 for a part.</param>
    /// <param name="expansion">Bytes of content for each byte of code and header.</param>
    internal static int Content(int payload, int messages, int expansion = FrameExpansion)
    {
        long content = ((long)expansion * (payload + FrameHeader)) - ((long)MessageContent * messages);
        return (int)Math.Min(FrameContent, content); // spec 5.4-5
    }

    /// <summary>The shortest code with which a frame may hold so much.</summary>
    internal static int Payload(int content, int messages) =>
        Math.Max(0, ((content + (MessageContent * messages) + FrameExpansion - 1) / FrameExpansion) - FrameHeader);
}
