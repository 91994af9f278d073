using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder;
using LinkCodec.Models;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Mixed;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder;

public sealed class SnapshotSealerTests : IDisposable
{
    private readonly string _folder = Path.Combine(
        Directory.CreateTempSubdirectory("linkcodec-seal-").FullName, "mixed");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void Equal_files_give_equal_bytes_and_other_files_mean_nothing()
    {
        SnapshotManifest first = TestMixing.Seal(_folder, 2);
        File.WriteAllText(Path.Combine(_folder, "README.md"), "Nothing to the snapshot.");
        SnapshotManifest again = TestMixing.Seal(_folder, 2);
        Assert.Equal(first.Bytes.ToArray(), again.Bytes.ToArray());
        Assert.Equal(first.Bytes.ToArray(), File.ReadAllBytes(ManifestPath));
        Assert.Equal(["context-mixing.bin", "dictionary.bin", "network-0.onnx", "network-1.onnx", "weights-table.bin"],
            first.Files.Select(f => f.Path));
        Assert.Equal(new ByteNetworkShape(6, 16, 64), first.Networks[0]);
        Assert.Equal(SnapshotSealer.DefaultProbe.ToArray(), first.Probe.ToArray());
        Assert.Equal(2, Directory.GetFiles(_folder, "*.m*").Length); // no draft is left behind
    }

    [Fact]
    public void Label_and_probe_are_the_callers()
    {
        TestMixing.WriteFiles(_folder, 0);
        SnapshotManifest one = SnapshotSealer.Seal(_folder, "one", "a probe"u8);
        SnapshotManifest two = SnapshotSealer.Seal(_folder, "two", []);
        Assert.Equal(("one", "two"), (one.Label, two.Label));
        Assert.NotEqual(one.Fingerprint, two.Fingerprint);
        Assert.Equal("two", new SnapshotStore().Find(_folder).Manifest.Label);
        new SnapshotStore().Load(_folder).Dispose();
    }

    [Theory]
    [InlineData("context-mixing.bin", LinkErrorCode.SnapshotNotFound)]
    [InlineData("weights-table.bin", LinkErrorCode.SnapshotNotFound)]
    [InlineData("network-0.onnx", LinkErrorCode.SnapshotAltered)]
    [InlineData("network-1.onnx", LinkErrorCode.SnapshotAltered)]
    public void A_missing_file_is_named_and_nothing_is_written(string file, LinkErrorCode code)
    {
        TestMixing.WriteFiles(_folder, 2);
        File.Delete(Path.Combine(_folder, file));
        LinkException e = Assert.Throws<LinkException>(() => SnapshotSealer.Seal(_folder, "x", []));
        Assert.Equal(code, e.Code);
        Assert.StartsWith(_folder, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(ManifestPath));
    }

    [Fact]
    public void A_file_of_another_kind_is_refused()
    {
        TestMixing.WriteFiles(_folder, 1);
        File.WriteAllBytes(Path.Combine(_folder, MixedSnapshot.TablePath), new byte[5]);
        Assert.Throws<LinkException>(() => SnapshotSealer.Seal(_folder, "x", []));
        File.WriteAllBytes(Path.Combine(_folder, MixedSnapshot.TablePath), TestSnapshots.Table(TestSnapshots.Tiny));
        File.WriteAllBytes(Path.Combine(_folder, MixedSnapshot.NetworkPath(0)), [1, 2, 3]);
        Assert.Throws<LinkException>(() => SnapshotSealer.Seal(_folder, "x", []));
        Assert.False(File.Exists(ManifestPath));
    }

    [Fact]
    public void What_the_spec_forbids_is_the_callers_mistake()
    {
        TestMixing.WriteFiles(_folder, 0);
        Assert.Throws<ArgumentException>(() => SnapshotSealer.Seal(_folder, new string('x', 65), []));
        Assert.Throws<ArgumentException>(() => SnapshotSealer.Seal(_folder, "a\nb", []));
        Assert.Throws<ArgumentOutOfRangeException>(() => SnapshotSealer.Seal(_folder, "x", new byte[4_097]));
        Assert.False(File.Exists(ManifestPath));
    }

    private string ManifestPath => Path.Combine(_folder, SnapshotFiles.ManifestPath);
}
