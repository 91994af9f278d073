using LinkCodec.Core.Prediction;
using LinkCodec.Models.Graphs.Format;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>
/// Recognises the graph of a byte net, node by node as models/training/graph.py writes it, and takes its constants.
/// </summary>
/// <remarks>
/// The kernel (<see cref="ByteNetKernel"/>) computes whatever graph this takes with the same bits. Any other graph is
/// left to ONNX Runtime.
/// </remarks>
internal static class ByteNetGraphReader
{
    private const int LongestInner = 1 << 14;

    /// <summary>Reads an ONNX file. Never throws; memory and time are bounded by the file's size.</summary>
    /// <returns>False for any file that is not such a graph, or whose constants could leave what is exact.</returns>
    internal static bool TryRead(ReadOnlyMemory<byte> file, out ByteNetWeights weights)
    {
        weights = null!;
        if (!OnnxReader.TryRead(file, out OnnxGraph graph) || graph.Opset != 17)
        {
            return false;
        }

        var walk = new GraphWalk(graph);
        int width = Declarations(graph);
        walk.Require(width > 0);
        if (walk.Failed)
        {
            return false;
        }

        string embedding = walk.Input(0);
        string x = walk.Node("Gather", [embedding, ByteNetShape.TokensName], "axis", 0);
        float[] embeddings = walk.Floats(embedding, ByteNetShape.Tokens, width);
        List<LayerWeights> layers = [];
        while (walk.IsNext("Mul", x, x) && layers.Count < (graph.Inputs.Count - 1) / 3)
        {
            layers.Add(ReadLayer(walk, ref x, layers.Count, width));
        }

        LinearWeights head = ReadHead(walk, x, width);
        walk.Require(walk.AtEnd && layers.Count > 0 && graph.Inputs.Count == 1 + (3 * layers.Count));
        weights = new ByteNetWeights(width, embeddings, [.. layers], head);
        return !walk.Failed && ByteNetBounds.Hold(weights);
    }

    // Inputs tokens, s0.. and outputs logits, n0..; the states' width, or 0 if anything is otherwise.
    private static int Declarations(OnnxGraph graph)
    {
        int states = graph.Inputs.Count - 1;
        if (states is < 3 or > ByteNetShape.MaxStates || states % 3 != 0 || graph.Outputs.Count != states + 1
            || !Is(graph.Inputs[0], ByteNetShape.TokensName, OnnxTypes.Int64, -1)
            || !Is(graph.Outputs[0], ByteNetShape.LogitsName, OnnxTypes.Int32, -1, Predictor.ByteAlphabet)
            || graph.Inputs[1].Dimensions.Count != 2)
        {
            return 0;
        }

        long width = graph.Inputs[1].Dimensions[1];
        bool sound = width is > 0 and <= ByteNetBounds.WidestRow && width * states <= ByteNetShape.MaxFloats;
        for (int k = 0; sound && k < states; k++)
        {
            sound = Is(graph.Inputs[k + 1], ByteNetShape.StateName(k), OnnxTypes.Float, -1, width)
                && Is(graph.Outputs[k + 1], ByteNetShape.NextName(k), OnnxTypes.Float, -1, width);
        }

        return sound ? (int)width : 0;
    }

    private static bool Is(OnnxValue value, string name, int type, params ReadOnlySpan<long> dimensions) =>
        value.Name == name && value.Type == type && dimensions.SequenceEqual([.. value.Dimensions]);

    private static LayerWeights ReadLayer(GraphWalk walk, ref string x, int layer, int width)
    {
        string h = ByteNetShape.StateName(3 * layer);
        string shifted = ReadShift(walk, x, (3 * layer) + 1, width, out float[] share1);
        string v = ReadLinear(walk, shifted, width, 3 * width, true, true, out LinearWeights gates);
        v = ReadSquash(walk, v, width);
        string sizes = walk.Input(1);
        walk.RequireIntegers(sizes, width, width, width);
        (string z, string c, string gate) = walk.Split(v, sizes);
        string moved = walk.Node("Add", h, walk.Node("Mul", walk.Node("Sub", c, h), z));
        walk.Require(moved == ByteNetShape.NextName(3 * layer));
        string mixed = ReadLinear(walk, walk.Node("Mul", moved, gate), width, width, true, false,
            out LinearWeights mix);
        x = walk.Node("Add", x, mixed);
        shifted = ReadShift(walk, x, (3 * layer) + 2, width, out float[] share2);
        v = walk.Node("Relu", ReadLinear(walk, shifted, width, 0, true, false, out LinearWeights up));
        v = ReadLinear(walk, walk.Node("Mul", v, v), up.Columns, width, false, false, out LinearWeights down);
        x = walk.Node("Add", x, v);
        return new LayerWeights(gates, mix, up, down, share1, share2);
    }

    // v / (|v| + 1), then z times 1/2 plus 1/2, c as it is, g plus 1
    private static string ReadSquash(GraphWalk walk, string v, int width)
    {
        string magnitude = walk.Node("Abs", v);
        walk.RequireNumber(walk.Input(1), 1);
        v = walk.Node("Div", v, walk.Node("Add", magnitude, walk.Input(1)));
        RequireThirds(walk, walk.Input(1), width, .5f, 1, 1);
        v = walk.Node("Mul", v, walk.Input(1));
        RequireThirds(walk, walk.Input(1), width, .5f, 0, 1);
        return walk.Node("Add", v, walk.Input(1));
    }

