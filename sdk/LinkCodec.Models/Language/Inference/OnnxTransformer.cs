using LinkCodec.Core.Primitives;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// A transformer as a graph in ONNX Runtime: one session for all caches, which live on after this is disposed of.
/// </summary>
internal sealed class OnnxTransformer : Transformer
{
    private readonly TransformerGraph _graph;
    private readonly GraphSession _session;
    private bool _disposed;

    private OnnxTransformer(TransformerGraph graph, GraphSession session) => (_graph, _session) = (graph, session);

    /// <summary>
    /// The options that the product runs a network with. They plan no layout, which would be kept for each length of
    /// text.
    /// </summary>
    internal static GraphOptions DefaultOptions { get; } = GraphOptions.Default with { Planned = false };

    /// <inheritdoc/>
    public override int Vocabulary => _graph.Shape.Vocabulary;

    /// <inheritdoc/>
    public override int Window => _graph.Shape.Window;

    /// <summary>Loads a store that has its shape in it; takes it over, also when this throws.</summary>
    /// <exception cref="LinkException">SnapshotNotFound or LimitExceeded: the store is not that of a network that can
    /// be run.</exception>
    internal static OnnxTransformer Load(TensorStoreReader store, GraphForm form, GraphOptions options)
    {
        try
        {
            TransformerGraph graph = TransformerGraph.Build(store, StoredShape.Read(store), form);
            return new OnnxTransformer(graph, graph.Open(options, store));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override KvCache CreateCache(int rows) => CreateGraphCache(rows);

    /// <summary>Makes a cache as <see cref="CreateCache"/> does, with the cache's own calls.</summary>
    internal OnnxKvCache CreateGraphCache(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) || !_session.TryAddUser(), this);
        return new OnnxKvCache(_graph, _session, rows);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _session.Release();
        }
    }
}
