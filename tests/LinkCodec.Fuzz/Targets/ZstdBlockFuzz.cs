using LinkCodec.Core.Compression;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Storage;
using LinkCodec.Models.Zstd;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Payloads of blocks, with the built-in dictionary and without: refused, or restored within the destination, alike
/// each time, and to a content that comes back when it is compressed.
/// </summary>
internal static class ZstdBlockFuzz
{
    private const int Around = 64;
    private const byte Untouched = 0xA5;
    private static readonly BlockCompressor[] Compressors = [Make([]), Make(BuiltIn())];
    private static readonly byte[] Memory = new byte[Around + BlockCompressor.MaxContent + Around];
    private static readonly byte[] Payload = new byte[BlockCompressor.MaxContent];
    private static readonly byte[] Again = new byte[BlockCompressor.MaxContent];

    public static void Run(ReadOnlySpan<byte> data)
    {
        foreach (BlockCompressor compressor in Compressors)
        {
            foreach (int room in (ReadOnlySpan<int>)[0, 100, BlockCompressor.MaxContent])
            {
                Memory.AsSpan(0, Around).Fill(Untouched);
                Memory.AsSpan(Around + room, Around).Fill(Untouched);
                bool taken = compressor.TryDecompress(data, Memory.AsSpan(Around, room), out int length);
                if (length < 0 || length > room || (!taken && length != 0)
                    || Memory.AsSpan(0, Around).ContainsAnyExcept(Untouched)
                    || Memory.AsSpan(Around + room, Around).ContainsAnyExcept(Untouched))
                {
                    throw new InvalidOperationException("beyond the destination");
                }

                if (taken && room == BlockCompressor.MaxContent)
                {
                    ComesBack(compressor, data, Memory.AsSpan(Around, length));
                }
            }
        }
    }

    private static void ComesBack(BlockCompressor compressor, ReadOnlySpan<byte> data, ReadOnlySpan<byte> content)
    {
        if (!compressor.TryDecompress(data, Again, out int length) || !content.SequenceEqual(Again.AsSpan(0, length)))
        {
            throw new InvalidOperationException("another content the second time");
        }

        int payload = compressor.Compress(content, Payload);
        if (payload > 0 && !(compressor.TryDecompress(Payload.AsSpan(0, payload), Again, out length)
            && content.SequenceEqual(Again.AsSpan(0, length))))
        {
            throw new InvalidOperationException("compressed and not restored");
        }
    }

    private static BlockCompressor Make(ReadOnlySpan<byte> dictionary) =>
        new ZstdCompressorFactory(dictionary, "fuzz").Create();

    private static ReadOnlySpan<byte> BuiltIn() => ZstdDictionaryFile.Read(
        SnapshotFiles.Open(new SnapshotFolder(Repository.PathOf("models/snapshots/flight-1")))).Span;
}
