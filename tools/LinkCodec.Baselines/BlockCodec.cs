namespace LinkCodec.Baselines;

/// <summary>
/// A baseline over blocks of messages: what one datagram carries where a segment is filled. A block says all that is
/// needed to restore its messages.
/// </summary>
/// <remarks>
/// What the baseline would expand is stored behind a byte that no baseline begins with, so that nothing costs more than
/// a byte over raw. Does not own the baseline.
/// </remarks>
internal sealed class BlockCodec(IBaselineCodec baseline)
{
    // These are reserved in deflate (a block type), zstd (a bit of the frame's header) and brotli (a wider window); a
    // baseline that began with one all the same would have its block stored.
    private const byte Joined = 0xFF;
    private const byte OneMessage = 0xFE;

    /// <summary>The baseline's name.</summary>
    public string Name => baseline.Name;

    /// <summary>The block of some of the messages.</summary>
    /// <param name="messages">All messages.</param>
    /// <param name="first">The index of the first one.</param>
    /// <param name="count">How many, at least 1.</param>
    public byte[] Pack(IReadOnlyList<ReadOnlyMemory<byte>> messages, int first, int count)
    {
        byte[] joined = MessageBlock.Join(messages, first, count);
        byte[] coded = baseline.Compress(joined);
        ReadOnlySpan<byte> raw = count == 1 ? messages[first].Span : joined;
        return coded.Length <= raw.Length + 1 && coded[0] is not (Joined or OneMessage)
            ? coded
            : [count == 1 ? OneMessage : Joined, .. raw];
    }

    /// <summary>The messages of a block.</summary>
    /// <param name="block">What <see cref="Pack"/> gave.</param>
    /// <param name="maxLength">Bytes of joined messages at most.</param>
    /// <exception cref="BaselineException">The bytes are no block, or a larger one.</exception>
    public IReadOnlyList<byte[]> Unpack(ReadOnlySpan<byte> block, int maxLength) =>
        block is [OneMessage, .. ReadOnlySpan<byte> message] ? [message.ToArray()]
            : block is [Joined, .. ReadOnlySpan<byte> joined] ? MessageBlock.Split(joined.ToArray())
            : MessageBlock.Split(baseline.DecompressUpTo(block, maxLength));
}
