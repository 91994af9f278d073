using NSec.Cryptography;

namespace LinkCodec.Core.Snapshots;

/// <summary>A file of a snapshot as its manifest states it.</summary>
/// <param name="Path">The file's relative path, parts separated by slashes.</param>
/// <param name="Size">The file's bytes.</param>
/// <param name="Hash">The BLAKE2b-256 of the file's bytes, 32 bytes.</param>
public sealed record SnapshotFile(string Path, long Size, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The entry of a manifest for a file with this content. Linear in its size.</summary>
    public static SnapshotFile Of(string path, ReadOnlySpan<byte> content) =>
        new(path, content.Length, HashAlgorithm.Blake2b_256.Hash(content));
}
