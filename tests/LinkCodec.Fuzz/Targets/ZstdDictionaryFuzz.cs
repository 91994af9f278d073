using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Zstd;

namespace LinkCodec.Fuzz.Targets;

/// <summary>Dictionaries: refused in one way, or such that what is compressed with them comes back.</summary>
internal static class ZstdDictionaryFuzz
{
    public static void Run(ReadOnlySpan<byte> data)
    {
        ZstdCompressorFactory factory;
        try
        {
            factory = new ZstdCompressorFactory(data, "fuzz");
        }
        catch (LinkException e) when (e.Code == LinkErrorCode.SnapshotNotFound)
        {
            return;
        }

        using BlockCompressor compressor = factory.Create();
        ReadOnlySpan<byte> content = "buoy 7 reports depth 41.5 m, current 3 knots, all well; buoy 8 reports 4 m"u8;
        Span<byte> payload = stackalloc byte[200];
        Span<byte> restored = stackalloc byte[200];
        int length = compressor.Compress(content, payload);
        if (length > 0 && !(compressor.TryDecompress(payload[..length], restored, out int count)
            && content.SequenceEqual(restored[..count])))
        {
            throw new InvalidOperationException("compressed and not restored");
        }
    }
}
