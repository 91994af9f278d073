using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Storage;

/// <summary>
/// A snapshot's files in a folder; one that is not there is taken from a neighbouring snapshot whose manifest names the
/// same content. Thread-safe.
/// </summary>
/// <remarks>
/// Snapshots that have a network in common can so lie side by side with one copy of it. The size and the hash say which
/// file it is, as they do for the snapshot itself, and the reader compares both again with what it has read.
/// </remarks>
internal sealed class SharedSnapshotFolder(string folder) : ISnapshotSource
{
    private readonly SnapshotFolder _own = new(folder);

    /// <inheritdoc/>
    public string Location => folder;

    /// <summary>Whether the folder says of itself that it is a snapshot.</summary>
    internal bool HasManifest => _own.HasManifest;

    /// <inheritdoc/>
    public bool TryGetSize(string path, out long size)
    {
        (SnapshotFolder place, string file) = Locate(path);
        return place.TryGetSize(file, out size);
    }

    /// <inheritdoc/>
    /// <exception cref="LinkException">The file is there and cannot be read.</exception>
    public bool TryOpen(string path, out ReadOnlyMemory<byte> content)
    {
        (SnapshotFolder place, string file) = Locate(path);
        return place.TryOpen(file, out content);
    }

    private (SnapshotFolder Place, string Path) Locate(string path)
    {
        if (_own.TryGetSize(path, out _) || path == SnapshotFiles.ManifestPath
            || Files(_own).FirstOrDefault(file => file.Path == path) is not SnapshotFile wanted)
        {
            return (_own, path);
        }

        foreach (SnapshotFolder neighbour in Neighbours())
        {
            SnapshotFile? same = Files(neighbour)
                .FirstOrDefault(file => file.Size == wanted.Size && file.Hash.Span.SequenceEqual(wanted.Hash.Span));
            if (same is not null && neighbour.TryGetSize(same.Path, out _))
            {
                return (neighbour, same.Path);
            }
        }

        return (_own, path);
    }

    private IEnumerable<SnapshotFolder> Neighbours()
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            return Path.GetDirectoryName(full) is string parent
                ? [.. Directory.EnumerateDirectories(parent).Where(other => other != full).Order(StringComparer.Ordinal)
                    .Select(other => new SnapshotFolder(other))]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // The file is missing then, and the reader says so.
        }
    }

    private static IReadOnlyList<SnapshotFile> Files(SnapshotFolder place)
    {
        try
        {
            return place.TryGetSize(SnapshotFiles.ManifestPath, out _) ? SnapshotFiles.Open(place).Manifest.Files : [];
        }
        catch (LinkException)
        {
            return []; // No snapshot that can be read: it has nothing to share.
        }
    }
}
