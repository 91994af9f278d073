using System.Security.Cryptography;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Models;

public sealed class SnapshotStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("linkcodec-store-").FullName;

    private static string TinyName { get; } = new SnapshotStore().Find(TestSnapshots.Tiny).Manifest.Name.ToString();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_snapshot_is_found_by_path_label_name_and_prefix_of_either_case()
    {
        string folder = Add("a/any-folder");
        SnapshotStore store = Store("a");
        Assert.Equal(folder, new SnapshotStore().Find(folder).Location);
        foreach (string wanted in new[] { "tiny-1", TinyName, TinyName.ToUpperInvariant(), TinyName[..4] })
        {
            Assert.Equal(folder, store.Find(wanted).Location);
        }

        AssertNotFound(store, TinyName[..3]);
        AssertNotFound(store, "tiny");
        AssertNotFound(store, "any-folder");
    }

    [Fact]
    public void Without_a_name_the_built_in_snapshot_is_meant()
    {
        SnapshotFiles files = new SnapshotStore(TestSnapshots.Find("models/snapshots")).Find();
        Assert.Equal(SnapshotStore.DefaultLabel, files.Manifest.Label);
        Assert.Equal(["bytes", "mixed", "language"], PredictorCatalog.Families);
    }

    [Fact]
    public void The_first_folder_wins()
    {
        Add("a/x");
        string first = Add("b/y");
        Assert.Equal(first, Store("missing", "b", "a").Find("tiny-1").Location);
    }

    [Fact]
    public void The_same_snapshot_twice_is_no_doubt_but_two_snapshots_of_one_label_are()
    {
        Add("a/x");
        Add("a/y");
        Assert.Equal(Path.Combine(_root, "a", "x"), Store("a").Find("tiny-1").Location);
        Relabel(Add("a/z"), "tiny-1", bits: 21);
        LinkException refused = AssertNotFound(Store("a"), "tiny-1");
        Assert.Contains("fits 2 snapshots", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Path.Combine(_root, "a", "x"), Store("a").Find(TinyName).Location);
    }

    [Fact]
    public void A_folder_that_is_a_snapshot_itself_is_a_search_place()
    {
        string folder = Add("a/x");
        Assert.Equal(folder, new SnapshotStore(folder).Find("tiny-1").Location);
    }

    [Fact]
    public void AFileThatAFolderLacksIsTakenFromANeighbourWithTheSameContent()
    {
        string whole = Add("a/whole");
        string lean = Add("a/lean");
        File.Delete(Path.Combine(lean, "model.onnx"));
        Assert.Equal(TestSnapshots.Graph(whole), TestSnapshots.Graph(lean));
        new SnapshotStore().Find(lean).Verify();
        using (Snapshot loaded = new SnapshotStore().Load(lean))
        {
            Assert.Equal(TinyName, loaded.Name.ToString());
        }

        File.WriteAllBytes(Path.Combine(whole, "model.onnx"),
            new byte[new FileInfo(Path.Combine(whole, "model.onnx")).Length]);
        Assert.Equal(LinkErrorCode.SnapshotAltered, Assert.Throws<LinkException>(() => TestSnapshots.Graph(lean)).Code);
        Directory.Delete(whole, recursive: true);
        File.WriteAllBytes(Path.Combine(Add("a/damaged"), "manifest.msgpack"), [0xC1]);
        Assert.Equal(LinkErrorCode.SnapshotNotFound,
            Assert.Throws<LinkException>(() => TestSnapshots.Graph(lean)).Code);
    }

    [Fact]
    public void WhatShipsHoldsNoContentTwice()
    {
        string[] files = Directory.GetFiles(TestSnapshots.Find("models/snapshots"), "*", SearchOption.AllDirectories);
        Assert.Equal(files.Length, files.Select(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))
            .Distinct().Count());
        Assert.All(new SnapshotStore(TestSnapshots.Find("models/snapshots")).List(), entry => entry.Files!.Verify());
    }

    [Fact]
    public void The_list_shows_damaged_manifests_with_their_fault()
    {
        Add("a/good");
        File.WriteAllBytes(Path.Combine(Add("a/bad"), "manifest.msgpack"), [0xC1]);
        Directory.CreateDirectory(Path.Combine(_root, "a", "other"));
        IReadOnlyList<SnapshotEntry> entries = Store("a").List();
        Assert.Equal(["bad", "good"], entries.Select(e => Path.GetFileName(e.Location)));
        Assert.Null(entries[0].Files);
        Assert.NotNull(entries[0].Fault);
        Assert.Null(entries[1].Fault);
        LinkException fault = AssertNotFound(Store("a"), "bad");
        Assert.Equal(entries[0].Fault!.Message, fault.Message);
        Assert.Equal(entries[1].Location, Store("a").Find("tiny-1").Location);
    }

    [Theory]
    [InlineData("tiny-1")]
    [InlineData("no/such/folder")]
    [InlineData("..")]
    [InlineData("a\0b")]
    public void What_is_not_there_is_not_found(string wanted) => AssertNotFound(Store("a"), wanted);

    [Fact]
    public void The_default_store_looks_where_the_variable_says_and_then_beside_the_application()
    {
        string own = Path.Combine(AppContext.BaseDirectory, "snapshots");
        Assert.Equal(["/one", "/two", own],
            SnapshotStore.FromVariable($"/one{Path.PathSeparator}{Path.PathSeparator}/two").Folders);
        Assert.Equal([own], SnapshotStore.FromVariable(null).Folders);
        // the build puts it there
        Assert.Equal(SnapshotStore.DefaultLabel, SnapshotStore.FromVariable(null).Find().Manifest.Label);
    }

    /// <summary>Writes the manifest anew with another label or other bits.</summary>
    internal static void Relabel(string folder, string label, int? bits = null, NumericFingerprint? fingerprint = null,
        ByteNetworkShape? shape = null, IEnumerable<SnapshotFile>? files = null)
    {
        SnapshotManifest old = new SnapshotStore().Find(folder).Manifest;
        var manifest = new SnapshotManifest(
            old.Family, label, bits ?? old.FrequencyBits, files ?? old.Files, old.Probe.Span,
            fingerprint ?? old.Fingerprint, shape is { } one ? [one] : old.Networks);
        File.WriteAllBytes(Path.Combine(folder, SnapshotFiles.ManifestPath), manifest.Bytes.ToArray());
    }

    /// <summary>Copies the tiny snapshot.</summary>
    internal static string CopyTiny(string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(TestSnapshots.Tiny))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return to;
    }

    private string Add(string folder) => CopyTiny(Path.Combine(_root, folder));

    private SnapshotStore Store(params string[] folders) => new(folders.Select(f => Path.Combine(_root, f)));

    private static LinkException AssertNotFound(SnapshotStore store, string wanted)
    {
        LinkException refused = Assert.Throws<LinkException>(() => store.Find(wanted));
        Assert.Equal(LinkErrorCode.SnapshotNotFound, refused.Code);
        return refused;
    }
}
