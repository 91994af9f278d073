using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Import;

namespace LinkCodec.Tool.Training;

/// <summary>
/// A model's files in a folder beside the one that they are for, which stays as it is until they are whole.
/// </summary>
/// <remarks>A draft that a killed command left is removed when the next one begins.</remarks>
internal sealed class SnapshotDraft : IDisposable
{
    private const string LockName = ".lock";

    private readonly string _target;
    private readonly FileStream _lock;

    private SnapshotDraft(string target, string folder, FileStream locked) =>
        (_target, Folder, _lock) = (target, folder, locked);

    /// <summary>Names of the files of a model that was trained.</summary>
    public static IEnumerable<string> TrainedNames =>
        [MixedSnapshot.ContextMixingPath, MixedSnapshot.DictionaryPath, MixedSnapshot.TablePath,
            ZstdDictionaryFile.Path, .. Enumerable.Range(0, SnapshotLimits.Networks).Select(MixedSnapshot.NetworkPath)];

    /// <summary>Names of the files of a language model, and of those that it is put together with.</summary>
    public static IEnumerable<string> ImportedNames => LanguageSealer.FileNames.Union(TrainedNames);

    /// <summary>The folder to write into.</summary>
    public string Folder { get; }

    /// <exception cref="IOException">The folder cannot be made, or another command writes there now.</exception>
    public static SnapshotDraft Begin(string target)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(full))
        {
            throw new IOException($"'{target}' is a file; a snapshot is a folder.");
        }

        string folder = Path.Combine(Path.GetDirectoryName(full) ?? full, $".{Path.GetFileName(full)}.linkcodec-new");
        Directory.CreateDirectory(folder);
        FileStream locked = new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite,
            FileShare.None);
        foreach (string stale in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != LockName))
        {
            File.Delete(stale);
        }

        return new SnapshotDraft(full, folder, locked);
    }

    /// <summary>Writes the files of a trained model; those without content are left out.</summary>
    public void Put(byte[] model, byte[] dictionary, IReadOnlyList<ReadOnlyMemory<byte>> networks,
        ReadOnlyMemory<byte> table, ReadOnlyMemory<byte> zstdDictionary = default)
    {
        List<(string Name, ReadOnlyMemory<byte> Content)> files = [(MixedSnapshot.ContextMixingPath, model),
            (MixedSnapshot.DictionaryPath, dictionary)];
        files.AddRange(networks.Select((network, i) => (MixedSnapshot.NetworkPath(i), network)));
        files.Add((MixedSnapshot.TablePath, networks.Count > 0 ? table : default));
        files.Add((ZstdDictionaryFile.Path, zstdDictionary));
        foreach ((string name, ReadOnlyMemory<byte> content) in files.Where(file => !file.Content.IsEmpty))
        {
            File.WriteAllBytes(Path.Combine(Folder, name), content.Span);
        }
    }

    /// <summary>
    /// Puts the files in their place, and removes what an older model left there under <paramref name="names"/>; other
    /// files stay.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Commit(IEnumerable<string> names)
    {
        Directory.CreateDirectory(_target);
        string manifest = Path.Combine(_target, SnapshotFiles.ManifestPath);

        // The manifest first, and last: what is half replaced must not look whole.
        File.Delete(manifest);
        string[] made = [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)!)
            .Where(name => name != LockName)];
        foreach (string name in names.Except(made))
        {
            File.Delete(Path.Combine(_target, name));
        }

        foreach (string name in made.OrderBy(name => name == SnapshotFiles.ManifestPath))
        {
            File.Move(Path.Combine(Folder, name), Path.Combine(_target, name), overwrite: true);
        }
    }

    /// <summary>Removes what was not put in its place.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
