using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Models;

public sealed class SnapshotLoaderTests : IDisposable
{
    private readonly string _folder = SnapshotStoreTests.CopyTiny(
        Path.Combine(Directory.CreateTempSubdirectory("linkcodec-loader-").FullName, "tiny"));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Theory]
    [InlineData("models/snapshots/bytes-1")]
    [InlineData("tests/LinkCodec.Tests/Bytes/assets/tiny")]
    public void This_machine_computes_the_fingerprint_of_the_manifest(string folder)
    {
        using Snapshot snapshot = new SnapshotStore().Load(TestSnapshots.Find(folder));
        Assert.Equal(snapshot.Manifest!.Fingerprint, snapshot.Fingerprint);
        Assert.Equal(Predictor.ByteAlphabet, snapshot.Predictor.AlphabetSize);
        Assert.Equal(TestSnapshots.FrequencyBits, snapshot.Predictor.FrequencyBits);
    }

    [Fact]
    public void A_model_that_computes_otherwise_than_its_manifest_says_is_refused()
    {
        SnapshotStoreTests.Relabel(_folder, "other", fingerprint: new NumericFingerprint(new byte[32]));
        AssertRefused(LinkErrorCode.NumericsMismatch);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights-table.bin")]
    public void A_file_with_one_other_bit_is_refused(string file)
    {
        string path = Path.Combine(_folder, file);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused(LinkErrorCode.SnapshotAltered);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights-table.bin")]
    public void A_missing_file_is_refused(string file)
    {
        File.Delete(Path.Combine(_folder, file));
        AssertRefused(LinkErrorCode.SnapshotNotFound);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights-table.bin")]
    public void A_manifest_that_names_no_such_file_is_refused(string file)
    {
        SnapshotFile[] others = [.. new SnapshotStore().Find(_folder).Manifest.Files.Where(f => f.Path != file)];
        SnapshotStoreTests.Relabel(_folder, "other", files: others);
        AssertRefused(LinkErrorCode.SnapshotNotFound);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused_with_its_path()
    {
        string path = Path.Combine(_folder, "model.onnx");
        File.Delete(path);
        Directory.CreateDirectory(path);
        AssertRefused(LinkErrorCode.SnapshotNotFound);
    }

    [Theory]
    [InlineData(6, 17)]
    [InlineData(5, 16)]
    [InlineData(0, 0)]
    public void A_graph_of_other_dimensions_than_the_manifest_says_is_refused(int states, int width)
    {
        SnapshotStoreTests.Relabel(_folder, "other", shape: new ByteNetworkShape(states, width, 64));
        AssertRefused(LinkErrorCode.SnapshotAltered);
    }

    [Fact]
    public void Other_frequency_bits_are_another_fingerprint()
    {
        SnapshotStoreTests.Relabel(_folder, "other", bits: 21);
        AssertRefused(LinkErrorCode.NumericsMismatch);
    }

    private void AssertRefused(LinkErrorCode code)
    {
        LinkException refused = Assert.Throws<LinkException>(() => new SnapshotStore().Load(_folder));
        Assert.Equal(code, refused.Code);
        Assert.StartsWith(_folder, refused.Message, StringComparison.Ordinal);
    }
}
