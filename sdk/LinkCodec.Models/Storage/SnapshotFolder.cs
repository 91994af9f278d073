using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Storage;

/// <summary>A snapshot's files in a folder. Thread-safe.</summary>
/// <remarks>The paths that come from a manifest were checked: they stay inside the folder.</remarks>
internal sealed class SnapshotFolder(string folder) : ISnapshotSource
{
    /// <inheritdoc/>
    public string Location => folder;

    /// <summary>Whether the folder says of itself that it is a snapshot.</summary>
    internal bool HasManifest => File.Exists(PathOf(SnapshotFiles.ManifestPath));

    /// <inheritdoc/>
    public bool TryGetSize(string path, out long size)
    {
        FileInfo file = new(PathOf(path));
        file = file.LinkTarget is null ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        size = file.Exists ? file.Length : 0;
        return file.Exists;
    }

    /// <inheritdoc/>
    /// <exception cref="LinkException">The file is there and cannot be read.</exception>
    public bool TryOpen(string path, out ReadOnlyMemory<byte> content)
    {
        try
        {
            // A pipe or a device has no size, and may have no end: it is not opened.
            if (TryGetSize(path, out long size) && size == 0)
            {
                content = default;
                return true;
            }

            using FileStream file = File.OpenRead(PathOf(path));
            byte[] bytes = new byte[file.Length];
            // This reads exactly so many bytes: a pipe has no length, and a growing file no end.
            file.ReadExactly(bytes);
            content = bytes;
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            content = default;
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound, $"{folder}/{path}: cannot be read: {e.Message}", e);
        }
    }

    private string PathOf(string path) => Path.Combine(folder, path);
}
