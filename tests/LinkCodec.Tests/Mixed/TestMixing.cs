using System.Text;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder;
using LinkCodec.ModelBuilder.Training;
using LinkCodec.Models;
using LinkCodec.Models.Bytes;
using LinkCodec.Tests.Bytes;

namespace LinkCodec.Tests.Mixed;

/// <summary>
/// Small snapshots of the family "mixed": context mixing trained on a handful of messages, around networks of random
/// weights.
/// </summary>
internal static class TestMixing
{
    private const string Dictionary =
        "the wind is west and the sky is clear {\"id\":1,\"t\":20.5} $GPGGA,092750.000,5321.6802,N";

    private static readonly Lazy<(byte[] Model, byte[] Dictionary)>[] Trained = [.. Enumerable.Range(0, 3)
        .Select(n => new Lazy<(byte[], byte[])>(() => Train(n)))];

    /// <summary>Writes and seals a snapshot.</summary>
    /// <param name="folder">Made if it is missing.</param>
    /// <param name="networks">0 to 2: the tiny one, and the odd one.</param>
    /// <param name="hasDictionary">Whether with a dictionary.</param>
    internal static SnapshotManifest Seal(string folder, int networks, bool hasDictionary = true)
    {
        WriteFiles(folder, networks, hasDictionary);
        return SnapshotSealer.Seal(folder, Path.GetFileName(folder), SnapshotSealer.DefaultProbe);
    }

    /// <summary>Writes a snapshot's files without a manifest.</summary>
    internal static void WriteFiles(string folder, int networks, bool hasDictionary = true)
    {
        Directory.CreateDirectory(folder);
        (byte[] file, byte[] dictionary) = Trained[networks].Value;
        File.WriteAllBytes(Path.Combine(folder, MixedSnapshot.ContextMixingPath), file);
        if (hasDictionary)
        {
            File.WriteAllBytes(Path.Combine(folder, MixedSnapshot.DictionaryPath), dictionary);
        }

        for (int i = 0; i < networks; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, MixedSnapshot.NetworkPath(i)),
                TestSnapshots.Graph(i == 0 ? TestSnapshots.Tiny : TestSnapshots.Odd));
        }

        if (networks > 0)
        {
            File.WriteAllBytes(Path.Combine(folder, MixedSnapshot.TablePath), TestSnapshots.Table(TestSnapshots.Tiny));
        }
    }

    /// <summary>The two files of context mixing.</summary>
    internal static (byte[] Model, byte[] Dictionary) Files(int networks) => Trained[networks].Value;

    /// <summary>Every file of a folder in memory.</summary>
    internal static MemorySnapshotSource InMemory(string folder) => new(
        folder, Directory.GetFiles(folder)
            .ToDictionary(f => Path.GetFileName(f), f => (ReadOnlyMemory<byte>)File.ReadAllBytes(f)));

    private static (byte[] Model, byte[] Dictionary) Train(int networkCount)
    {
        WeightsTable table = WeightsTable.Parse(TestSnapshots.Table(TestSnapshots.Tiny));
        ByteModel[] networks = [.. new[] { TestSnapshots.Tiny, TestSnapshots.Odd }.Take(networkCount)
            .Select(folder => ByteNetModel.Load(
                TestSnapshots.Graph(folder), table, new SnapshotStore().Find(folder).Manifest.Networks[0], folder))];
        ProfileSpec[] specs =
        [
            new("prose", ContentHint.Prose, networkCount > 0 ? 0 : -1, false, 3, 3),
            new("json", ContentHint.Json, networkCount - 1, false, 20, 20),
            new("records", ContentHint.Binary, -1, true, 60, 60),
        ];
        TrainingRun[] runs =
        [
            Run(0, "The pump is running again.", "All is well aboard; we sail at dawn.",
                "Wind from the west, the sky is clear, no one is hurt."),
            Run(1, "{\"id\":1,\"t\":20.5,\"ok\":true}", "{\"id\":2,\"t\":20.75,\"ok\":true}",
                "{\"id\":3,\"t\":21.0,\"ok\":false}"),
            Run(2, "\u0001\u0002\u0003\u0004\u0001\u0002\u0004\u0004",
                "\u0001\u0002\u0005\u0004\u0001\u0002\u0006\u0004"),
        ];
        (byte[], byte[]) files = new ContextMixingTrainer(specs, networks, Encoding.ASCII.GetBytes(Dictionary))
            .Train(runs, (count, body) => Enumerable.Range(0, count).ToList().ForEach(body), _ => { });
        foreach (ByteModel network in networks)
        {
            network.Dispose();
        }

        return files;
    }

    private static TrainingRun Run(int profile, params string[] messages) =>
        new(profile, [.. messages.Select(m => (ReadOnlyMemory<byte>)Encoding.Latin1.GetBytes(m))]);
}
