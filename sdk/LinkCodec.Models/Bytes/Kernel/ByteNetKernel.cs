using System.Runtime.CompilerServices;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>The byte net's step in compiled C#: the same bits as its graph, without a graph's runtime.</summary>
/// <remarks>
/// Holds the weights, packed for one <see cref="DotProduct"/>. Immutable, so that any number of
/// <see cref="KernelStates"/> on any threads share it. What equals what: models/training/graph.py writes the graph,
/// <see cref="ByteNetGraphReader"/> takes no other, and tests compare this with ONNX Runtime bit by bit.
/// </remarks>
internal sealed class ByteNetKernel
{
    private readonly float[] _embedding;
    private readonly Layer[] _layers;
    private readonly PackedLinear _head;

    /// <summary>Packs a network's weights. Takes some milliseconds for a few million.</summary>
    internal ByteNetKernel(ByteNetWeights weights, DotProduct dot)
    {
        Dot = dot;
        Shape = new ByteNetShape(weights.States, weights.Width);
        _embedding = PackedLinear.Pad(weights.Embedding, ByteNetShape.Tokens);
        _layers = Array.ConvertAll(weights.Layers, layer => new Layer(layer, dot));
        _head = new PackedLinear(dot, weights.Head, dot.ZeroOfSigned);
        RowLength = RowMath.Padded(weights.Width);
        LongestRow = Math.Max(RowLength, _layers.Max(layer => layer.Up.Columns));
        MostColumns = Math.Max(LongestRow, Math.Max(_head.Columns, _layers.Max(layer => layer.Gates.Columns)));
    }

    /// <summary>The way in which the kernel multiplies.</summary>
    internal DotProduct Dot { get; }

    /// <summary>A lane's state.</summary>
    internal ByteNetShape Shape { get; }

    /// <summary>Floats from one row of a lane's state to the next: the width, padded with zeros.</summary>
    internal int RowLength { get; }

    /// <summary>The longest row that is multiplied, padded.</summary>
    internal int LongestRow { get; }

    /// <summary>The most columns of a product, padded.</summary>
    internal int MostColumns { get; }

