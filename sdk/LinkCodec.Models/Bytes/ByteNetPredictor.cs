using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Bytes;

/// <summary>The family "bytes": a <see cref="ByteNetModel"/> alone.</summary>
/// <remarks>Lanes live on after the predictor is disposed. Spec: protocol-spec/07-prediction.md.</remarks>
internal sealed class ByteNetPredictor : Predictor
{
    /// <summary>The snapshot's file with the graph.</summary>
    internal const string GraphPath = "model.onnx";

    /// <summary>The snapshot's file with the weights of distances.</summary>
    internal const string TablePath = "weights-table.bin";

    private ByteNetPredictor(ByteNetModel model, int frequencyBits) => (Model, FrequencyBits) = (model, frequencyBits);

    /// <inheritdoc/>
    public override int AlphabetSize => ByteAlphabet;

    /// <inheritdoc/>
    public override int FrequencyBits { get; }

    /// <inheritdoc/>
    public override bool HasNetworks => true;

    /// <summary>The network.</summary>
    internal ByteNetModel Model { get; }

    /// <summary>Makes the predictor of a snapshot of this family.</summary>
    /// <exception cref="LinkException">A file is missing, altered or not a byte net's, or the graph has other
    /// dimensions than the manifest.</exception>
    internal static ByteNetPredictor Create(SnapshotFiles files)
    {
        byte[] graph = files.ReadNeeded(GraphPath).ToArray();
        ReadOnlyMemory<byte> table = files.ReadNeeded(TablePath);
        int bits = Checked(files.Manifest.FrequencyBits);
        return new ByteNetPredictor(
            ByteNetModel.Load(graph, WeightsTable.Parse(table.Span), files.Manifest.Networks[0], files.Location), bits);
    }

    /// <summary>Loads a byte net. Takes some tens of milliseconds for a few million parameters.</summary>
    /// <param name="graph">The ONNX file's bytes.</param>
    /// <param name="table">The weights table's bytes.</param>
    /// <param name="frequencyBits">Binary logarithm of the frequencies' sum, 16 to 24.</param>
    /// <param name="largestBatch">Rows that one run of the graph may take, as for
    /// <see cref="ByteNetModel.Load(byte[], WeightsTable, int, GraphOptions?)"/>.</param>
    /// <param name="options">Options of ONNX Runtime, as there.</param>
    /// <exception cref="LinkException">The graph or the table is not a byte net's.</exception>
    internal static ByteNetPredictor Load(byte[] graph, ReadOnlySpan<byte> table, int frequencyBits, int largestBatch,
        GraphOptions? options = null)
    {
        int bits = Checked(frequencyBits);
        return new ByteNetPredictor(ByteNetModel.Load(graph, WeightsTable.Parse(table), largestBatch, options), bits);
    }

    /// <inheritdoc/>
    /// <remarks>Each stream takes its state and the buffers of one row.</remarks>
    public override PredictorLanes CreateLanes(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxLanes);
        return new ByteNetLanes(this, capacity);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Model.Dispose();

    private static int Checked(int frequencyBits) => frequencyBits is >= 16 and <= 24
        ? frequencyBits
        : throw new LinkException(LinkErrorCode.SnapshotNotFound,
            $"A byte net cannot be coded with frequencies of {frequencyBits} bits.");
}
