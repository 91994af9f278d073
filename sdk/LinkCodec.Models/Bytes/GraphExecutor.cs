using LinkCodec.Core.Primitives;
using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Bytes;

/// <summary>
/// Runs a byte net's graph with ONNX Runtime: the reference, and for graphs that the kernel does not know.
/// </summary>
internal sealed class GraphExecutor : ByteNetExecutor
{
    private readonly GraphSession _session;
    private readonly int _largestBatch;
    private bool _disposed;

    private GraphExecutor(GraphSession session, int largestBatch)
    {
        Shape = ByteNetShape.Of(session);
        (_session, _largestBatch) = (session, largestBatch);
    }

    /// <inheritdoc/>
    internal override string Name => "onnx-runtime";

    /// <inheritdoc/>
    internal override ByteNetShape Shape { get; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _session.Release();
        }
    }

    /// <summary>Loads a graph.</summary>
    /// <exception cref="LinkException">The bytes are no graph, or not a byte net's.</exception>
    internal static GraphExecutor Load(byte[] graph, int largestBatch, GraphOptions options)
    {
        GraphSession session = GraphSession.Open(graph, options);
        try
        {
            return new GraphExecutor(session, largestBatch);
        }
        catch
        {
            session.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    internal override ByteNetStates CreateStates(int capacity)
    {
        ObjectDisposedException.ThrowIf(!_session.TryAddUser(), this);
        return new GraphStates(_session, Shape, capacity, _largestBatch);
    }
}
