using LinkCodec.Core.Compression;

namespace LinkCodec.Tests.Zstd;

/// <summary>A compressor that counts how often it compresses; it owns the one that does.</summary>
internal sealed class CountingCompressor(BlockCompressor inner) : BlockCompressor
{
    public int Compressions { get; private set; }

    public override int Compress(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        Compressions++;
        return inner.Compress(content, destination);
    }

    public override bool TryDecompress(ReadOnlySpan<byte> payload, Span<byte> destination, out int length) =>
        inner.TryDecompress(payload, destination, out length);

    public override void Dispose() => inner.Dispose();
}
