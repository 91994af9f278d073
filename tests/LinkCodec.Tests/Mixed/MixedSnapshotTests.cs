using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder;
using LinkCodec.Models;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Mixed;

/// <summary>
/// Snapshots of context mixing around networks: loaded with LinkCodec.Models, and without networks by the core alone.
/// </summary>
public sealed class MixedSnapshotTests : IDisposable
{
    private readonly string _folder = Path.Combine(
        Directory.CreateTempSubdirectory("linkcodec-mixed-").FullName, "mixed");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [Spec("6.1-7")]
    [Spec("6.3-2")]
    public void A_sealed_snapshot_is_loaded_and_passes_its_self_test(int networks, bool hasDictionary)
    {
        SnapshotManifest manifest = TestMixing.Seal(_folder, networks, hasDictionary);
        using Snapshot snapshot = new SnapshotStore().Load(_folder);
        Assert.Equal(manifest.Name, snapshot.Name);
        Assert.Equal(manifest.Fingerprint, snapshot.Fingerprint);
        Assert.Equal(networks, snapshot.Manifest!.Networks.Count);
        Assert.Equal(16, snapshot.Predictor.FrequencyBits);
        Assert.Equal(networks, Assert.IsType<ContextMixingPredictor>(snapshot.Predictor).Model.NetworkCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_networks_the_core_alone_loads_the_same(bool hasDictionary)
    {
        SnapshotManifest manifest = TestMixing.Seal(_folder, 0, hasDictionary);
        using Snapshot snapshot = MixedSnapshot.Load(TestMixing.InMemory(_folder), manifest.Name);
        Assert.Equal(manifest.Name, snapshot.Name);
        Assert.Equal(manifest.Fingerprint, snapshot.Fingerprint);
    }

    [Fact]
    [Spec("6.4-3")]
    public void The_self_test_reaches_every_network()
    {
        NumericFingerprint straight = TestMixing.Seal(_folder, 2).Fingerprint;
        foreach (int network in new[] { 0, 1 })
        {
            // The networks of context mixing, but for one that is the other's twin.
            TestMixing.WriteFiles(_folder, 2);
            File.Copy(Path.Combine(_folder, MixedSnapshot.NetworkPath(1 - network)),
                Path.Combine(_folder, MixedSnapshot.NetworkPath(network)), overwrite: true);
            Assert.NotEqual(straight, SnapshotSealer.Seal(_folder, "mixed", SnapshotSealer.DefaultProbe).Fingerprint);
        }
    }

    [Fact]
    public void The_core_alone_refuses_networks_and_other_families()
    {
        TestMixing.Seal(_folder, 1);
        Fails(LinkErrorCode.SnapshotNotFound, () => MixedSnapshot.Load(TestMixing.InMemory(_folder)));
        Fails(LinkErrorCode.SnapshotTooNew, () => MixedSnapshot.Load(TestMixing.InMemory(TestSnapshots.Tiny)));
    }

    [Theory]
    [InlineData("context-mixing.bin")]
    [InlineData("dictionary.bin")]
    [InlineData("network-0.onnx")]
    [InlineData("network-1.onnx")]
    [InlineData("weights-table.bin")]
    [Spec("6.3-1")]
    public void A_file_that_is_altered_or_missing_is_refused(string file)
    {
        TestMixing.Seal(_folder, 2);
        string path = Path.Combine(_folder, file);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Fails(LinkErrorCode.SnapshotAltered, Load);
        File.Delete(path);
        Fails(LinkErrorCode.SnapshotNotFound, Load);
    }

    [Theory]
    [InlineData("context-mixing.bin")]
    [InlineData("network-0.onnx")]
    [InlineData("network-1.onnx")]
    [InlineData("weights-table.bin")]
    [Spec("6.3-2")]
    public void A_manifest_that_lacks_a_needed_file_is_refused(string file)
    {
        SnapshotManifest manifest = TestMixing.Seal(_folder, 2);
        Rewrite(manifest, manifest.Files.Where(f => f.Path != file), manifest.Networks);
        LinkException e = Fails(LinkErrorCode.SnapshotNotFound, Load);
        Assert.Equal($"{_folder}: the manifest names no file '{file}', which the family 'mixed' needs.", e.Message);
    }

    [Fact]
    [Spec("6.3-3")]
    public void Other_networks_than_the_manifest_states_are_refused()
    {
        SnapshotManifest manifest = TestMixing.Seal(_folder, 2);
        Rewrite(manifest, manifest.Files, [manifest.Networks[0]]);
        Assert.Contains("expected context mixing around 1 networks", Fails(LinkErrorCode.SnapshotAltered, Load).Message,
            StringComparison.Ordinal);
        Rewrite(manifest, manifest.Files, [manifest.Networks[1], manifest.Networks[0]]);
        Assert.Contains("network-0.onnx: expected", Fails(LinkErrorCode.SnapshotAltered, Load).Message,
            StringComparison.Ordinal);
        Rewrite(manifest, manifest.Files, []);
        Fails(LinkErrorCode.SnapshotAltered, Load);
    }

    [Fact]
    public void A_dictionary_left_out_is_another_fingerprint()
    {
        // Every probe of ours holds text of the dictionary.
        SnapshotManifest manifest = TestMixing.Seal(_folder, 0);
        Rewrite(manifest, manifest.Files.Where(f => f.Path != MixedSnapshot.DictionaryPath), []);
        Fails(LinkErrorCode.NumericsMismatch, Load);
    }

    [Fact]
    public void Files_that_are_not_context_mixing_are_named_with_their_fault()
    {
        SnapshotManifest manifest = TestMixing.Seal(_folder, 0);
        byte[] other = [1, 2, 3, 4, 5];
        File.WriteAllBytes(Path.Combine(_folder, MixedSnapshot.ContextMixingPath), other);
        Rewrite(manifest, [SnapshotFile.Of(MixedSnapshot.ContextMixingPath, other)], []);
        Assert.StartsWith($"{_folder}/context-mixing.bin: the context mixing's file ",
            Fails(LinkErrorCode.SnapshotNotFound, Load).Message, StringComparison.Ordinal);
    }

    private void Load() => new SnapshotStore().Load(_folder).Dispose();

    private void Rewrite(SnapshotManifest old, IEnumerable<SnapshotFile> files,
        IReadOnlyList<ByteNetworkShape> networks)
    {
        SnapshotManifest manifest = new(old.Family, old.Label, old.FrequencyBits, files, old.Probe.Span,
            old.Fingerprint, networks);
        File.WriteAllBytes(Path.Combine(_folder, SnapshotFiles.ManifestPath), manifest.Bytes.ToArray());
    }

    private static LinkException Fails(LinkErrorCode code, Action action)
    {
        LinkException e = Assert.Throws<LinkException>(action);
        Assert.Equal(code, e.Code);
        return e;
    }
}
