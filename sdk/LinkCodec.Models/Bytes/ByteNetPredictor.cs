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

    private readonly float[] _startState;
    private readonly int[] _startLogits = new int[ByteAlphabet];
    private bool _disposed;

    private ByteNetPredictor(ByteNetExecutor executor, WeightsTable table, int frequencyBits)
    {
        Executor = executor;
        Table = table;
        FrequencyBits = frequencyBits;
        _startState = new float[Shape.States * Shape.Width];

        // The start state is what the zero state and the START token give: the same for all messages, so it is computed once.
        using ByteNetStates states = executor.CreateStates(1);
        states.Step([0], [ByteNetShape.StartToken], _startLogits);
        states.Save(0, _startState);
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

    /// <summary>A stream's state after START, tensor after tensor.</summary>
    internal ReadOnlySpan<float> StartState => _startState;

    /// <summary>Logits of a message's first symbol.</summary>
    internal ReadOnlySpan<int> StartLogits => _startLogits;

    /// <summary>Makes the predictor of a snapshot of this family.</summary>
    /// <exception cref="LinkException">A file is missing, altered or not a byte net's, or the graph has other dimensions than the manifest.</exception>
    internal static ByteNetPredictor Create(SnapshotFiles files)
    {
        byte[] graph = Read(files, GraphPath).ToArray();
        ReadOnlyMemory<byte> table = Read(files, TablePath);
        SnapshotManifest manifest = files.Manifest;
        ByteNetPredictor predictor = Load(graph, table.Span, manifest.FrequencyBits, manifest.Network.LargestBatch);
        if (predictor.Shape == new ByteNetShape(manifest.Network.StateTensors, manifest.Network.StateWidth))
        {
            return predictor;
        }

        predictor.Dispose();
        throw new LinkException(
            LinkErrorCode.SnapshotAltered,
            $"{files.Location}: expected {manifest.Network.StateTensors} states of {manifest.Network.StateWidth}, found {predictor.Shape.States} of {predictor.Shape.Width}.");
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

    private static ReadOnlyMemory<byte> Read(SnapshotFiles files, string path) =>
        files.Manifest.Files.Any(f => f.Path == path)
            ? files.Read(path)
            : throw new LinkException(LinkErrorCode.SnapshotNotFound, $"{files.Location}: the manifest names no file '{path}', which a byte net needs.");
}
