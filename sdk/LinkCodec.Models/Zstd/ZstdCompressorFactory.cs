using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Models.Zstd;

/// <summary>Makes the compressors of one dictionary, or of none. Thread-safe.</summary>
internal sealed class ZstdCompressorFactory : BlockCompressorFactory
{
    private readonly ZstdDictionary? _compression;
    private readonly ZstdDictionary? _decompression;

    /// <summary>Digests the dictionary, once for all compressors that will be made.</summary>
    /// <param name="dictionary">A zstd dictionary (RFC 8878, section 5), which is copied; empty for none.</param>
    /// <param name="location">The dictionary's place, for people.</param>
    /// <exception cref="LinkException">SnapshotNotFound: the bytes are no zstd dictionary.</exception>
    public ZstdCompressorFactory(ReadOnlySpan<byte> dictionary, string location)
    {
        if (!dictionary.IsEmpty)
        {
            _compression = ZstdDictionary.ForCompression(dictionary, location);
            _decompression = ZstdDictionary.ForDecompression(dictionary, location);
        }
    }

    /// <inheritdoc/>
    public override BlockCompressor Create() => new ZstdCompressor(_compression, _decompression);
}
