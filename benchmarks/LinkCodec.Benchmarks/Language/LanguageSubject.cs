using LinkCodec.CommandLine;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.ModelBuilder.Import;
using LinkCodec.Models;
using LinkCodec.Models.Bytes;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Benchmarks.Language;

/// <summary>
/// The snapshot that is measured, loaded when it is first needed; its parts, and its predictor without preambles.
/// Thread-safe.
/// </summary>
internal sealed class LanguageSubject : IDisposable
{
    private readonly SnapshotFiles _files;
    private readonly Lazy<Snapshot> _snapshot;
    private readonly Lazy<LanguagePredictor> _plain;
    private readonly Lazy<WeightsTable> _table;

    /// <summary>Finds a snapshot.</summary>
    /// <exception cref="LinkException">There is none, or it is damaged.</exception>
    /// <exception cref="UsageException">The snapshot is of another family.</exception>
    public LanguageSubject(string snapshot)
    {
        _files = SnapshotStore.Default.Find(snapshot);
        if (_files.Manifest.Family != SnapshotManifest.LanguageFamily)
        {
            throw new UsageException($"{_files.Location}: expected a snapshot of the family "
                + $"'{SnapshotManifest.LanguageFamily}', found '{_files.Manifest.Family}'.");
        }

        _table = new Lazy<WeightsTable>(() => WeightsTable.Parse(_files.ReadNeeded(MixedSnapshot.TablePath).Span));
        _snapshot = new Lazy<Snapshot>(() => SnapshotStore.Default.Load(snapshot));
        _plain = new Lazy<LanguagePredictor>(() => new LanguagePredictor(
            new LanguageModel(Model.Network, Model.Tokens, Model.ContextMixing, _table.Value, Model.Shape,
                LinkCodec.Models.Language.Inference.PreambleSet.None, ownsParts: false)));
    }

    /// <summary>The manifest.</summary>
    public SnapshotManifest Manifest => _files.Manifest;

    /// <summary>Whether messages may start after a preamble.</summary>
    public bool HasPreambles => _files.Names(LanguageSnapshot.PreamblesPath);

    /// <summary>The predictor as users have it.</summary>
    public Predictor Predictor => _snapshot.Value.Predictor;

    /// <summary>The predictor without preambles.</summary>
    public Predictor Plain => HasPreambles ? _plain.Value : Predictor;

    /// <summary>The parts.</summary>
    public LanguageModel Model => ((LanguagePredictor)Predictor).Model;

    /// <summary>What messages cost with a network alone, from its begin token.</summary>
    public CrossEntropy Cost(Transformer network, IEnumerable<byte[]> messages) =>
        CrossEntropy.Measure(network, (BytePairTokenizer)Model.Tokens,
            [.. messages.Select(message => new ReadOnlyMemory<byte>(message))], _table.Value, (_, _) => { });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_plain.IsValueCreated)
        {
            _plain.Value.Dispose();
        }

        if (_snapshot.IsValueCreated)
        {
            _snapshot.Value.Dispose();
        }
    }
}
