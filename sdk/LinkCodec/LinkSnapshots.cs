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

    private readonly IReadOnlyList<(SnapshotName Name, NumericFingerprint Fingerprint)> _offers;
    private readonly Task<IReadOnlyList<Snapshot>> _loading;

    private LinkSnapshots(IReadOnlyList<(SnapshotName Name, NumericFingerprint Fingerprint)> offers,
        Task<IReadOnlyList<Snapshot>> loading)
    {
        (_offers, _loading) = (offers, loading);
    }

    /// <summary>The loaded snapshots, best first.</summary>
    public IReadOnlyList<Snapshot> All => _loading.GetAwaiter().GetResult();

    /// <summary>Completes when all are loaded, or with the failure of one.</summary>
    internal Task Loading => _loading;

    /// <summary>Loads snapshots and runs their self-tests.</summary>
    /// <param name="names">Labels, first digits of names, folders, or <see cref="None"/>.</param>
    /// <param name="device">The device that the language models among them run on, one at least if it is not the CPU;
    /// the others run on the CPU.</param>
    /// <exception cref="LinkException">A snapshot is missing, altered, too new, or computes something else on this
    /// machine; or the device is missing or of no use to any of them.</exception>
    public static LinkSnapshots Load(IEnumerable<string> names, ModelDevice device = default)
    {
        (string Name, SnapshotFiles? Files)[] found = Find(names, device);
        return new LinkSnapshots(OffersOf(found), Task.FromResult(LoadAll(found, device)));
    }

    /// <summary>Finds snapshots, and loads them while the caller does something else.</summary>
    /// <exception cref="LinkException">A snapshot is missing, or its manifest is not sound; other faults come out of
    /// <see cref="Loading"/>.</exception>
    internal static LinkSnapshots Begin(IEnumerable<string> names, ModelDevice device)
    {
        (string Name, SnapshotFiles? Files)[] found = Find(names, device);
        return new LinkSnapshots(OffersOf(found), Task.Run(() => LoadAll(found, device)));
    }

    /// <summary>Snapshots that were made elsewhere; they are this one's from here on.</summary>
    internal static LinkSnapshots Of(params IEnumerable<Snapshot> snapshots)
    {
        Snapshot[] all = [.. snapshots];
        return new LinkSnapshots([.. all.Select(one => (one.Name, one.Fingerprint))],
            Task.FromResult<IReadOnlyList<Snapshot>>(all));
    }

    /// <summary>What to offer the other end: of snapshots that are being loaded, what they will prove to be.</summary>
    internal IEnumerable<Core.Session.Handshake.SnapshotOffer> Offers()
    {
        byte[] name = new byte[SnapshotName.Size];
        byte[] fingerprint = new byte[NumericFingerprint.Size];
        foreach ((SnapshotName Name, NumericFingerprint Fingerprint) offer in _offers)
        {
            offer.Name.CopyTo(name);
            offer.Fingerprint.CopyTo(fingerprint);
            yield return new Core.Session.Handshake.SnapshotOffer(name, fingerprint);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Snapshots that are being loaded are given back when they are there.</remarks>
    public void Dispose() => _loading.ContinueWith(
        loaded => GiveBack(loaded.Result), default,
        TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static (string Name, SnapshotFiles? Files)[] Find(IEnumerable<string> names, ModelDevice device)
    {
        ArgumentNullException.ThrowIfNull(names);
        (string Name, SnapshotFiles? Files)[] found =
            [.. names.Select(name => (name, name == None ? null : SnapshotStore.Default.Find(name)))];
        if (found.Length == 0)
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound, "No snapshot was named.");
        }

        return device.IsCpu || found.Any(one => CanUseDevice(one.Files))
            ? found
            : throw new ModelRuntimeException(
                $"{device} was asked for, and none of the snapshots can use it "
                    + $"({string.Join(", ", found.Select(one => one.Name))}): language models can, the others run on "
                    + "the CPU.");
    }

    private static IReadOnlyList<(SnapshotName Name, NumericFingerprint Fingerprint)> OffersOf(
        (string Name, SnapshotFiles? Files)[] found) =>
        [.. found.Select(one => one.Files is { Manifest: { } manifest }
            ? (manifest.Name, manifest.Fingerprint)
            : (SnapshotName.None, NumericFingerprint.None))];

    private static IReadOnlyList<Snapshot> LoadAll((string Name, SnapshotFiles? Files)[] found, ModelDevice device)
    {
        List<Snapshot> loaded = [];
        try
        {
            foreach ((_, SnapshotFiles? files) in found)
            {
                loaded.Add(files is null
                    ? Snapshot.WithoutFiles(new AdaptiveBytePredictor())
                    : SnapshotLoader.Load(files, CanUseDevice(files) ? device : ModelDevice.Cpu));
            }

            return loaded;
        }
        catch
        {
            GiveBack(loaded);
            throw;
        }
    }

    private static void GiveBack(IEnumerable<Snapshot> snapshots)
    {
        foreach (Snapshot snapshot in snapshots)
        {
            snapshot.Dispose();
        }
    }

    private static bool CanUseDevice(SnapshotFiles? files) => files is not null && SnapshotLoader.CanUseDevice(files);
}
