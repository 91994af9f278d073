using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;

namespace LinkCodec;

/// <summary>
/// The snapshots that an end of a link has loaded; several links may share them. Thread-safe once loaded.
/// </summary>
public sealed class LinkSnapshots : IDisposable
{
    /// <summary>
    /// The name of the codec that needs no files: small adaptive tables, about as good as a dictionary coder.
    /// </summary>
    public const string None = "none";

    private readonly List<Snapshot> _snapshots = [];

    /// <summary>The loaded snapshots, best first.</summary>
    public IReadOnlyList<Snapshot> All => _snapshots;

    /// <summary>Loads snapshots and runs their self-tests.</summary>
    /// <param name="names">Labels, first digits of names, folders, or <see cref="None"/>.</param>
    /// <param name="device">The device that the language models among them run on, one at least if it is not the CPU;
    /// the others run on the CPU.</param>
    /// <exception cref="LinkException">A snapshot is missing, altered, too new, or computes something else on this
    /// machine; or the device is missing or of no use to any of them.</exception>
    public static LinkSnapshots Load(IEnumerable<string> names, ModelDevice device = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        (string Name, SnapshotFiles? Files)[] found =
            [.. names.Select(name => (name, name == None ? null : SnapshotStore.Default.Find(name)))];
        if (found.Length == 0)
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound, "No snapshot was named.");
        }

        if (!device.IsCpu && !found.Any(one => CanUseDevice(one.Files)))
        {
            throw new ModelRuntimeException(
                $"{device} was asked for, and none of the snapshots can use it "
                    + $"({string.Join(", ", found.Select(one => one.Name))}): language models can, the others run on "
                    + "the CPU.");
        }

        LinkSnapshots loaded = new();
        try
        {
            foreach ((_, SnapshotFiles? files) in found)
            {
                loaded._snapshots.Add(files is null
                    ? Snapshot.WithoutFiles(new AdaptiveBytePredictor())
                    : SnapshotLoader.Load(files, CanUseDevice(files) ? device : ModelDevice.Cpu));
            }

            return loaded;
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

    private static bool CanUseDevice(SnapshotFiles? files) => files is not null && SnapshotLoader.CanUseDevice(files);

    internal IEnumerable<Core.Session.Handshake.SnapshotOffer> Offers()
    {
        byte[] name = new byte[SnapshotName.Size];
        byte[] fingerprint = new byte[NumericFingerprint.Size];
        foreach (Snapshot snapshot in _snapshots)
        {
            snapshot.Name.CopyTo(name);
            snapshot.Fingerprint.CopyTo(fingerprint);
            yield return new Core.Session.Handshake.SnapshotOffer(name, fingerprint);
        }
    }
}
