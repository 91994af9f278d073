using LinkCodec.Core.Snapshots;

namespace LinkCodec.Tool.Training;

/// <summary>Puts a trained model's files into a folder, in place of an older model's.</summary>
internal static class SnapshotFolderWriter
{
    /// <summary>Writes the files and removes what an older model left under the names of a snapshot; other files stay.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(string folder, byte[] experts, byte[] corpus, IReadOnlyList<ReadOnlyMemory<byte>> networks, ReadOnlyMemory<byte> table)
    {
        Directory.CreateDirectory(folder);

        // The manifest first: what is half replaced must not look whole.
        File.Delete(Path.Combine(folder, SnapshotFiles.ManifestPath));
        Put(MixedSnapshot.ExpertsPath, experts);
        Put(MixedSnapshot.CorpusPath, corpus);
        for (int i = 0; i < SnapshotLimits.Networks; i++)
        {
            Put(MixedSnapshot.NetworkPath(i), i < networks.Count ? networks[i] : default);
        }

        Put(MixedSnapshot.TablePath, networks.Count > 0 ? table : default);

        void Put(string name, ReadOnlyMemory<byte> content)
        {
            string path = Path.Combine(folder, name);
            if (content.IsEmpty)
            {
                File.Delete(path);
            }
            else
            {
                File.WriteAllBytes(path, content.Span);
            }
        }
    }
}
