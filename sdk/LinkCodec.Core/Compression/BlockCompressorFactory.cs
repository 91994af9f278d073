namespace LinkCodec.Core.Compression;

/// <summary>Makes the block compressors of a dictionary, which it holds once for all of them. Thread-safe.</summary>
internal abstract class BlockCompressorFactory
{
    /// <summary>Makes a compressor for a worker of its own.</summary>
    /// <returns>Owned by the caller; it may outlive the factory.</returns>
    public abstract BlockCompressor Create();
}
