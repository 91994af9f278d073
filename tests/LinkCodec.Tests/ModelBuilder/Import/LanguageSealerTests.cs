using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.Models;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Language.Inference;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.Import;

/// <summary>An imported folder becomes a snapshot, and what cannot be sealed leaves none.</summary>
public sealed class LanguageSealerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("linkcodec-sealer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Sealing_again_replaces_what_was_sealed_before()
    {
        TinyImport.WriteFiles(_folder);
        SnapshotManifest first = LanguageSealer.Seal(_folder, "tiny", TinyImport.ContextMixing,
            TinyImport.Preambles("json"));
        Assert.Contains(first.Files, file => file.Path == LanguageSnapshot.PreamblesPath);
        SnapshotManifest second = LanguageSealer.Seal(_folder, "tiny", TinyImport.ContextMixing,
            TinyImport.Preambles());
        Assert.DoesNotContain(second.Files, file => file.Path == LanguageSnapshot.PreamblesPath);
        Assert.False(File.Exists(PathOf(LanguageSnapshot.PreamblesPath)));
        using Snapshot snapshot = new SnapshotStore().Load(_folder);
        Assert.Equal(second.Name, snapshot.Name);
    }

    [Fact]
    public void The_general_sealer_knows_a_language_models_folder()
    {
        SnapshotManifest first = TinyImport.Seal(_folder);
        File.Delete(PathOf(SnapshotFiles.ManifestPath));
        Assert.Equal(first.Name, SnapshotSealer.Seal(_folder, "tiny", LanguageSealer.DefaultProbe).Name);
        SnapshotManifest other = SnapshotSealer.Seal(_folder, "other", SnapshotSealer.DefaultProbe);
        using Snapshot snapshot = new SnapshotStore().Load(_folder);
        Assert.Equal(("other", other.Name, first.TokenNetwork),
            (snapshot.Manifest!.Label, snapshot.Name, snapshot.Manifest.TokenNetwork));
    }

    [Fact]
    [Spec("6.1-8")]
    [Spec("6.3-3")]
    public void Networks_of_context_mixing_come_along_and_go_with_it()
    {
        TinyImport.WriteFiles(_folder);
        SnapshotFiles mixed = new SnapshotStore().Find(TestSnapshots.Find("models/snapshots/mixed-1"));
        SnapshotManifest with = LanguageSealer.Seal(_folder, "tiny", mixed, TinyImport.Preambles("json"));
        Assert.Equal(mixed.Manifest.Networks, with.Networks);
        Assert.Equal(with.Name, SnapshotSealer.Seal(_folder, "tiny", LanguageSealer.DefaultProbe).Name);
        using (Snapshot snapshot = new SnapshotStore().Load(_folder))
        {
            byte[][] messages = LanguageMessageRun.Messages();
            Assert.Equal(messages, LanguageMessageRun.Decode(snapshot.Predictor,
                LanguageMessageRun.Encode(snapshot.Predictor, messages, 7), 3));
        }

        File.WriteAllBytes(PathOf(MixedSnapshot.TablePath), new byte[4096]);
        LinkException e =
            Assert.Throws<LinkException>(() => LanguageSealer.Seal(_folder, "tiny", mixed, TinyImport.Preambles()));
        Assert.Equal(LinkErrorCode.SnapshotAltered, e.Code);
        TinyImport.WriteFiles(_folder);
        Assert.Empty(LanguageSealer.Seal(_folder, "tiny", TinyImport.ContextMixing, TinyImport.Preambles()).Networks);
        Assert.False(File.Exists(PathOf(MixedSnapshot.NetworkPath(0))));
    }

    [Fact]
    [Spec("11.8-1")]
    public void A_preamble_is_cut_to_what_a_context_keeps()
    {
        TinyImport.WriteFiles(_folder);
        byte[] text = TinyImport.Text(1000);
        LanguageSealer.Seal(_folder, "tiny", TinyImport.ContextMixing,
            new Dictionary<string, ReadOnlyMemory<byte>> { ["log"] = text });
        int log = MixedSnapshot.ReadModel(TinyImport.ContextMixing).ProfileNames.ToList().IndexOf("log");
        using Snapshot snapshot = new SnapshotStore().Load(_folder);
        LanguageModel model = ((LanguagePredictor)snapshot.Predictor).Model;
        Assert.Equal((TinyImport.Window / 2) - 1, model.StartOf(log).Count - 1);
        Assert.Equal(0, model.StartOf(0).Count - 1);
    }

    [Theory]
    [InlineData("language.bin")]
    [InlineData("tokenizer.bin")]
    [InlineData("weights-table.bin")]
    public void A_missing_file_is_named_and_no_manifest_stays(string file)
    {
        TinyImport.Seal(_folder);
        File.Delete(PathOf(file));
        LinkException e = Assert.Throws<LinkException>(
            () => LanguageSealer.Seal(_folder, "tiny", TinyImport.ContextMixing, TinyImport.Preambles("json")));
        Assert.Equal(LinkErrorCode.SnapshotNotFound, e.Code);
        Assert.Contains(PathOf(file), e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf(SnapshotFiles.ManifestPath)));
    }

    [Fact]
    public void What_no_folder_could_mend_is_refused_before_anything_is_read()
    {
        SnapshotFiles network = new SnapshotStore().Find(TestSnapshots.Find("models/snapshots/bytes-1"));
        Refuses("not a snapshot of context mixing", "tiny", network);
        Refuses("65 bytes", new string('x', 65), TinyImport.ContextMixing);
        Refuses("no profile 'nothing'; it has prose,", "tiny", TinyImport.ContextMixing, "json", "nothing");
        LanguageSealer.Check("tiny", TinyImport.ContextMixing, ["json"]);

        void Refuses(string says, string label, SnapshotFiles mixing, params string[] profiles)
        {
            Assert.Contains(says, Assert.ThrowsAny<ArgumentException>(
                () => LanguageSealer.Check(label, mixing, profiles)).Message, StringComparison.Ordinal);
            Assert.ThrowsAny<ArgumentException>(
                () => LanguageSealer.Seal(_folder, label, mixing, TinyImport.Preambles(profiles)));
            Assert.Empty(Directory.EnumerateFiles(_folder));
        }
    }

    private string PathOf(string file) => Path.Combine(_folder, file);
}
