using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.Models;

public sealed class SnapshotLoaderTests : IDisposable
{
    private readonly string _folder = SnapshotStoreTests.CopyTiny(Path.Combine(Directory.CreateTempSubdirectory("linkcodec-loader-").FullName, "tiny"));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Theory]
    [InlineData("models/snapshots/bytes-1")]
    [InlineData("tests/LinkCodec.Tests/Bytes/assets/tiny")]
    public void ThisMachineComputesTheFingerprintOfTheManifest(string folder)
    {
        using Snapshot snapshot = new SnapshotStore().Load(TestSnapshots.Find(folder));
        Assert.Equal(snapshot.Manifest!.Fingerprint, snapshot.Fingerprint);
        Assert.Equal(Predictor.ByteAlphabet, snapshot.Predictor.AlphabetSize);
        Assert.Equal(TestSnapshots.FrequencyBits, snapshot.Predictor.FrequencyBits);
    }

    [Fact]
    public void AModelThatComputesOtherwiseThanItsManifestSaysIsRefused()
    {
        SnapshotStoreTests.Relabel(_folder, "other", fingerprint: new NumericFingerprint(new byte[32]));
        AssertRefused(LinkErrorCode.NumericsMismatch);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights-table.bin")]
    public void AFileWithOneOtherBitIsRefused(string file)
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
    public void AMissingFileIsRefused(string file)
    {
        File.Delete(Path.Combine(_folder, file));
        AssertRefused(LinkErrorCode.SnapshotNotFound);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights-table.bin")]
    public void AManifestThatNamesNoSuchFileIsRefused(string file)
    {
        SnapshotFile[] others = [.. new SnapshotStore().Find(_folder).Manifest.Files.Where(f => f.Path != file)];
        SnapshotStoreTests.Relabel(_folder, "other", files: others);
        AssertRefused(LinkErrorCode.SnapshotNotFound);
    }

    [Fact]
    public void AFileThatCannotBeReadIsRefusedWithItsPath()
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
    public void AGraphOfOtherDimensionsThanTheManifestSaysIsRefused(int states, int width)
    {
        SnapshotStoreTests.Relabel(_folder, "other", shape: new ByteNetworkShape(states, width, 64));
        AssertRefused(LinkErrorCode.SnapshotAltered);
    }

    [Fact]
    public void OtherFrequencyBitsAreAnotherFingerprint()
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
