namespace LinkCodec.Core.Compression;

/// <summary>Bounds of contexts that both ends keep (protocol-spec/05-coding.md, section 5).</summary>
internal static class ContextLimits
{
    /// <summary>Bytes at the end of a message that a context absorbs; what stands before them is left out.</summary>
    public const int MessageTail = 65_536;

    /// <summary>Contexts that a receiver keeps, and that unacknowledged messages of a sender may start from.</summary>
    public const int Versions = 4;

    /// <summary>The cost of the messages that may be coded and not acknowledged: each counts as its tail and
    /// <see cref="MessageCost"/>.</summary>
    public const long Span = 8 << 20;

    /// <summary>The cost of a message beside its bytes, so that empty ones are bounded too.</summary>
    public const int MessageCost = 64;

    /// <summary>The part of a message that a context absorbs.</summary>
    internal static ReadOnlyMemory<byte> Tail(ReadOnlyMemory<byte> message) =>
        message[Math.Max(0, message.Length - MessageTail)..]; // spec 5.5-3
}
