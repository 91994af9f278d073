using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using LinkCodec.Core.Session.Handshake;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Transport.Files;

namespace LinkCodec.Codec;

/// <summary>
/// The snapshot that a file was made with: its opening names it, so that the reader need not be told.
/// </summary>
internal static class FileSnapshot
{
    /// <summary>Loads the file's snapshot; where the opening cannot be read, those that the options name.</summary>
    /// <param name="opening">The file's first datagram; it is not authentic: it only chooses among what is
    /// trusted.</param>
    /// <param name="options">The reader's options.</param>
    /// <exception cref="LinkException">The named snapshot is not installed, or a bad one.</exception>
    public static LinkSnapshots Load(ReadOnlySpan<byte> opening, LinkOptions options) =>
        LinkSnapshots.Load(OneWayReceiver.TryReadSnapshot(opening,
            out SnapshotShortId id) ? [Find(id.Name, options)] : options.Snapshots, options.Device);

    private static string Find(uint name, LinkOptions options)
    {
        if (name == SnapshotName.None.ShortId)
        {
            return LinkSnapshots.None;
        }

        SnapshotStore store = SnapshotStore.Default;
        if (options.Snapshots.FirstOrDefault(one => one != LinkSnapshots.None
            && TryFind(store, one)?.Manifest.Name.ShortId == name) is { } given)
        {
            return given;
        }

        return store.List().Select(entry => entry.Files?.Manifest.Name)
            .FirstOrDefault(one => one?.ShortId == name)?.ToString()
            ?? throw new LinkException(
                LinkErrorCode.SnapshotNotFound,
                $"The file was made with the snapshot {name:x8}, which is not installed here: 'linkcodec snapshot "
                    + "list' shows those that are, and --snapshot takes a folder.");
    }

    private static SnapshotFiles? TryFind(SnapshotStore store, string snapshot)
    {
        try
        {
            return store.Find(snapshot);
        }
        catch (LinkException)
        {
            return null; // Another snapshot may be the file's.
        }
    }
}
