using LinkCodec.Models.Graphs.Format;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Models.Language.Graphs;

/// <summary>
/// The exact arithmetic: integers in every sum, and else only operators that IEEE 754 fixes to the last bit. Nothing
/// crosses rows.
/// </summary>
internal sealed class ExactBlocks : TransformerBlocks
{
    private const int TableLength = 1024;
    private const int Digit = 128; // base of the two digits of the softmax's weights
    private readonly ExactMath _math;
    private string _high = "", _low = "", _activation = "", _ones = "";

    /// <summary>Blocks over a store of quantised tensors.</summary>
    internal ExactBlocks(GraphWeights weights, TransformerShape shape, GraphForm form)
        : base(weights, shape) => _math = new ExactMath(weights, form);

    /// <inheritdoc/>
    protected override int CacheType => OnnxTypes.Int8;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        ReadTables();
        _ones = To.Node("Expand", To.Constant<sbyte>(OnnxTypes.Int8, [1], 1, 1),
            To.Node("Concat", GraphBuilder.Axis(0), To.Node("ReduceSum", Columns), To.Longs(1)));
    }

    /// <inheritdoc/>
    protected override string Row(string table, int rows, string indices)
    {
        string flat = To.Node("Reshape", indices, To.Longs(-1));
        string row = To.Node("Gather", GraphBuilder.Axis(0),
            Weights.Matrix(table + ".q", TensorType.Int8, rows, Shape.Width), flat);
        string scale = To.Node("Gather", GraphBuilder.Axis(0),
            To.Floats(Weights.Numbers(table + ".s", rows), rows, 1), flat);
        return To.Node("Mul", To.Cast(row, OnnxTypes.Float), scale);
    }

    /// <inheritdoc/>
    protected override string QueryKeyValue(string x, int layer) =>
        _math.NormLinear(x, new ExactLinear(layer + ".qkv", Shape.Width,
            (Shape.Heads + (2 * Shape.KeyValueHeads)) * Shape.HeadWidth, Shape.HasBias), Shape.Epsilon);

    /// <inheritdoc/>
    protected override string QueryKeyNorm(string heads) => _math.Norm(heads, Shape.HeadWidth, Shape.Epsilon);

    /// <inheritdoc/>
    protected override string Attend(string query, string key, string value, int layer)
    {
        float[] keyRange = Range(layer + ".k_range"), valueRange = Range(layer + ".v_range");
        string newKey = _math.Fit(To.Transpose(key, 0, 2, 3, 1), keyRange, ExactMath.Wide,
            TransformerGraph.NewKey(layer));
        string newValue = _math.Fit(To.Transpose(value, 0, 2, 1, 3), valueRange, ExactMath.Wide,
            TransformerGraph.NewValue(layer));
        string most = _math.Largest(query);
        string bytes = Grouped(_math.Quantise(query, most, ExactMath.Narrow), Shape.HeadWidth);

        // Scores in steps of the table, so that a score one step below the largest finds the next entry.
        double root = ExactMath.Steps / (ExactMath.Narrow * (double)ExactMath.Wide * Math.Sqrt(Shape.HeadWidth));
        string scale = To.Node("Mul", Grouped(most, 1), _math.PerHead(keyRange, root));
        string sums = To.Node(
            "Concat", GraphBuilder.Axis(3), _math.Product(bytes, TransformerGraph.Key(layer), ExactMath.Narrow),
            _math.Product(bytes, newKey, ExactMath.Narrow));
        string scores = To.Node("Min", To.Node("Mul", To.Cast(sums, OnnxTypes.Float), scale), Mask);
        string top = To.Node("Add", To.Node("ReduceMax", scores, To.Longs(-1)), To.Scalar(0.5f));
        string entry = To.Cast(To.Node("Min", To.Node("Sub", top, scores), To.Scalar((float)(TableLength - 1))),
            OnnxTypes.Int32);

        // The weights' two digits, one below the other, against the values, and against ones for the sum of the
        // weights.
        string digits = To.Node("Concat", GraphBuilder.Axis(2), _math.Look(entry, _high, _low));
        (string cached, string added) = To.Split(digits, 3, Columns);
        string total = To.Node("Add", _math.Product(cached, TransformerGraph.Value(layer), 0),
            _math.Product(added, newValue, 0));
        string share = To.Node("Div", _math.PerHead(valueRange, 1.0 / ExactMath.Wide),
            Composed(_math.Product(digits, _ones, 0)));
        string mean = To.Node("Mul", Composed(total), share);
        return _math.Linear(Joined(mean),
            new ExactLinear(layer + ".o", Shape.Heads * Shape.HeadWidth, Shape.Width, Shape.HasBias));
    }

    /// <inheritdoc/>
    protected override string FeedForward(string x, int layer)
    {
        int columns = Shape.IsGated ? 2 * Shape.FeedForwardWidth : Shape.FeedForwardWidth;
        string input = _math.NormLinear(x, new ExactLinear(layer + ".in", Shape.Width, columns, Shape.HasBias)
        {
            Stepped = Shape.FeedForwardWidth,
        }, Shape.Epsilon);
        (string gate, string up) = Shape.IsGated
            ? To.Split(input, 1, To.Longs(Shape.FeedForwardWidth, Shape.FeedForwardWidth))
            : (input, "");

        // The gate comes in steps of the table, and the table's entries take that back: powers of two, which round
        // nothing.
        float middle = ExactMath.Steps * (float)Shape.ActivationRange;
        string place = To.Node("Clip", To.Node("Add", gate, To.Scalar(middle + 0.5f)), To.Scalar(0f),
            To.Scalar(2 * middle));
        string active = To.Node("Mul", gate, _math.Look(To.Cast(place, OnnxTypes.Int32), _activation)[0]);
        var down = new ExactLinear(layer + ".down", Shape.FeedForwardWidth, Shape.Width, Shape.HasBias)
        {
            Activations = ExactMath.Wide,
        };
        return _math.Linear(Shape.IsGated ? To.Node("Mul", active, up) : active, down);
    }

    /// <inheritdoc/>
    protected override void Head(string x) =>
        _math.NormLinear(x, new ExactLinear("head", Shape.Width, Shape.Vocabulary, Weights.Has("head.b")),
            Shape.Epsilon, TransformerGraph.Logits);

    private void ReadTables()
    {
        float[] activation = Weights.Numbers("activation", (2 * ExactMath.Steps * (int)Shape.ActivationRange) + 1);
        _activation = To.Floats(Array.ConvertAll(activation, f => f / ExactMath.Steps), 1, activation.Length);
        float[] softmax = Weights.Within((Digit * Digit) - 1, "softmax", TableLength);
        if (Array.Exists(softmax, w => w < 0 || w != (int)w) || softmax[0] == 0 || softmax[^1] != 0)
        {
            throw Weights.Bad("'softmax' has to be whole numbers that begin above zero and end with it");
        }

        _high = _math.Bytes(Array.ConvertAll(softmax, w => (byte)((int)w / Digit)));
        _low = _math.Bytes(Array.ConvertAll(softmax, w => (byte)((int)w % Digit)));
    }

    /// <summary>Sums over both digits [B,K,2*G*T,n] to sums over the weights [B,K,G*T,n].</summary>
    private string Composed(string sums)
    {
        (string high, string low) = To.Halves(To.Cast(sums, OnnxTypes.Float), 2);
        return To.Node("Add", To.Node("Mul", high, To.Scalar((float)Digit)), low);
    }

    /// <summary>A head without a calibrated value has the smallest range instead of none.</summary>
    private float[] Range(string name) =>
        Array.ConvertAll(Weights.Numbers(name, Shape.KeyValueHeads), r => Math.Max(r, ExactMath.Smallest));
}
