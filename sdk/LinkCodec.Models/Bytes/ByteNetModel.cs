using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Bytes;

/// <summary>
/// A recurrent network over bytes in an exact ONNX graph: one step a symbol, a state of fixed size, any number of
/// streams a step.
/// </summary>
/// <remarks>
/// A predictor of its own (<see cref="ByteNetPredictor"/>) and an input of context mixing. Streams share one executor,
/// which many lanes may run at the same time. Lanes live on after it is disposed of. Spec:
/// protocol-spec/07-prediction.md.
/// </remarks>
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

    /// <summary>The executor that runs the network.</summary>
    internal ByteNetExecutor Executor { get; }

    /// <summary>The table that turns logits into weights.</summary>
    internal WeightsTable Table { get; }

    /// <summary>State and logits after START.</summary>
    internal ByteNetStart Start { get; }

    /// <summary>Weights of a message's first symbol.</summary>
    internal ReadOnlySpan<uint> StartWeights => _startWeights;

    /// <summary>
    /// Loads a network of the dimensions that a manifest states. Takes some tens of milliseconds for a few million
    /// parameters.
    /// </summary>
    /// <param name="graph">The ONNX file's bytes.</param>
    /// <param name="table">The table that turns logits into weights.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="location">The graph's name, for people.</param>
    /// <exception cref="LinkException">The graph is not a byte net's, or has other dimensions.</exception>
    internal static ByteNetModel Load(byte[] graph, WeightsTable table, ByteNetworkShape shape, string location)
    {
        ByteNetModel model = Load(graph, table, shape.LargestBatch);
        try
        {
            model.Executor.Shape.Require(shape, location);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Loads a network.</summary>
    /// <param name="graph">The ONNX file's bytes.</param>
    /// <param name="table">The table that turns logits into weights.</param>
    /// <param name="largestBatch">Rows that one run of the graph may take, 1 or more; larger steps are split.</param>
    /// <param name="options">Options of ONNX Runtime, which then runs the graph; without, the kernel runs it if it
    /// recognises the graph. Results do not depend on it.</param>
    /// <exception cref="LinkException">The graph is not a byte net's.</exception>
    internal static ByteNetModel Load(byte[] graph, WeightsTable table, int largestBatch, GraphOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(largestBatch, 1);
        ByteNetExecutor executor = ByteNetExecutor.Open(graph, largestBatch, options);
        try
        {
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
    public override ByteModelLanes CreateLanes(int capacity) => CreateByteNetLanes(capacity);

    /// <summary>Makes lanes whose logits can be seen.</summary>
    internal ByteNetModelLanes CreateByteNetLanes(int capacity)
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
