using LinkCodec.Models.Graphs.Format;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Models.Language.Graphs;

/// <summary>
/// Ordinary float arithmetic over a store of float matrices: what the exact blocks approximate. Caches hold floats.
/// </summary>
internal sealed class ReferenceBlocks(GraphWeights weights, TransformerShape shape) : TransformerBlocks(weights, shape)
{
    /// <inheritdoc/>
    protected override int CacheType => OnnxTypes.Float;

    /// <inheritdoc/>
    protected override void Prepare()
    {
    }

    /// <inheritdoc/>
    protected override string Row(string table, int rows, string indices) =>
        To.Node("Gather", GraphBuilder.Axis(0), Weights.Matrix(table, TensorType.Float32, rows, Shape.Width),
            To.Node("Reshape", indices, To.Longs(-1)));

    /// <inheritdoc/>
    protected override string QueryKeyValue(string x, int layer) =>
        Linear(Norm(x), layer + ".qkv", Shape.Width, (Shape.Heads + (2 * Shape.KeyValueHeads)) * Shape.HeadWidth);

    /// <inheritdoc/>
    protected override string QueryKeyNorm(string heads) => Norm(heads);

    /// <inheritdoc/>
    protected override string Attend(string query, string key, string value, int layer)
    {
        string newKey = To.Named(TransformerGraph.NewKey(layer), "Transpose",
            [new OnnxAttribute("perm", true, [0, 2, 3, 1])], key);
        string newValue = To.Named(TransformerGraph.NewValue(layer), "Transpose",
            [new OnnxAttribute("perm", true, [0, 2, 1, 3])], value);
        string grouped = To.Node("Mul", Grouped(query, Shape.HeadWidth),
            To.Scalar((float)(1 / Math.Sqrt(Shape.HeadWidth))));
        string sums = To.Node("Concat", GraphBuilder.Axis(3), To.Node("MatMul", grouped, TransformerGraph.Key(layer)),
            To.Node("MatMul", grouped, newKey));
        string shares = To.Node("Softmax", GraphBuilder.Axis(-1), To.Node("Min", sums, Mask));
        (string cached, string added) = To.Split(shares, 3, Columns);
        string mean = To.Node("Add", To.Node("MatMul", cached, TransformerGraph.Value(layer)),
            To.Node("MatMul", added, newValue));
        return Linear(Joined(mean), layer + ".o", Shape.Heads * Shape.HeadWidth, Shape.Width);
    }

    /// <inheritdoc/>
    protected override string FeedForward(string x, int layer)
    {
        string input = Linear(Norm(x), layer + ".in", Shape.Width,
            Shape.IsGated ? 2 * Shape.FeedForwardWidth : Shape.FeedForwardWidth);
        if (!Shape.IsGated)
        {
            string factor = Weights.Has("erf") ? NormalShare(input) : To.Node("Sigmoid", TanhArgument(input));
            return Linear(To.Node("Mul", input, factor), layer + ".down", Shape.FeedForwardWidth, Shape.Width);
        }

        (string gate, string up) = To.Split(input, 1, To.Longs(Shape.FeedForwardWidth, Shape.FeedForwardWidth));
        return Linear(To.Node("Mul", To.Node("Mul", gate, To.Node("Sigmoid", gate)), up), layer + ".down",
            Shape.FeedForwardWidth, Shape.Width);
    }

    /// <inheritdoc/>
    protected override void Head(string x)
    {
        string head = Weights.Matrix("head", TensorType.Float32, Shape.Width, Shape.Vocabulary);
        bool hasBias = Weights.Has("head.b");
        string product = To.Named(hasBias ? null : TransformerGraph.Logits, "MatMul", [], Norm(x), head);
        if (hasBias)
        {
            To.Named(TransformerGraph.Logits, "Add", [], product,
                To.Floats(Weights.Numbers("head.b", Shape.Vocabulary)));
        }
    }

    /// <summary>GELU's tanh form as x * sigmoid(this): 2 * sqrt(2 / pi) * (x + 0.044715 x^3).</summary>
    private string TanhArgument(string x)
    {
        string inner = To.Node("Add", To.Node("Mul", To.Node("Mul", x, x), To.Scalar(0.044715f)), To.Scalar(1f));
        return To.Node("Mul", To.Node("Mul", x, inner), To.Scalar(1.5957691216f));
    }

    /// <summary>GELU's own factor, the normal distribution's function of x.</summary>
    private string NormalShare(string x)
    {
        string error = To.Node("Erf", To.Node("Mul", x, To.Scalar(0.70710678f)));
        return To.Node("Mul", To.Node("Add", error, To.Scalar(1f)), To.Scalar(0.5f));
    }

    private string Norm(string x)
    {
        string mean = To.Node("ReduceMean", To.Node("Mul", x, x), To.Longs(-1));
        return To.Node("Div", x, To.Node("Sqrt", To.Node("Add", mean, To.Scalar((float)Shape.Epsilon))));
    }

    private string Linear(string x, string name, int inputs, int outputs)
    {
        string product = To.Node("MatMul", x, Weights.Matrix(name, TensorType.Float32, inputs, outputs));
        return Shape.HasBias ? To.Node("Add", product, To.Floats(Weights.Numbers(name + ".b", outputs))) : product;
    }
}
