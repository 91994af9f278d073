using System.Text;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Preambles;
using LinkCodec.Models;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Language.Inference;
using LinkCodec.Tests.ModelBuilder.Import;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.Preambles;

/// <summary>
/// Preambles are made from sample messages and kept where they save bits; the weights stay as they were imported.
/// </summary>
public sealed class PreambleMakerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("linkcodec-preamble-").FullName;

    private string From => Path.Combine(_root, "from");

    private string To => Path.Combine(_root, "to");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [Spec("11.8-1")]
    public void A_preamble_is_kept_where_it_saves_bits_and_others_stay()
    {
        SnapshotFiles snapshot = Sealed();
        (SnapshotManifest manifest, IReadOnlyList<PreambleReport> reports) = Make(snapshot, To,
            new PreambleSample("log", Texts(40)), new PreambleSample("csv", Texts(20)));
        Assert.Equal(["csv", "log"], reports.Select(report => report.Profile).Order());
        Assert.NotEqual(snapshot.Manifest.Name, manifest.Name);
        Assert.All(snapshot.Manifest.Files.Where(file => file.Path != LanguageSnapshot.PreamblesPath), file =>
            Assert.Equal(file.Hash.ToArray(), manifest.Files.Single(other => other.Path == file.Path).Hash.ToArray()));
        using Snapshot loaded = new SnapshotStore().Load(To);
        LanguageModel model = ((LanguagePredictor)loaded.Predictor).Model;
        List<string> names = [.. MixedSnapshot.ReadModel(snapshot).ProfileNames];
        foreach (PreambleReport report in reports)
        {
            Assert.Equal(report.WithBitsPerByte < report.WithoutBitsPerByte, report.IsKept);
            Assert.InRange(report.Tokens, 1, (TinyImport.Window / 2) - 1);
            Assert.Equal(report.IsKept ? report.Tokens : 0, model.StartOf(names.IndexOf(report.Profile)).Count - 1);
        }

        using Snapshot old = new SnapshotStore().Load(From);
        int json = names.IndexOf("json");
        Assert.Equal(((LanguagePredictor)old.Predictor).Model.StartOf(json).Count, model.StartOf(json).Count);
        Assert.True(model.StartOf(json).Count > 1);
    }

    [Fact]
    public void The_snapshots_own_folder_may_take_the_new_one()
    {
        SnapshotFiles snapshot = Sealed();
        (SnapshotManifest manifest, _) = Make(snapshot, From, new PreambleSample(null, Texts(30)));
        using Snapshot loaded = new SnapshotStore().Load(From);
        Assert.Equal((manifest.Name, "with"), (loaded.Name, loaded.Manifest!.Label));
    }

    [Fact]
    public void What_cannot_be_made_is_refused_and_nothing_is_written()
    {
        SnapshotFiles snapshot = Sealed();
        Refuses("no profile 'nothing'; it has prose,", snapshot, new PreambleSample("nothing", Texts(20)));
        Refuses("8 messages or more, and 7 were given", snapshot, new PreambleSample("log", Texts(7)));
        Refuses("family 'mixed'", TinyImport.ContextMixing, new PreambleSample("log", Texts(20)));
        Assert.ThrowsAny<ArgumentException>(() => PreambleMaker.Check(snapshot, new string('x', 65), []));

        void Refuses(string says, SnapshotFiles files, PreambleSample sample)
        {
            Assert.Contains(says, Assert.ThrowsAny<ArgumentException>(() => Make(files, To, sample)).Message,
                StringComparison.Ordinal);
            Assert.False(Directory.Exists(To));
        }
    }

    [Fact]
    public void Candidates_fit_their_limit_and_take_turns_between_kinds()
    {
        FakeTokenizer tokens = new();
        ReadOnlyMemory<byte>[] small = [.. Enumerable.Range(0, 50)
            .Select(i => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes($"a{i % 7} small thing"))];
        ReadOnlyMemory<byte>[] large = [.. Enumerable.Range(0, 50).Select(
            i => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes($"B{i % 5} large thing, B{i % 3} of another kind"))];
        PreambleCandidates maker = new(tokens, tokens.BeginToken, 120);
        IReadOnlyList<PreambleCandidates.Candidate> candidates = maker.Make([small, large]);
        Assert.Equal(candidates.Select(c => c.Tokens), maker.Make([small, large]).Select(c => c.Tokens));
        Assert.All(candidates, candidate =>
        {
            Assert.InRange(candidate.Tokens.Length, 1, 120);
            Assert.Equal(candidate.Messages, candidate.Tokens.Count(token => token == tokens.BeginToken));
            string text = string.Concat(
                candidate.Tokens.Select(token => Encoding.ASCII.GetString(tokens.Bytes(token))));
            Assert.Contains("small thing", text, StringComparison.Ordinal);
            Assert.Contains("large thing", text, StringComparison.Ordinal);
        });
        Assert.True(candidates.Select(c => string.Join(',', c.Tokens)).Distinct().Count() > 4);

        IReadOnlyList<PreambleCandidates.Candidate> cut = new PreambleCandidates(tokens, tokens.BeginToken, 3)
            .Make([large]);
        Assert.All(cut, candidate => Assert.Equal((3, 1), (candidate.Tokens.Length, candidate.Messages)));
        Assert.All(maker.Make([[new byte[] { 0xFF, 0xFE }]]),
            candidate => Assert.Equal((0, 0), (candidate.Tokens.Length, candidate.Messages)));
    }

    [Theory]
    [InlineData(10, 3, new[] { 1, 5, 8 })]
    [InlineData(3, 10, new[] { 0, 1, 2 })]
    [InlineData(4, 1, new[] { 2 })]
    public void Items_are_spread_evenly(int count, int wanted, int[] expected) =>
        Assert.Equal(expected, PreambleCandidates.Spread([.. Enumerable.Range(0, count)], wanted));

    private static ReadOnlyMemory<byte>[] Texts(int count) =>
        [.. Enumerable.Range(3, count).Select(i => (ReadOnlyMemory<byte>)TinyImport.Text(i))];

    private static (SnapshotManifest Manifest, IReadOnlyList<PreambleReport> Reports) Make(
        SnapshotFiles snapshot, string folder, params PreambleSample[] samples) =>
            PreambleMaker.Make(snapshot, folder, "with", samples, _ => { }, CancellationToken.None);

    private SnapshotFiles Sealed()
    {
        Directory.CreateDirectory(From);
        TinyImport.Seal(From);
        return new SnapshotStore().Find(From);
    }
}
