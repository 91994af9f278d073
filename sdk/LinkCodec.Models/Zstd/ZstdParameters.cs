using ZstdSharp.Unsafe;

namespace LinkCodec.Models.Zstd;

/// <summary>How blocks are compressed. The sender's business: any parameters decompress alike.</summary>
/// <remarks>
/// The best ratio of those that compress 20 MB of text a second on a core, measured in models/README.md: level 7 of
/// zstd, but without matches of four bytes, which in tables of numbers cost more than they gain and are slow to look
/// for.
/// </remarks>
internal static class ZstdParameters
{
    /// <summary>
    /// The window, as a power of two, that no frame goes beyond: the largest dictionary and a block.
    /// </summary>
    public const int MaxWindowLog = 19;

    /// <summary>The parameters with a dictionary and without; zstd lowers them itself for short contents.</summary>
    public static ZSTD_compressionParameters Compression => new(windowLog: MaxWindowLog, chainLog: 16, hashLog: 17,
        searchLog: 3, minMatch: 5, targetLength: 8, strategy: ZSTD_strategy.ZSTD_lazy2);
}
