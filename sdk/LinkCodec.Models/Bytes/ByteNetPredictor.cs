using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Bytes;

/// <summary>A recurrent network over bytes in an exact ONNX graph: one step a symbol, a state of fixed size, any number of streams a step.</summary>
/// <remarks>
/// Streams share one executor, which many lanes may run at the same time. Lanes live on after the predictor is disposed.
/// Spec: protocol-spec/07-prediction.md.
/// </remarks>
internal sealed class ByteNetPredictor : Predictor
{
    /// <summary>The snapshot's file with the graph.</summary>
    internal const string GraphPath = "model.onnx";

    /// <summary>The snapshot's file with the weights of distances.</summary>
    internal const string TablePath = "weights-table.bin";

    private bool _disposed;

    private ByteNetPredictor(ByteNetExecutor executor, WeightsTable table, int frequencyBits)
    {
        Executor = executor;
        Table = table;
        FrequencyBits = frequencyBits;
        Start = new ByteNetStart(executor);
    }

    /// <inheritdoc/>
    public override int AlphabetSize => ByteAlphabet;

    /// <inheritdoc/>
    public override int FrequencyBits { get; }

    /// <summary>What runs the network.</summary>
    internal ByteNetExecutor Executor { get; }

    /// <summary>A stream's state.</summary>
    internal ByteNetShape Shape => Executor.Shape;

    /// <summary>From logits to weights.</summary>
    internal WeightsTable Table { get; }

    /// <summary>State and logits after START.</summary>
    internal ByteNetStart Start { get; }

    /// <summary>Makes the predictor of a snapshot of this family.</summary>
    /// <exception cref="LinkException">A file is missing, altered or not a byte net's, or the graph has other dimensions than the manifest.</exception>
    internal static ByteNetPredictor Create(SnapshotFiles files)
    {
        byte[] graph = files.ReadNeeded(GraphPath).ToArray();
        ReadOnlyMemory<byte> table = files.ReadNeeded(TablePath);
        ByteNetworkShape network = files.Manifest.Networks[0];
        ByteNetPredictor predictor = Load(graph, table.Span, files.Manifest.FrequencyBits, network.LargestBatch);
        try
        {
            predictor.Shape.Require(network, files.Location);
            return predictor;
        }
        catch
        {
            predictor.Dispose();
            throw;
        }
    }

    /// <summary>Loads a byte net. Takes some tens of milliseconds for a few million parameters.</summary>
    /// <param name="graph">The ONNX file's bytes.</param>
    /// <param name="table">The weights table's bytes.</param>
    /// <param name="frequencyBits">Binary logarithm of the frequencies' sum, 16 to 24.</param>
    /// <param name="largestBatch">Rows that one run of the graph may take, 1 or more; larger steps are split.</param>
    /// <param name="options">How to run it with ONNX Runtime; without, the kernel runs it if it recognises the graph. Results do not depend on it.</param>
    /// <exception cref="LinkException">The graph or the table is not a byte net's.</exception>
    internal static ByteNetPredictor Load(byte[] graph, ReadOnlySpan<byte> table, int frequencyBits, int largestBatch, GraphOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(largestBatch, 1);
        if (frequencyBits is < 16 or > 24)
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound, $"A byte net cannot be coded with frequencies of {frequencyBits} bits.");
        }

        WeightsTable weights = WeightsTable.Parse(table);
        ByteNetExecutor executor = ByteNetExecutor.Open(graph, largestBatch, options);
        try
        {
            return new ByteNetPredictor(executor, weights, frequencyBits);
        }
        catch
        {
            executor.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Each stream takes its state and the buffers of one row.</remarks>
    public override PredictorLanes CreateLanes(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxLanes);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return new ByteNetLanes(this, capacity);
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
