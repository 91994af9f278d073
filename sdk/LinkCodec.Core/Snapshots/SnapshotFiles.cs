using LinkCodec.Core.Primitives;
using NSec.Cryptography;

namespace LinkCodec.Core.Snapshots;

/// <summary>A snapshot's manifest and, checked before use, its files. Thread-safe where its source is.</summary>
/// <remarks>Spec: protocol-spec/06-snapshots.md, sections 2 and 3.</remarks>
internal sealed class SnapshotFiles
{
    /// <summary>The manifest's own path.</summary>
    public const string ManifestPath = "manifest.msgpack";

    private readonly ISnapshotSource _source;

    private SnapshotFiles(ISnapshotSource source, SnapshotManifest manifest)
    {
        _source = source;
        Manifest = manifest;
    }

    /// <summary>The manifest.</summary>
    public SnapshotManifest Manifest { get; }

    /// <summary>The place's name, for people.</summary>
    public string Location => _source.Location;

    /// <summary>Reads the manifest. The other files are looked at when they are read.</summary>
    /// <param name="source">The place where the snapshot lies; kept.</param>
    /// <param name="expected">The name that the snapshot must have; <see cref="SnapshotName.None"/> for any.</param>
    /// <exception cref="LinkException">SnapshotNotFound, SnapshotAltered, SnapshotTooNew or LimitExceeded, with one
    /// line that says what was expected and found.</exception>
    public static SnapshotFiles Open(ISnapshotSource source, SnapshotName expected = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        string where = $"{source.Location}/{ManifestPath}";
        if (!source.TryGetSize(ManifestPath, out long size))
        {
            throw NotFound(where);
        }

        if (size > SnapshotLimits.ManifestBytes)
        {
            // spec 6.1-4
            throw new LinkException(LinkErrorCode.LimitExceeded,
                $"{where}: {size} bytes, a manifest has at most {SnapshotLimits.ManifestBytes}.");
        }

        if (!source.TryOpen(ManifestPath, out ReadOnlyMemory<byte> bytes))
        {
            throw NotFound(where);
        }

        if (!SnapshotManifest.TryRead(bytes.Span, out SnapshotManifest? manifest, out ManifestFault fault))
        {
            LinkErrorCode code = fault.Code == LinkErrorCode.Malformed ? LinkErrorCode.SnapshotNotFound : fault.Code;
            throw new LinkException(code, $"{where}: the manifest {fault.Text}.");
        }

        if (!expected.IsNone && manifest.Name != expected)
        {
            // spec 6.2-2
            throw new LinkException(LinkErrorCode.SnapshotAltered,
                $"{where}: expected the snapshot {expected}, found {manifest.Name}.");
        }

        return new SnapshotFiles(source, manifest);
    }

    /// <summary>Whether the manifest names a file.</summary>
    /// <param name="path">The file's relative path, parts separated by slashes.</param>
    public bool Names(string path) => Find(path) is not null;

    /// <summary>
    /// A file's bytes, after their number and their hash were found to be the manifest's. Linear in the size.
    /// </summary>
    /// <param name="path">A path that the manifest names.</param>
    /// <exception cref="ArgumentException">The manifest names no such file.</exception>
    /// <exception cref="LinkException">SnapshotNotFound, SnapshotAltered or LimitExceeded.</exception>
    public ReadOnlyMemory<byte> Read(string path)
    {
        SnapshotFile file = Find(path)
            ?? throw new ArgumentException($"The manifest names no file '{path}'.", nameof(path));
        return Read(file);
    }

    /// <summary>Reads as <see cref="Read(string)"/> does a file that the snapshot's family cannot do without.</summary>
    /// <param name="path">The file's relative path, parts separated by slashes.</param>
    /// <exception cref="LinkException">SnapshotNotFound, also where the manifest names no such file; SnapshotAltered or
    /// LimitExceeded.</exception>
    public ReadOnlyMemory<byte> ReadNeeded(string path)
    {
        // spec 6.3-2
        SnapshotFile file = Find(path)
            ?? throw new LinkException(LinkErrorCode.SnapshotNotFound,
                $"{Location}: the manifest names no file '{path}', which the family '{Manifest.Family}' needs.");
        return Read(file);
    }

    /// <summary>Reads and checks every file once.</summary>
    /// <exception cref="LinkException">SnapshotNotFound, SnapshotAltered or LimitExceeded: the first file that is not
    /// as the manifest says.</exception>
    public void Verify()
    {
        foreach (SnapshotFile file in Manifest.Files)
        {
            Read(file);
        }
    }

    private SnapshotFile? Find(string path) =>
        Manifest.Files.FirstOrDefault(f => string.Equals(f.Path, path, StringComparison.Ordinal));

    // spec 6.3-1
    private ReadOnlyMemory<byte> Read(SnapshotFile file)
    {
        string where = $"{Location}/{file.Path}";
        if (!_source.TryGetSize(file.Path, out long size))
        {
            throw NotFound(where);
        }

        RequireSize(where, file, size);
        if (size > Array.MaxLength)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded,
                $"{where}: {size} bytes do not fit one piece of memory, at most {Array.MaxLength}.");
        }

        if (!_source.TryOpen(file.Path, out ReadOnlyMemory<byte> content))
        {
            throw NotFound(where);
        }

        RequireSize(where, file, content.Length); // The file may have changed in between.
        byte[] hash = HashAlgorithm.Blake2b_256.Hash(content.Span);
        return file.Hash.Span.SequenceEqual(hash)
            ? content
            : throw new LinkException(
                LinkErrorCode.SnapshotAltered,
                $"{where}: expected the hash {Convert.ToHexStringLower(file.Hash.Span)}, found "
                    + $"{Convert.ToHexStringLower(hash)}.");
    }

    private static void RequireSize(string where, SnapshotFile file, long size)
    {
        if (size != file.Size)
        {
            throw new LinkException(LinkErrorCode.SnapshotAltered,
                $"{where}: expected {file.Size} bytes, found {size}.");
        }
    }

    private static LinkException NotFound(string where) =>
        new(LinkErrorCode.SnapshotNotFound, $"{where}: expected a file, found none.");
}
