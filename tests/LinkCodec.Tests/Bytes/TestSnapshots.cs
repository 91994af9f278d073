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

    internal static ByteNetPredictor Load(string folder, GraphOptions? options = null, int largestBatch = LargestBatch) =>
        ByteNetPredictor.Load(Graph(folder), Table(folder), FrequencyBits, largestBatch, options);

    internal static byte[] Graph(string folder) => File.ReadAllBytes(Path.Combine(folder, "model.onnx"));

    internal static byte[] Table(string folder) => File.ReadAllBytes(Path.Combine(folder, "weights-table.bin"));

    /// <summary>A path of the repository that holds the running tests.</summary>
    internal static string Find(string path) => Repository.PathOf(path);
}
