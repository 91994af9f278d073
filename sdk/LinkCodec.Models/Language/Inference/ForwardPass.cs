using LinkCodec.Models.Graphs;
using LinkCodec.Models.Language.Graphs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// The small tensors of a cache's runs, and the bindings of all tensors to the graph. A step's binding is kept until
/// the columns move.
/// </summary>
internal sealed class ForwardPass : IDisposable
{
    private readonly TransformerGraph _graph;
    private readonly GraphSession _session;
    private readonly RunOptions _options = new();
    private readonly PinnedBuffer<long> _tokens, _positions, _lengths, _wanted;
    private readonly PinnedBuffer<byte>[] _newKeys, _newValues;
    private readonly int _headBytes;
    private PinnedBuffer<float> _logits;
    private OrtIoBinding? _step;
    private int _stepRows;

    /// <summary>Takes room for steps of so many rows and for chunks.</summary>
    internal ForwardPass(TransformerGraph graph, GraphSession session, int rows)
    {
        (_graph, _session) = (graph, session);
        int most = Math.Max(rows, OnnxKvCache.ChunkLength);
        (_tokens, _positions, _lengths, _wanted) = (new(most), new(most), new(rows), new(most));
        _logits = new PinnedBuffer<float>(checked(rows * graph.Shape.Vocabulary));
        _headBytes = graph.Shape.KeyValueHeads * graph.Shape.HeadWidth * graph.CacheElement;
        _newKeys = new PinnedBuffer<byte>[graph.Shape.Layers];
        _newValues = new PinnedBuffer<byte>[graph.Shape.Layers];
        for (int layer = 0; layer < _newKeys.Length; layer++)
        {
            (_newKeys[layer], _newValues[layer]) = (new(most * _headBytes), new(most * _headBytes));
        }
    }

    /// <summary>The first rows of logits.</summary>
    internal ReadOnlySpan<float> Logits(int rows) => _logits.Span[..(rows * _graph.Shape.Vocabulary)];

    /// <summary>Keys [K,W,T] that the last run gave for one of its rows.</summary>
    internal ReadOnlySpan<byte> NewKeys(int layer, int row, int count) =>
        _newKeys[layer].Span.Slice(row * count * _headBytes, count * _headBytes);

    /// <summary>Values [K,T,W] that the last run gave for one of its rows.</summary>
    internal ReadOnlySpan<byte> NewValues(int layer, int row, int count) =>
        _newValues[layer].Span.Slice(row * count * _headBytes, count * _headBytes);

    /// <summary>
    /// Runs one token of each of the first rows; a row of token -1 runs along with the first token there is.
    /// </summary>
    internal void Step(KvCacheLayer[] layers, ReadOnlySpan<int> lengths, ReadOnlySpan<int> tokens)
    {
        int window = _graph.Shape.Window;
        for (int row = 0; row < tokens.Length; row++)
        {
            _tokens.Span[row] = Math.Max(tokens[row], 0);
            _positions.Span[row] = Math.Min(lengths[row], window - 1); // a full row is left as it is
            _lengths.Span[row] = lengths[row];
            _wanted.Span[row] = row;
        }

        if (_step is null || _stepRows != tokens.Length || _session.CopiesInputs)
        {
            Forget();
            _step = Bind(layers, 0, tokens.Length, 1, tokens.Length, 0);
            _stepRows = tokens.Length;
        }

        _session.Run(_options, _step);
    }

    /// <summary>Runs tokens of one row.</summary>
    /// <param name="layers">The columns of all layers.</param>
    /// <param name="row">The row in those layers.</param>
    /// <param name="length">Tokens that the row holds.</param>
    /// <param name="tokens">The tokens, at most a chunk.</param>
    /// <param name="wanted">The number of the last tokens whose logits are wanted; 1 or more.</param>
    /// <param name="at">Rows of logits that are there already.</param>
    /// <param name="all">Rows of logits that will be there in the end.</param>
    internal void Chunk(KvCacheLayer[] layers, int row, int length, ReadOnlySpan<int> tokens, int wanted,
        int at, int all)
    {
        if (_logits.Length < (long)all * _graph.Shape.Vocabulary)
        {
            Forget(); // the step is bound to the old logits
            _logits = new PinnedBuffer<float>(checked(all * _graph.Shape.Vocabulary));
        }

        for (int i = 0; i < tokens.Length; i++)
        {
            (_tokens.Span[i], _positions.Span[i]) = (tokens[i], length + i);
        }

        for (int i = 0; i < wanted; i++)
        {
            _wanted.Span[i] = tokens.Length - wanted + i;
        }

        _lengths.Span[0] = length;
        using OrtIoBinding binding = Bind(layers, row, 1, tokens.Length, wanted, at);
        _session.Run(_options, binding);
    }

    /// <summary>Lets a step's binding go: columns or logits are about to move.</summary>
    internal void Forget()
    {
        _step?.Dispose();
        _step = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _options.Dispose();
    }

    private OrtIoBinding Bind(KvCacheLayer[] layers, int row, int rows, int tokens, int wanted, int at)
    {
        TransformerShape shape = _graph.Shape;
        OrtIoBinding binding = _session.CreateBinding();
        try
        {
            Input(binding, TransformerGraph.Tokens, _tokens, rows * tokens, [rows, tokens]);
            Input(binding, TransformerGraph.Positions, _positions, rows * tokens, [rows, tokens]);
            Input(binding, TransformerGraph.Lengths, _lengths, rows, [rows]);
            Input(binding, TransformerGraph.Rows, _wanted, wanted, [wanted]);
            using (OrtValue logits = _logits.Tensor(TensorElementType.Float, at * shape.Vocabulary,
                wanted * shape.Vocabulary, [wanted, shape.Vocabulary]))
            {
                binding.BindOutput(TransformerGraph.Logits, logits);
            }

            (long k, long w) = (shape.KeyValueHeads, shape.HeadWidth);
            for (int layer = 0; layer < shape.Layers; layer++)
            {
                KvCacheLayer from = layers[layer];
                int offset = row * from.RowBytes, size = rows * from.RowBytes, added = rows * tokens * _headBytes;
                using OrtValue keys = from.Keys.Tensor(_graph.CacheType, offset, size, [rows, k, w, from.Columns]);
                using OrtValue values = from.Values.Tensor(_graph.CacheType, offset, size, [rows, k, from.Columns, w]);
                using OrtValue newKeys = _newKeys[layer].Tensor(_graph.CacheType, 0, added, [rows, k, w, tokens]);
                using OrtValue newValues = _newValues[layer].Tensor(_graph.CacheType, 0, added, [rows, k, tokens, w]);
                binding.BindInput(TransformerGraph.Key(layer), keys);
                binding.BindInput(TransformerGraph.Value(layer), values);
                binding.BindOutput(TransformerGraph.NewKey(layer), newKeys);
                binding.BindOutput(TransformerGraph.NewValue(layer), newValues);
            }

            return binding;
        }
        catch
        {
            binding.Dispose();
            throw;
        }
    }

    // The binding keeps its own hold on each tensor's description; the memory is ours.
    private static void Input(OrtIoBinding binding, string name, PinnedBuffer<long> values, int count, long[] shape)
    {
        using OrtValue tensor = values.Tensor(TensorElementType.Int64, 0, count, shape);
        binding.BindInput(name, tensor);
    }
}
