using LinkCodec.Core.Snapshots;
using NSec.Cryptography;

namespace LinkCodec.Tests.Snapshots;

/// <summary>A snapshot in memory that counts what was opened.</summary>
internal sealed class MemorySource : ISnapshotSource
{
    public Dictionary<string, byte[]> Files { get; } = [];

    public List<string> Opened { get; } = [];

    public string Location => "memory";

    public static ReadOnlySpan<byte> Probe => "probe text 0123"u8;

    /// <summary>The fingerprint of the toy model for <see cref="Probe"/> with 18 bits, from the vectors.</summary>
    public static NumericFingerprint Fingerprint { get; } = new(
        Convert.FromHexString(SnapshotVectors.Fingerprint("probe text 0123"u8)));

    public static MemorySource Toy(NumericFingerprint? fingerprint = null)
    {
        MemorySource source = new();
        source.Files["model.bin"] = [1, 2, 3];
        source.Files["tables/a"] = [];
        source.Files[SnapshotFiles.ManifestPath] = Manifest(source.Files, fingerprint ?? Fingerprint).Bytes.ToArray();
        return source;
    }

    public bool TryGetSize(string path, out long size)
    {
        bool found = Files.TryGetValue(path, out byte[]? bytes);
        size = bytes?.Length ?? 0;
        return found;
    }

    public bool TryOpen(string path, out ReadOnlyMemory<byte> content)
    {
        Opened.Add(path);
        bool found = Files.TryGetValue(path, out byte[]? bytes);
        content = bytes;
        return found;
    }

    private static SnapshotManifest Manifest(Dictionary<string, byte[]> files, NumericFingerprint fingerprint) => new(
        SnapshotManifest.BytesFamily,
        "toy",
        18,
        files.Select(f => new SnapshotFile(f.Key, f.Value.Length, HashAlgorithm.Blake2b_256.Hash(f.Value))),
        Probe,
        fingerprint,
        [new ByteNetworkShape(1, 1, 5)]);
}