    private static void RequireThirds(GraphWalk walk, string name, int width, float first, float second, float third)
    {
        float[] values = walk.Floats(name, 3 * width);
        for (int i = 0; i < values.Length; i++)
        {
            float value = i < width ? first : i < 2 * width ? second : third;
            walk.Require(BitConverter.SingleToUInt32Bits(values[i]) == BitConverter.SingleToUInt32Bits(value));
        }
    }

    // The unit vector of x, which is the state after the step, and what lies between it and the state before.
    private static string ReadShift(GraphWalk walk, string x, int state, int width, out float[] share)
    {
        string squares = walk.Node("Cast", [walk.Node("Round", walk.Node("Mul", x, x))], "to", OnnxTypes.Double);
        string root = walk.Node("Cast", [walk.Node("Sqrt", ReadRowSum(walk, squares))], "to", OnnxTypes.Float);
        string unit = walk.Node("Div", x, root);
        walk.Require(unit == ByteNetShape.NextName(state));
        string before = ByteNetShape.StateName(state);
        string way = walk.Node("Sub", unit, before);
        share = walk.Floats(walk.Input(1), width);
        return walk.Node("Add", before, walk.Node("Mul", way, walk.Input(1)));
    }

    private static string ReadRowSum(GraphWalk walk, string squares)
    {
        string axes = walk.Input(1);
        walk.RequireIntegers(axes, -1);
        return walk.Node("ReduceSum", [squares, axes], "keepdims", 1);
    }

    // Columns 0: as many as the matrix has.
    private static string ReadLinear(GraphWalk walk, string x, int rows, int columns, bool negative, bool biased,
        out LinearWeights linear)
    {
        (string top, string rounded) = ReadRowScale(walk, x, negative);
        string sums = ReadProduct(walk, rounded, rows, ref columns, negative, out sbyte[] weights);
        string y = walk.Node("Mul", sums, top);
        float[] scale = walk.Floats(walk.Input(1), columns);
        y = walk.Node("Mul", y, walk.Input(1));
        float[] bias = [];
        if (biased)
        {
            bias = walk.Floats(walk.Input(1), columns);
            y = walk.Node("Add", y, walk.Input(1));
        }

        linear = new LinearWeights(rows, columns, weights, scale, bias);
        return y;
    }

    private static (string Top, string Rounded) ReadRowScale(GraphWalk walk, string x, bool negative)
    {
        string top = walk.ReduceMax(negative ? walk.Node("Abs", x) : x);
        walk.RequireNumber(walk.Input(1), RowMath.Tiny);
        top = walk.Node("Max", top, walk.Input(1));
        string levels = walk.Input(0);
        walk.RequireNumber(levels, negative ? RowMath.SignedLevels : RowMath.UnsignedLevels);
        return (top, walk.Node("Round", walk.Node("Mul", x, walk.Node("Div", levels, top))));
    }

    private static string ReadProduct(GraphWalk walk, string rounded, int rows, ref int columns, bool negative,
        out sbyte[] weights)
    {
        const byte Zero = 128;
        if (negative)
        {
            walk.RequireNumber(walk.Input(1), Zero);
            rounded = walk.Node("Add", rounded, walk.Input(1));
        }

        string bytes = walk.Node("Cast", [rounded], "to", OnnxTypes.UInt8);
        string matrix = walk.Input(1);
        IReadOnlyList<long> dimensions = walk.Dimensions(matrix);
        if (columns == 0 && dimensions.Count == 2)
        {
            walk.Require(dimensions[1] is > 0 and <= LongestInner);
            columns = walk.Failed ? 0 : (int)dimensions[1];
        }

        weights = walk.SignedBytes(matrix, rows, columns);
        string sums;
        if (negative)
        {
            walk.RequireByte(walk.Input(2), Zero);
            sums = walk.Node("MatMulInteger", bytes, matrix, walk.Input(2));
        }
        else
        {
            sums = walk.Node("MatMulInteger", bytes, matrix);
        }

        return walk.Node("Cast", [sums], "to", OnnxTypes.Float);
    }

    private static LinearWeights ReadHead(GraphWalk walk, string x, int width)
    {
        int columns = Predictor.ByteAlphabet;
        (_, string rounded) = ReadRowScale(walk, x, true);
        string total = ReadRowSum(walk, walk.Node("Mul", rounded, rounded));
        string sums = ReadProduct(walk, rounded, width, ref columns, true, out sbyte[] weights);
        string y = walk.Node("Div", sums, walk.Node("Sqrt", total));
        float[] scale = walk.Floats(walk.Input(1), columns);
        y = walk.Node("Mul", y, walk.Input(1));
        float[] bias = walk.Floats(walk.Input(1), columns);
        y = walk.Node("Round", walk.Node("Add", y, walk.Input(1)));
        walk.RequireNumber(walk.Input(1), -RowMath.LogitLimit);
        walk.RequireNumber(walk.Input(2), RowMath.LogitLimit);
        y = walk.Node("Clip", y, walk.Input(1), walk.Input(2));
        walk.Require(walk.Node("Cast", [y], "to", OnnxTypes.Int32) == ByteNetShape.LogitsName);
        return new LinearWeights(width, columns, weights, scale, bias);
    }
}
