using System.Buffers.Binary;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Snapshots;

/// <summary>
/// The file with the dictionary for blocks that zstd compresses, where predictors are too slow. Any family may have it.
/// </summary>
/// <remarks>Spec: protocol-spec/06-snapshots.md, section 3.</remarks>
internal static class ZstdDictionaryFile
{
    /// <summary>The file's path in a snapshot.</summary>
    public const string Path = "zstd-dictionary.bin";

    /// <summary>Bytes of a dictionary at most.</summary>
    public const int MaxContent = 1 << 18;

    private const uint Magic = 0xEC30_A437;
    private const int HeaderLength = 8; // the magic number, and the dictionary's

    /// <summary>The file of a dictionary.</summary>
    /// <param name="dictionary">A dictionary as zstd trains it, at most <see cref="MaxContent"/> bytes.</param>
    public static byte[] Wrap(ReadOnlySpan<byte> dictionary) => IsDictionary(dictionary)
        ? ContextMixingFile.Wrap(dictionary)
        : throw new ArgumentException("The bytes are no zstd dictionary.", nameof(dictionary));

    /// <summary>The dictionary that a snapshot carries; empty where it carries none.</summary>
    /// <param name="files">An opened snapshot.</param>
    /// <exception cref="LinkException">SnapshotNotFound, also where the file is no dictionary's; SnapshotAltered or
    /// LimitExceeded.</exception>
    public static ReadOnlyMemory<byte> Read(SnapshotFiles files)
    {
        if (!files.Names(Path))
        {
            return default;
        }

        // spec 6.3-5
        return ContextMixingFile.TryUnpack(files.Read(Path).Span, MaxContent, out byte[] content)
            && IsDictionary(content)
            ? content
            : throw new LinkException(LinkErrorCode.SnapshotNotFound,
                $"{files.Location}/{Path}: expected a zstd dictionary of at most {MaxContent} bytes, found none.");
    }

    private static bool IsDictionary(ReadOnlySpan<byte> content) => content.Length is > HeaderLength and <= MaxContent
        && BinaryPrimitives.ReadUInt32LittleEndian(content) == Magic;
}
