using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Storage;

namespace LinkCodec.Models;

/// <summary>Finds snapshots in folders by path, label or name. Holds no files open. Thread-safe.</summary>
/// <remarks>
/// A file that a snapshot's folder lacks is taken from a folder beside it, where a snapshot there has the same content
/// under any name: snapshots that have a network in common lie side by side with one copy of it. Spec:
/// protocol-spec/06-snapshots.md.
/// </remarks>
public sealed class SnapshotStore
{
    /// <summary>The label of the snapshot that ships with LinkCodec, which is used where none is named.</summary>
    public const string DefaultLabel = "mixed-1";

    /// <summary>
    /// The environment variable with more folders, separated as in PATH; they come before the application's own.
    /// </summary>
    public const string FoldersVariable = "LINKCODEC_SNAPSHOTS";

    /// <summary>Hex digits that a name's beginning has at least.</summary>
    public const int ShortestPrefix = 4;

    private readonly string[] _folders;

    /// <summary>A store over folders, each of which holds snapshots as folders or is one itself.</summary>
    /// <param name="folders">The folders, in the order in which they are searched; those that do not exist are passed
    /// over.</param>
    public SnapshotStore(params IEnumerable<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        _folders = [.. folders];
    }

    /// <summary>The folders of <see cref="FoldersVariable"/>, then <c>snapshots</c> beside the application.</summary>
    public static SnapshotStore Default => FromVariable(Environment.GetEnvironmentVariable(FoldersVariable));

    /// <summary>The folders that the store looks into, in order.</summary>
    public IReadOnlyList<string> Folders => _folders;

    /// <summary>Every snapshot, in the order of the folders and by path within each. Reads manifests alone.</summary>
    internal IReadOnlyList<SnapshotEntry> List() => [.. _folders.SelectMany(ListFolder)];

    /// <summary>Finds one snapshot and reads its manifest.</summary>
    /// <param name="snapshot">
    /// The path of a folder with a manifest, which has a separator in it (<c>./my-model</c>); or a label, else the
    /// first hex digits of a name (four or more). Null: <see cref="DefaultLabel"/>. The first folder of the store that
    /// has it wins.
    /// </param>
    /// <exception cref="LinkException">SnapshotNotFound when there is none or the digits fit several; or what is wrong
    /// with the manifest.</exception>
    internal SnapshotFiles Find(string? snapshot = null)
    {
        string wanted = string.IsNullOrEmpty(snapshot) ? DefaultLabel : snapshot;
        SharedSnapshotFolder folder = new(wanted);
        if (wanted.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar))
        {
            return folder.HasManifest
                ? SnapshotFiles.Open(folder)
                : throw new LinkException(LinkErrorCode.SnapshotNotFound,
                    $"'{wanted}' is no snapshot: there is no folder with a {SnapshotFiles.ManifestPath}.");
        }

        foreach (string place in _folders)
        {
            SnapshotEntry[] entries = [.. ListFolder(place)];
            if (Match(entries, wanted) is SnapshotFiles found)
            {
                return found;
            }

            // A damaged manifest tells no label, but its folder usually bears it.
            SnapshotEntry? damaged =
                entries.FirstOrDefault(e => e.Fault is not null && Path.GetFileName(e.Location) == wanted);
            if (damaged?.Fault is LinkException fault)
            {
                throw new LinkException(fault.Code, fault.Message, fault);
            }
        }

        string hint = folder.HasManifest ? $" The folder of that name here is meant by './{wanted}'." : "";
        throw new LinkException(LinkErrorCode.SnapshotNotFound,
            $"There is no snapshot '{wanted}' in {string.Join(" or in ", _folders)}.{hint}");
    }

    /// <summary>
    /// Finds one snapshot, checks its files, builds its predictor and runs its self-test. Takes some hundred
    /// milliseconds.
    /// </summary>
    /// <param name="snapshot">The snapshot's name, label or folder, as for <see cref="Find"/>.</param>
    /// <param name="device">The device that a language model runs on; as for
    /// <see cref="SnapshotLoader.Load(SnapshotFiles, ModelDevice)"/>.</param>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="LinkException">SnapshotNotFound, SnapshotAltered, SnapshotTooNew, LimitExceeded,
    /// DeviceUnavailable, or NumericsMismatch when this machine computes otherwise.</exception>
    public Snapshot Load(string? snapshot = null, ModelDevice device = default) =>
        SnapshotLoader.Load(Find(snapshot), device);

    internal static SnapshotStore FromVariable(string? folders)
    {
        string[] named = (folders ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new SnapshotStore([.. named, Path.Combine(AppContext.BaseDirectory, "snapshots")]);
    }

    private static IEnumerable<SnapshotEntry> ListFolder(string place)
    {
        if (new SnapshotFolder(place).HasManifest)
        {
            return [Read(place)];
        }

        try
        {
            return [.. Directory.EnumerateDirectories(place).Where(f => new SnapshotFolder(f).HasManifest)
                .Order(StringComparer.Ordinal).Select(Read)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The place is not there, or not for us: the search goes on, and names its places when it ends with
            // nothing.
            return [];
        }
    }

    private static SnapshotEntry Read(string folder)
    {
        try
        {
            return new SnapshotEntry(folder, SnapshotFiles.Open(new SharedSnapshotFolder(folder)), null);
        }
        catch (LinkException e)
        {
            return new SnapshotEntry(folder, null, e);
        }
    }

    private static SnapshotFiles? Match(SnapshotEntry[] entries, string wanted)
    {
        SnapshotFiles[] files = [.. entries.Select(e => e.Files).OfType<SnapshotFiles>()
            .DistinctBy(f => f.Manifest.Name)];
        SnapshotFiles[] matches = [.. files.Where(f => f.Manifest.Label == wanted)];
        if (matches.Length == 0 && wanted.Length >= ShortestPrefix)
        {
            matches = [
                .. files.Where(f => f.Manifest.Name.ToString().StartsWith(wanted, StringComparison.OrdinalIgnoreCase))];
        }

        return matches.Length < 2
            ? matches.FirstOrDefault()
            : throw new LinkException(
                LinkErrorCode.SnapshotNotFound,
                $"'{wanted}' fits {matches.Length} snapshots: "
                    + $"{string.Join(", ", matches.Select(f => $"{f.Manifest.Name} at {f.Location}"))}.");
    }
}
