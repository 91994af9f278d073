using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Bytes;

/// <summary>A recurrent network over bytes in an exact ONNX graph: one step a symbol, a state of fixed size, any number of streams a step.</summary>
/// <remarks>
/// Streams share one session, which many lanes may run at the same time. Lanes live on after the predictor is disposed.
/// Spec: protocol-spec/07-prediction.md.
/// </remarks>
internal sealed class ByteNetPredictor : Predictor
{
    private const int MaxLanes = 256;
    private readonly float[] _startState;
    private readonly int[] _startLogits = new int[ByteAlphabet];
    private bool _disposed;

    private ByteNetPredictor(GraphSession graph, ByteNetShape shape, WeightsTable table, int frequencyBits, int largestBatch)
    {
        LargestBatch = largestBatch;
        Graph = graph;
        Shape = shape;
        Table = table;
        FrequencyBits = frequencyBits;
        _startState = new float[shape.States * shape.Width];

        // spec 7.2-1: a message starts from the zero state and the START token. Both are the same for all, so they run once.
        using var lanes = new ByteNetLanes(this, 1);
        lanes.RunStart(_startState, _startLogits);
    }

    /// <inheritdoc/>
    public override int AlphabetSize => ByteAlphabet;

    /// <inheritdoc/>
    public override int FrequencyBits { get; }

    /// <summary>Its graph, which the lanes run.</summary>
    internal GraphSession Graph { get; }

    /// <summary>What the graph takes and gives.</summary>
    internal ByteNetShape Shape { get; }

    /// <summary>Rows that one run of the graph may take.</summary>
    internal int LargestBatch { get; }

    /// <summary>From logits to weights.</summary>
    internal WeightsTable Table { get; }

    /// <summary>A stream's state after START, tensor after tensor.</summary>
    internal ReadOnlySpan<float> StartState => _startState;

    /// <summary>Logits of a message's first symbol.</summary>
    internal ReadOnlySpan<int> StartLogits => _startLogits;

    /// <summary>Loads a byte net. Takes some tens of milliseconds for a few million parameters.</summary>
    /// <param name="graph">The ONNX file's bytes.</param>
    /// <param name="table">The weights table's bytes.</param>
    /// <param name="frequencyBits">Binary logarithm of the frequencies' sum, 16 to 24.</param>
    /// <param name="largestBatch">Rows that one run of the graph may take, 1 or more; larger steps are split.</param>
    /// <param name="options">How to run it; results do not depend on it.</param>
    /// <exception cref="LinkException">The graph or the table is not a byte net's.</exception>
    internal static ByteNetPredictor Load(byte[] graph, ReadOnlySpan<byte> table, int frequencyBits, int largestBatch, GraphOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(largestBatch, 1);
        if (frequencyBits is < 16 or > 24)
        {
            throw new LinkException(LinkErrorCode.SnapshotNotFound, $"A byte net cannot be coded with frequencies of {frequencyBits} bits.");
        }

        WeightsTable weights = WeightsTable.Parse(table);
        GraphSession session = GraphSession.Open(graph, options ?? GraphOptions.Default);
        try
        {
            return new ByteNetPredictor(session, ByteNetShape.Of(session), weights, frequencyBits, largestBatch);
        }
        catch
        {
            session.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Each stream takes twice its state (the step's input and output) and the buffers of one row.</remarks>
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
            Graph.Release();
        }
    }
}
