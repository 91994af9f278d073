using LinkCodec.Core.Compression;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder;
using LinkCodec.Models;
using LinkCodec.Models.Zstd;
using LinkCodec.Tests.Mixed;
using LinkCodec.Tests.Prediction;
using Xunit;

namespace LinkCodec.Tests.Zstd;

/// <summary>The dictionary as a file of a snapshot: <c>zstd-dictionary.bin</c>.</summary>
public sealed class SnapshotDictionaryTests : IDisposable
{
    private readonly string _folder = Path.Combine(
        Directory.CreateTempSubdirectory("linkcodec-zstd-").FullName, "mixed");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void A_snapshot_compresses_with_its_dictionary()
    {
        SnapshotManifest plain = TestMixing.Seal(_folder, 0);
        Write(ZstdDictionaryFile.Wrap(TestBlocks.Dictionary));
        SnapshotManifest manifest = SnapshotSealer.Seal(_folder, plain.Label, SnapshotSealer.DefaultProbe);
        Assert.NotEqual(plain.Name, manifest.Name);
        Assert.Equal(plain.Fingerprint, manifest.Fingerprint);
        Assert.Contains(manifest.Files, file => file.Path == ZstdDictionaryFile.Path);

        using Snapshot snapshot = new SnapshotStore().Load(_folder);
        using Snapshot core = MixedSnapshot.Load(TestMixing.InMemory(_folder));
        Assert.Equal(TestBlocks.Dictionary, snapshot.ZstdDictionary.ToArray());
        Assert.Equal(TestBlocks.Dictionary, core.ZstdDictionary.ToArray());
        Assert.Same(SnapshotCompressors.Of(snapshot), SnapshotCompressors.Of(snapshot));
        byte[] payload = new byte[200];
        using BlockCompressor compressor = SnapshotCompressors.Of(snapshot).Create();
        using BlockCompressor expected = TestBlocks.Compressor(hasDictionary: true);
        byte[] made = payload[..expected.Compress(TestBlocks.Line(1), payload)];
        Assert.Equal(made, payload[..compressor.Compress(TestBlocks.Line(1), payload)]);
    }

    [Fact]
    public void Without_one_it_compresses_all_the_same()
    {
        TestMixing.Seal(_folder, 0);
        using Snapshot snapshot = new SnapshotStore().Load(_folder);
        using Snapshot none = Snapshot.WithoutFiles(new BitPredictor());
        Assert.All([snapshot, none], one =>
        {
            Assert.True(one.ZstdDictionary.IsEmpty);
            using BlockCompressor compressor = SnapshotCompressors.Of(one).Create();
            Assert.InRange(compressor.Compress(new byte[500], new byte[500]), 1, 30);
        });
    }

    [Theory]
    [Spec("6.3-5")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_no_dictionary_is_refused(int which)
    {
        TestMixing.WriteFiles(_folder, 0);
        byte[] other = [.. TestBlocks.Dictionary];
        other[0] ^= 1; // another magic number
        byte[] tables = [.. TestBlocks.Dictionary];
        tables.AsSpan(8, 100).Fill(0xFF); // Huffman weights that are none
        byte[] file = which switch
        {
            0 => [],
            1 => TestBlocks.Dictionary,
            2 => [.. ZstdDictionaryFile.Wrap(TestBlocks.Dictionary), 0],
            3 => Core.ContextMixing.ContextMixingFile.Wrap(other),
            _ => ZstdDictionaryFile.Wrap(tables),
        };
        Write(file);
        LinkException e = Assert.Throws<LinkException>(() => SnapshotSealer.Seal(_folder, "x", []));
        Assert.Equal(LinkErrorCode.SnapshotNotFound, e.Code);
        Assert.Contains(ZstdDictionaryFile.Path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Spec("6.3-5")]
    public void A_dictionary_of_256_KiB_is_the_largest()
    {
        byte[] content = new byte[ZstdDictionaryFile.MaxContent + 1];
        TestBlocks.Dictionary.CopyTo(content, 0);
        Assert.Throws<ArgumentException>(() => ZstdDictionaryFile.Wrap(content));
        TestMixing.WriteFiles(_folder, 0);
        Write(Core.ContextMixing.ContextMixingFile.Wrap(content));
        Assert.Throws<LinkException>(() => SnapshotSealer.Seal(_folder, "x", []));
        Write(ZstdDictionaryFile.Wrap(content.AsSpan(0, ZstdDictionaryFile.MaxContent)));
        SnapshotSealer.Seal(_folder, "x", []);
    }

    [Theory]
    [InlineData("mixed-1")]
    [InlineData("flight-1")]
    public void The_built_in_snapshots_have_the_same_one(string label)
    {
        SnapshotFiles files = SnapshotStore.Default.Find(label);
        ReadOnlyMemory<byte> dictionary = ZstdDictionaryFile.Read(files);
        Assert.Equal(112_640, dictionary.Length);
        Assert.Equal(dictionary.ToArray(), ZstdDictionaryFile.Read(SnapshotStore.Default.Find("mixed-1")).ToArray());
        using BlockCompressor compressor = new ZstdCompressorFactory(dictionary.Span, label).Create();
        byte[] report = "METAR KSFO 011256Z 28010KT 10SM FEW008 14/11 A3002 RMK AO2 SLP164 T01440111"u8.ToArray();
        Assert.InRange(compressor.Compress(report, new byte[100]), 1, report.Length * 9 / 10);
    }

    private void Write(byte[] file) => File.WriteAllBytes(Path.Combine(_folder, ZstdDictionaryFile.Path), file);
}
