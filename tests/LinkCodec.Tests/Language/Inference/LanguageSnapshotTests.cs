using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Mixed;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

public sealed class LanguageSnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-language-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Spec("6.1-8")]
    [Spec("6.3-2")]
    [Spec("6.4-4")]
    public void A_sealed_snapshot_passes_its_self_test_when_it_is_loaded(bool hasPreambles)
    {
        WriteFiles();
        if (hasPreambles)
        {
            File.WriteAllBytes(PathOf(LanguageSnapshot.PreamblesPath), PreambleSet.Write((0, [5, 6]), (2, [7])));
        }

        SnapshotManifest manifest = Seal();
        using Snapshot snapshot = Snapshot.Load(
            SnapshotFiles.Open(TestMixing.InMemory(_folder), manifest.Name), Create);
        Assert.Equal((manifest.Fingerprint, TestLanguage.Shape()),
            (snapshot.Fingerprint, snapshot.Manifest!.TokenNetwork));
        Assert.Equal((24, "language"), (manifest.FrequencyBits, manifest.Family));
        Assert.Equal(hasPreambles, manifest.Files.Any(f => f.Path == "preambles.bin"));
        Assert.Equal(hasPreambles ? 2 : 0, ((LanguagePredictor)snapshot.Predictor).Model.StartOf(0).Count - 1);
    }

    [Theory]
    [InlineData("language.bin")]
    [InlineData("tokenizer.bin")]
    [InlineData("context-mixing.bin")]
    [InlineData("weights-table.bin")]
    public void A_missing_file_is_named_and_nothing_is_written(string file)
    {
        WriteFiles();
        File.Delete(PathOf(file));
        LinkException e = Assert.Throws<LinkException>(Seal);
        Assert.Equal((LinkErrorCode.SnapshotNotFound, $"{_folder}/{file}: expected a file, found none."),
            (e.Code, e.Message));
        Assert.False(File.Exists(PathOf(SnapshotFiles.ManifestPath)));
    }

    [Fact]
    [Spec("6.4-4")]
    [Spec("11.9-1")]
    public void A_network_that_steps_otherwise_in_batches_is_not_sealed()
    {
        WriteFiles();
        LinkException e = Assert.Throws<LinkException>(() => LanguageSealer.WriteManifest(
            _folder, "broken", LanguageSealer.DefaultProbe, TestLanguage.Shape(), files =>
                Create(files, new FakeTransformer(new FakeTokenizer(), TestLanguage.Window) { BrokenInBatches = 1 })));
        Assert.Equal(LinkErrorCode.NumericsMismatch, e.Code);
    }

    [Fact]
    [Spec("6.3-4")]
    public void Other_dimensions_than_the_manifest_states_are_refused()
    {
        WriteFiles();
        TokenNetworkShape shape = TestLanguage.Shape();
        foreach (TokenNetworkShape other in new[] { shape with { Vocabulary = shape.Vocabulary + 1 },
            shape with { Window = 128 } })
        {
            LinkException e = Assert.Throws<LinkException>(
                () => LanguageSealer.WriteManifest(_folder, "other", [], other, files => Create(files)));
            Assert.Equal(LinkErrorCode.SnapshotAltered, e.Code);
        }
    }

    [Fact]
    [Spec("6.1-8")]
    public void Dimensions_beyond_their_limits_make_no_manifest()
    {
        TokenNetworkShape good = new(1 << 18, 1 << 16, 1 << 15, 1 << 15);
        Assert.Equal(good, Manifest(good).TokenNetwork);
        Assert.Equal(new TokenNetworkShape(2, 16, 1, 2), Manifest(new TokenNetworkShape(2, 16, 1, 2)).TokenNetwork);
        foreach (TokenNetworkShape bad in new[]
        {
            good with { Vocabulary = 1 }, good with { Vocabulary = (1 << 18) + 1 }, good with { Window = 15 },
            good with { Window = (1 << 16) + 1 }, good with { Overlap = 0 }, good with { Overlap = (1 << 15) + 1 },
            good with { ContextTokens = 1 }, good with { ContextTokens = (1 << 15) + 1 },
        })
        {
            Assert.Throws<ArgumentException>(() => Manifest(bad));
        }

        ByteNetworkShape network = new(1, 2, 3);
        SnapshotManifest with = new("x", Files, [], NumericFingerprint.None, good, network, network);
        Assert.True(SnapshotManifest.TryRead(with.Bytes.Span, out SnapshotManifest? read, out LinkErrorCode _));
        Assert.Equal((IEnumerable<ByteNetworkShape>)[network, network], read.Networks);
        Assert.Equal((good, with.Name), (read.TokenNetwork, read.Name));
        byte[] none = [.. Manifest(good).Bytes.Span, 0x90]; // an empty fifth element
        none[none.AsSpan().IndexOf((byte[])[0x08, 0x94]) + 1] = 0x95;
        Assert.False(SnapshotManifest.TryRead(none, out _, out LinkErrorCode error));
        Assert.Equal(LinkErrorCode.Malformed, error);
        Assert.Throws<ArgumentException>(
            () => new SnapshotManifest("x", Files, [], NumericFingerprint.None, good, Enumerable.Repeat(network, 9)));
        Assert.Throws<ArgumentException>(() =>
            new SnapshotManifest(SnapshotManifest.LanguageFamily, "x", 24, Files, [], NumericFingerprint.None, []));

        SnapshotManifest Manifest(TokenNetworkShape shape) => new("x", Files, [], NumericFingerprint.None, shape);
    }

    [Fact]
    public void The_core_alone_names_what_it_lacks()
    {
        WriteFiles();
        Seal();
        LinkException e = Assert.Throws<LinkException>(() => MixedSnapshot.Load(TestMixing.InMemory(_folder)));
        Assert.Equal(LinkErrorCode.SnapshotNotFound, e.Code);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 2, 0 })] // another layout
    [InlineData(new byte[] { 1, 1 })]
    [InlineData(new byte[] { 1, 1, 0, 0, 0 })] // no token
    [InlineData(new byte[] { 1, 1, 3, 1, 0, 5, 0, 0, 0 })] // no such profile
    [InlineData(new byte[] { 1, 1, 0, 1, 0, 5, 0, 0 })] // cut
    [InlineData(new byte[] { 1, 1, 0, 1, 0, 100, 0, 0, 0 })] // no such token
    [InlineData(new byte[] { 1, 1, 0, 1, 0, 5, 0, 0, 255 })]
    [InlineData(new byte[] { 1, 1, 0, 1, 0, 5, 0, 0, 0, 0 })] // a byte after it
    [InlineData(new byte[] { 1, 1, 0, 3, 0, 5, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0 })] // too long
    [InlineData(new byte[] { 1, 2, 1, 1, 0, 5, 0, 0, 0, 1, 1, 0, 5, 0, 0, 0 })] // twice
    [Spec("11.8-2")]
    public void Bytes_that_are_no_preambles_are_refused(byte[] file)
    {
        LinkException e = Assert.Throws<LinkException>(
            () => PreambleSet.Parse(file, profiles: 3, vocabulary: 100, longest: 2, "here"));
        Assert.Equal(LinkErrorCode.SnapshotNotFound, e.Code);
        Assert.StartsWith("here: expected ", e.Message, StringComparison.Ordinal);
    }

    private static SnapshotFile[] Files => [new("x", 1, new byte[32])];

    private static LanguagePredictor Create(SnapshotFiles files) =>
        Create(files, new FakeTransformer(new FakeTokenizer(), TestLanguage.Window));

    private static LanguagePredictor Create(SnapshotFiles files, FakeTransformer network) =>
        LanguageSnapshot.Create(files, _ => network, _ => new FakeTokenizer());

    private SnapshotManifest Seal() =>
        LanguageSealer.WriteManifest(_folder, "language", LanguageSealer.DefaultProbe, TestLanguage.Shape(), Create);

    private void WriteFiles()
    {
        (byte[] file, byte[] dictionary) = TestMixing.Files(0);
        File.WriteAllBytes(PathOf(MixedSnapshot.ContextMixingPath), file);
        File.WriteAllBytes(PathOf(MixedSnapshot.DictionaryPath), dictionary);
        File.WriteAllBytes(PathOf(MixedSnapshot.TablePath), TestSnapshots.Table(TestSnapshots.Tiny));
        foreach (string path in new[] { LanguageSnapshot.NetworkPath, LanguageSnapshot.TokensPath })
        {
            File.WriteAllText(PathOf(path), "not read by the tests");
        }
    }

    private string PathOf(string file) => Path.Combine(_folder, file);
}
