namespace LinkCodec.Core.Snapshots;

/// <summary>
/// A snapshot's files in memory: an image's own section, an archive that was read, a download. Thread-safe.
/// </summary>
/// <param name="location">The place's name, for people.</param>
/// <param name="files">Contents by path, as in the manifest, and the manifest itself at
/// <see cref="SnapshotFiles.ManifestPath"/>. Kept, not copied: they must not change.</param>
internal sealed class MemorySnapshotSource(string location, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    : ISnapshotSource
{
    private readonly IReadOnlyDictionary<string, ReadOnlyMemory<byte>> _files = files
        ?? throw new ArgumentNullException(nameof(files));

    /// <inheritdoc/>
    public string Location { get; } = location ?? throw new ArgumentNullException(nameof(location));

    /// <inheritdoc/>
    public bool TryGetSize(string path, out long size)
    {
        bool found = _files.TryGetValue(path, out ReadOnlyMemory<byte> content);
        size = content.Length;
        return found;
    }

    /// <inheritdoc/>
    public bool TryOpen(string path, out ReadOnlyMemory<byte> content) => _files.TryGetValue(path, out content);
}
