namespace LinkCodec.Core.Snapshots;

/// <summary>
/// A place where a snapshot's files lie: a folder, an archive, memory. Nothing that the source gives is trusted.
/// </summary>
internal interface ISnapshotSource
{
    /// <summary>The place's name, for people.</summary>
    string Location { get; }

    /// <summary>The size of a file in bytes; false when there is none.</summary>
    /// <param name="path">The file's path as the manifest has it: relative, parts separated by slashes.</param>
    /// <param name="size">The file's size in bytes.</param>
    bool TryGetSize(string path, out long size);

    /// <summary>
    /// A file's content, which must not change while the snapshot is in use; false when there is none.
    /// </summary>
    /// <param name="path">The file's path as the manifest has it.</param>
    /// <param name="content">The file's bytes, all of them.</param>
    bool TryOpen(string path, out ReadOnlyMemory<byte> content);
}
