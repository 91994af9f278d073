using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;

namespace LinkCodec.Models.Mixed;

/// <summary>A byte net as an input of context mixing. Lanes live on after it is disposed of.</summary>
internal sealed class ByteNetModel : ByteModel
{
    private readonly uint[] _startWeights = new uint[Predictor.ByteAlphabet];
    private bool _disposed;

    private ByteNetModel(ByteNetExecutor executor, WeightsTable table)
    {
        (Executor, Table) = (executor, table);
        Start = new ByteNetStart(executor);
        table.Fill(Start.Logits, _startWeights);
    }

    /// <summary>What runs the network.</summary>
    internal ByteNetExecutor Executor { get; }

    /// <summary>From logits to weights.</summary>
    internal WeightsTable Table { get; }

    /// <summary>State and logits after START.</summary>
    internal ByteNetStart Start { get; }

    /// <summary>Weights of a message's first symbol.</summary>
    internal ReadOnlySpan<uint> StartWeights => _startWeights;

    /// <summary>Loads a network. Takes some tens of milliseconds for a few million parameters.</summary>
    /// <param name="graph">The ONNX file's bytes.</param>
    /// <param name="table">From logits to weights.</param>
    /// <param name="shape">The dimensions that the manifest states.</param>
    /// <param name="location">How to name the graph to a person.</param>
    /// <exception cref="LinkException">The graph is not a byte net's, or has other dimensions.</exception>
    internal static ByteNetModel Load(byte[] graph, WeightsTable table, ByteNetworkShape shape, string location)
    {
        ByteNetExecutor executor = ByteNetExecutor.Open(graph, shape.LargestBatch, null);
        try
        {
            executor.Shape.Require(shape, location);
            return new ByteNetModel(executor, table);
        }
        catch
        {
            executor.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Each stream takes its state and a row of weights and of logits, 2 KiB.</remarks>
    public override ByteModelLanes CreateLanes(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, Predictor.MaxLanes);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return new ByteNetModelLanes(this, capacity);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            Executor.Dispose();
        }
    }
}
