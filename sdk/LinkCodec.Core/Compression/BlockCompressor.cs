namespace LinkCodec.Core.Compression;

/// <summary>
/// Compresses blocks of content, and restores them, where a predictor would be too slow. Not thread-safe: each worker
/// has its own, made by a <see cref="BlockCompressorFactory"/>.
/// </summary>
internal abstract class BlockCompressor : IDisposable
{
    /// <summary>Bytes of content in a block at most, so that its work and memory are bounded.</summary>
    public const int MaxContent = CompressionLimits.FrameContent;

    /// <summary>Compresses a block on its own. Equal content gives equal bytes.</summary>
    /// <param name="content">The block, at most <see cref="MaxContent"/> bytes.</param>
    /// <param name="destination">Where the payload goes.</param>
    /// <returns>The payload's bytes; 0 where it does not fit or is not smaller than the content.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The content is longer than a block.</exception>
    public abstract int Compress(ReadOnlySpan<byte> content, Span<byte> destination);

    /// <summary>Restores a block. Peer bytes: never throws, in time linear in both lengths.</summary>
    /// <param name="payload">What the peer says is a payload.</param>
    /// <param name="destination">Room for the content; a larger one is refused. Overwritten in any case.</param>
    /// <param name="length">The content's bytes; 0 where this is false.</param>
    /// <returns>Whether the payload is a whole block. Another dictionary than the sender's may give false or other
    /// content: that is for a check over the content to find.</returns>
    public abstract bool TryDecompress(ReadOnlySpan<byte> payload, Span<byte> destination, out int length);

    /// <inheritdoc/>
    public abstract void Dispose();
}
