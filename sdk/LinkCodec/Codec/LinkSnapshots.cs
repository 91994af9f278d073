using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec;

/// <summary>The snapshots that an end of a link has loaded; several links may share them. Thread-safe once loaded.</summary>
public sealed class LinkSnapshots : IDisposable
{
    /// <summary>The name of the codec that needs no files: small adaptive tables, about as good as a dictionary coder.</summary>
    public const string None = "none";

    private readonly List<Snapshot> _snapshots = [];

    /// <summary>The loaded snapshots, best first.</summary>
    public IReadOnlyList<Snapshot> All => _snapshots;

    /// <summary>Loads snapshots and runs their self-tests.</summary>
    /// <param name="names">Labels, first digits of names, folders, or <see cref="None"/>.</param>
    /// <exception cref="LinkException">One is missing, altered, too new, or computes something else on this machine.</exception>
    public static LinkSnapshots Load(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        LinkSnapshots loaded = new();
        try
        {
            foreach (string name in names)
            {
                loaded._snapshots.Add(name == None ? Snapshot.WithoutFiles(new AdaptiveBytePredictor()) : SnapshotStore.Default.Load(name));
            }

            return loaded._snapshots.Count > 0
                ? loaded
                : throw new LinkException(LinkErrorCode.SnapshotNotFound, "No snapshot was named.");
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Snapshots that were made elsewhere; they are this one's from here on.</summary>
    internal static LinkSnapshots Of(params IEnumerable<Snapshot> snapshots)
    {
        LinkSnapshots all = new();
        all._snapshots.AddRange(snapshots);
        return all;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Snapshot snapshot in _snapshots)
        {
            snapshot.Dispose();
        }
    }

    internal IEnumerable<Core.Session.SnapshotOffer> Offers()
    {
        byte[] name = new byte[SnapshotName.Size];
        byte[] fingerprint = new byte[NumericFingerprint.Size];
        foreach (Snapshot snapshot in _snapshots)
        {
            snapshot.Name.CopyTo(name);
            snapshot.Fingerprint.CopyTo(fingerprint);
            yield return new Core.Session.SnapshotOffer(name, fingerprint);
        }
    }
}
