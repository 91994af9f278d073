namespace LinkCodec.Core.Snapshots;

/// <summary>Where a snapshot's files lie: a folder, an archive, memory. Nothing that it gives is trusted.</summary>
public interface ISnapshotSource
{
    /// <summary>How to name the place to a person.</summary>
    string Location { get; }

    /// <summary>The size of a file in bytes; false when there is none.</summary>
    /// <param name="path">As in the manifest: relative, parts separated by slashes.</param>
    /// <param name="size">Bytes.</param>
    bool TryGetSize(string path, out long size);

    /// <summary>A file's content, which must not change while the snapshot is in use; false when there is none.</summary>
    /// <param name="path">As in the manifest.</param>
    /// <param name="content">All bytes of the file.</param>
    bool TryOpen(string path, out ReadOnlyMemory<byte> content);
}