    /// <summary>Advances some lanes by one token each.</summary>
    /// <param name="lanes">The lanes' numbers, at most <see cref="KernelWorkspace.Rows"/>. A lane that comes several
    /// times takes its tokens in this order: no product depends on a state, only what is done row by row.</param>
    /// <param name="origins">The lane that each starts from, as the places before it have left that one.</param>
    /// <param name="tokens">A token of 0 to 256 for each of them.</param>
    /// <param name="states">The states of all lanes, lane after lane, row after row.</param>
    /// <param name="workspace">Room to work in; no other step may use it at the same time.</param>
    /// <param name="logits">Takes 257 logits for each of the lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Step(ReadOnlySpan<int> lanes, ReadOnlySpan<int> origins, ReadOnlySpan<int> tokens,
        Span<float> states, KernelWorkspace workspace, Span<int> logits)
    {
        int count = lanes.Length;
        for (int i = 0; i < count; i++)
        {
            _embedding.AsSpan(tokens[i] * RowLength, RowLength).CopyTo(workspace.Residual(i));
        }

        for (int k = 0; k < _layers.Length; k++)
        {
            Layer layer = _layers[k];
            for (int i = 0; i < count; i++)
            {
                Span<float> unit = State(states, lanes[i], origins[i], (3 * k) + 1);
                Signed(workspace, i,
                    RowMath.Shift(workspace.Residual(i), unit, layer.Share1, workspace.Values[..RowLength]), RowLength);
            }

            Multiply(layer.Gates, workspace, count);
            for (int i = 0; i < count; i++)
            {
                PackedLinear gates = layer.Gates;
                Span<float> state = State(states, lanes[i], origins[i], 3 * k);
                Signed(workspace, i, RowMath.Gate(workspace.Sums(i), workspace.Tops[i], gates.Scale, gates.Bias, state,
                    workspace.Values[..RowLength]), RowLength);
            }

            Multiply(layer.Mix, workspace, count);
            for (int i = 0; i < count; i++)
            {
                Span<float> x = workspace.Residual(i);
                RowMath.AddProduct(x, workspace.Sums(i), workspace.Tops[i], layer.Mix.Scale);
                Span<float> unit = State(states, lanes[i], origins[i], (3 * k) + 2);
                Signed(workspace, i, RowMath.Shift(x, unit, layer.Share2, workspace.Values[..RowLength]), RowLength);
            }

            Multiply(layer.Up, workspace, count);
            for (int i = 0; i < count; i++)
            {
                Span<float> inner = workspace.Values[..layer.Up.Columns];
                float top = RowMath.SquareOfPositive(workspace.Sums(i), workspace.Tops[i], layer.Up.Scale, inner);
                workspace.Tops[i] = top;
                RowMath.Quantise(inner, top, RowMath.UnsignedLevels, Dot.ZeroOfUnsigned, workspace.Row(i));
            }

            Multiply(layer.Down, workspace, count);
            for (int i = 0; i < count; i++)
            {
                RowMath.AddProduct(workspace.Residual(i), workspace.Sums(i), workspace.Tops[i], layer.Down.Scale);
            }
        }

        for (int i = 0; i < count; i++)
        {
            // The row's largest value cancels against the norm, of which nothing but the whole numbers' root is left.
            Span<float> x = workspace.Residual(i);
            int squares = RowMath.Quantise(x, RowMath.LargestMagnitude(x), RowMath.SignedLevels, Dot.ZeroOfSigned,
                workspace.Row(i));
            // the correctly rounded root of a float: 53 bits are more than twice 24 and two
            workspace.Tops[i] = (float)Math.Sqrt((double)squares);
        }

        Multiply(_head, workspace, count);
        for (int i = 0; i < count; i++)
        {
            Span<int> padded = workspace.Logits[.._head.Columns];
            RowMath.Logits(workspace.Sums(i), workspace.Tops[i], _head.Scale, _head.Bias, padded);
            padded[..Predictor.ByteAlphabet].CopyTo(logits[(i * Predictor.ByteAlphabet)..]);
        }
    }

    private void Signed(KernelWorkspace workspace, int row, float top, int length)
    {
        workspace.Tops[row] = top;
        RowMath.Quantise(workspace.Values[..length], top, RowMath.SignedLevels, Dot.ZeroOfSigned, workspace.Row(row));
    }

    private void Multiply(PackedLinear linear, KernelWorkspace workspace, int count) =>
        Dot.Multiply(linear.Matrix, workspace.AllRows, LongestRow, workspace.AllSums, MostColumns, count);

    private Span<float> State(Span<float> states, int lane, int origin, int row)
    {
        Span<float> state = Row(states, lane, row);
        if (origin != lane)
        {
            Row(states, origin, row).CopyTo(state);
        }

        return state;
    }

    private Span<float> Row(Span<float> states, int lane, int row) =>
        states.Slice(((lane * Shape.States) + row) * RowLength, RowLength);

    private sealed class Layer(LayerWeights weights, DotProduct dot)
    {
        internal PackedLinear Gates { get; } = new(dot, weights.Gates, dot.ZeroOfSigned, 3);

        internal PackedLinear Mix { get; } = new(dot, weights.Mix, dot.ZeroOfSigned);

        internal PackedLinear Up { get; } = new(dot, weights.Up, dot.ZeroOfSigned);

        internal PackedLinear Down { get; } = new(dot, weights.Down, dot.ZeroOfUnsigned);

        internal float[] Share1 { get; } = PackedLinear.Pad(weights.Share1, 1);

        internal float[] Share2 { get; } = PackedLinear.Pad(weights.Share2, 1);
    }
}
