using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Graphs;

namespace LinkCodec.Tests.Bytes;

/// <summary>The snapshots that tests run with, read from the repository.</summary>
internal static class TestSnapshots
{
    internal const int FrequencyBits = 20;
    internal const int LargestBatch = 64;

    /// <summary>Random weights, too small to predict: quick.</summary>
    internal static string Tiny => Find("tests/LinkCodec.Tests/Bytes/assets/tiny");

    /// <summary>Random weights of a width and an inner size that are multiples of no vector.</summary>
    internal static string Odd => Find("tests/LinkCodec.Tests/Bytes/assets/odd");

    /// <summary>The one that ships.</summary>
    internal static string BuiltIn => Find("models/snapshots/bytes-1");

    internal static ByteNetPredictor Load(string folder, GraphOptions? options = null,
        int largestBatch = LargestBatch) =>
            ByteNetPredictor.Load(Graph(folder), Table(folder), FrequencyBits, largestBatch, options);

    internal static byte[] Graph(string folder) => Files(folder).Read("model.onnx").ToArray();

    internal static byte[] Table(string folder) => Files(folder).Read("weights-table.bin").ToArray();

    /// <summary>Copies a snapshot with all of its files, those too that lie in a neighbour's folder.</summary>
    internal static void Copy(string folder, string to)
    {
        SnapshotFiles files = Files(folder);
        Directory.CreateDirectory(to);
        File.WriteAllBytes(Path.Combine(to, SnapshotFiles.ManifestPath), files.Manifest.Bytes.ToArray());
        foreach (SnapshotFile file in files.Manifest.Files)
        {
            File.WriteAllBytes(Path.Combine(to, file.Path), files.Read(file.Path).ToArray());
        }
    }

    /// <summary>A path of the repository that holds the running tests.</summary>
    internal static string Find(string path) => Repository.PathOf(path);

    private static SnapshotFiles Files(string folder) => new SnapshotStore().Find(folder);
}
