using LinkCodec.Models.Graphs.Format;

namespace LinkCodec.Models.Language.Graphs;

/// <summary>
/// The order of a transformer's parts, the same in exact and in float arithmetic. Residual rows are [B*T,D].
/// </summary>
internal abstract class TransformerBlocks(GraphWeights weights, TransformerShape shape)
{
    /// <summary>Score of a column that a token must not see; below every other one.</summary>
    protected const float Hidden = -3e38f;

    private string _fourAxes = "", _cosine = "", _sine = "", _halves = "", _queryKey = "", _headsOf = "";

    /// <summary>The builder that nodes go to.</summary>
    protected GraphBuilder To { get; } = weights.Emitter;

    /// <summary>The store's tensors.</summary>
    protected GraphWeights Weights { get; } = weights;

    /// <summary>The network's shape.</summary>
    protected TransformerShape Shape { get; } = shape;

    /// <summary>Query heads of a key head.</summary>
    protected int Group => Shape.Heads / Shape.KeyValueHeads;

    /// <summary>
    /// The largest values that scores may have, [B,1,G*T,P+T]: <see cref="Hidden"/> in a column that the token must not
    /// see, and the largest float elsewhere.
    /// </summary>
    protected string Mask { get; private set; } = "";

    /// <summary>Columns of the caches and new ones: int64 [2].</summary>
    protected string Columns { get; private set; } = "";

    /// <summary>The caches' numbers, by ONNX's count.</summary>
    protected abstract int CacheType { get; }

    /// <summary>Writes the whole graph.</summary>
    internal void Emit()
    {
        string tokens = To.Input(TransformerGraph.Tokens, OnnxTypes.Int64, -1, -1),
            positions = To.Input(TransformerGraph.Positions, OnnxTypes.Int64, -1, -1);
        string lengths = To.Input(TransformerGraph.Lengths, OnnxTypes.Int64, -1),
            rows = To.Input(TransformerGraph.Rows, OnnxTypes.Int64, -1);
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            To.Input(TransformerGraph.Key(layer), CacheType, -1, Shape.KeyValueHeads, Shape.HeadWidth, -1);
            To.Input(TransformerGraph.Value(layer), CacheType, -1, Shape.KeyValueHeads, -1, Shape.HeadWidth);
        }

        Share(tokens, positions, lengths);
        Prepare();
        string x = Row("embedding", Shape.Vocabulary, tokens);
        if (!Shape.HasRotaryEmbedding)
        {
            x = To.Node("Add", x, Row("position", Shape.Window, positions));
        }

        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            x = To.Node("Add", x, Attention(x, layer));
            x = To.Node("Add", x, FeedForward(x, layer));
        }

        Head(To.Node("Gather", GraphBuilder.Axis(0), x, rows));
        To.Output(TransformerGraph.Logits, OnnxTypes.Float, -1, Shape.Vocabulary);
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            To.Output(TransformerGraph.NewKey(layer), CacheType, -1, Shape.KeyValueHeads, Shape.HeadWidth, -1);
            To.Output(TransformerGraph.NewValue(layer), CacheType, -1, Shape.KeyValueHeads, -1, Shape.HeadWidth);
        }
    }

    /// <summary>Writes what all layers share.</summary>
    protected abstract void Prepare();

    /// <summary>Rows of a table [.., D], flattened.</summary>
    protected abstract string Row(string table, int rows, string indices);

    /// <summary>Norm and linear map to query, key and value: [B*T,(H+2K)W].</summary>
    protected abstract string QueryKeyValue(string x, int layer);

    /// <summary>Norms of the heads of query and key: [B,T,H+K,W], without gains.</summary>
    protected abstract string QueryKeyNorm(string heads);

    /// <summary>Scores, softmax, sum of values and the linear map behind: [B*T,D].</summary>
    /// <param name="query">[B,T,H,W].</param>
    /// <param name="key">[B,T,K,W].</param>
    /// <param name="value">[B,T,K,W].</param>
    /// <param name="layer">The layer, counted from 0.</param>
    protected abstract string Attend(string query, string key, string value, int layer);

    /// <summary>The feed-forward block: [B*T,D].</summary>
    protected abstract string FeedForward(string x, int layer);

    /// <summary>Norm and linear map to the output "logits".</summary>
    protected abstract void Head(string x);

    /// <summary>[B,H,T,W] or [B,K,G*T,W] to rows [B*T,H*W].</summary>
    protected string Joined(string heads)
    {
        string apart = To.Node("Reshape", heads, _headsOf);
        return To.Node("Reshape", To.Transpose(apart, 0, 2, 1, 3), To.Longs(-1, Shape.Heads * Shape.HeadWidth));
    }

    /// <summary>[B,T,H,n] to [B,K,G*T,n]: the queries of a key head together.</summary>
    protected string Grouped(string query, int width) =>
        To.Node("Reshape", To.Transpose(query, 0, 2, 1, 3), To.Longs(0, Shape.KeyValueHeads, -1, width));

    private void Share(string tokens, string positions, string lengths)
    {
        string size = To.Node("Shape", tokens), key = To.Node("Shape", TransformerGraph.Key(0)), zero = To.Longs(0),
            one = To.Longs(1);
        string t = To.Node("Gather", size, one), p = To.Node("Gather", key, To.Longs(3)); // [1]
        Columns = To.Node("Concat", GraphBuilder.Axis(0), p, t);
        _fourAxes = To.Node("Concat", GraphBuilder.Axis(0), size,
            To.Longs(Shape.Heads + (2 * Shape.KeyValueHeads), Shape.HeadWidth));
        _headsOf = To.Node("Concat", GraphBuilder.Axis(0), To.Longs(0, Shape.Heads), t, To.Longs(Shape.HeadWidth));

        // Column c of the cache is seen when it is below the row's length; new column c by new tokens from c on.
        string scalarZero = To.Scalar(OnnxTypes.Int64, 0L), scalarOne = To.Scalar(OnnxTypes.Int64, 1L);
        string columns = To.Node("Range", scalarZero, To.Node("Squeeze", p, zero), scalarOne),
            steps = To.Node("Range", scalarZero, To.Node("Squeeze", t, zero), scalarOne);
        string cached = To.Node("Less", columns, To.Node("Unsqueeze", lengths, To.Longs(1, 2))); // [B,1,P]
        string causal = To.Node("LessOrEqual", steps, To.Node("Unsqueeze", steps, one)); // [T,T]
        string cacheShape = To.Node("Concat", GraphBuilder.Axis(0), size, p),
            newShape = To.Node("Concat", GraphBuilder.Axis(0), size, t);
        // [B,T,P+T]
        string seen = To.Node("Concat", GraphBuilder.Axis(2), To.Node("Expand", cached, cacheShape),
            To.Node("Expand", causal, newShape));
        string mask = To.Node("Unsqueeze", To.Node("Where", seen, To.Scalar(float.MaxValue), To.Scalar(Hidden)), one);
        string[] repeated = new string[Group];
        Array.Fill(repeated, mask);
        Mask = Group == 1 ? mask : To.Node("Concat", GraphBuilder.Axis(2), repeated);
        if (Shape.HasRotaryEmbedding)
        {
            _cosine = Rotation("rope.cos", positions);
            _sine = Rotation("rope.sin", positions);
        }

        _halves = To.Longs(Shape.HeadWidth / 2, Shape.HeadWidth / 2);
        _queryKey = To.Longs(Shape.Heads, Shape.KeyValueHeads);
    }

    private string Rotation(string table, string positions)
    {
        string rows = To.Floats(Weights.Numbers(table, Shape.Window, Shape.HeadWidth), Shape.Window, Shape.HeadWidth);
        return To.Node("Unsqueeze", To.Node("Gather", GraphBuilder.Axis(0), rows, positions), To.Longs(2)); // [B,T,1,W]
    }

    private string Attention(string x, int layer)
    {
        string all = To.Node("Reshape", QueryKeyValue(x, layer), _fourAxes);
        (string rotary, string value) = To.Split(all, 2,
            To.Longs(Shape.Heads + Shape.KeyValueHeads, Shape.KeyValueHeads));
        if (Shape.HasQueryKeyNorm)
        {
            float[] query = Weights.Numbers(layer + ".q_norm", Shape.HeadWidth),
                key = Weights.Numbers(layer + ".k_norm", Shape.HeadWidth);
            float[] gains = [.. Enumerable.Repeat(query, Shape.Heads).SelectMany(g => g),
                .. Enumerable.Repeat(key, Shape.KeyValueHeads).SelectMany(g => g)];
            rotary = To.Node("Mul", QueryKeyNorm(rotary),
                To.Floats(gains, Shape.Heads + Shape.KeyValueHeads, Shape.HeadWidth));
        }

        if (Shape.HasRotaryEmbedding)
        {
            (string first, string second) = To.Split(rotary, 3, _halves);
            string rotated = To.Node("Concat", GraphBuilder.Axis(3), second, first);
            rotary = To.Node("Add", To.Node("Mul", rotary, _cosine), To.Node("Mul", rotated, _sine));
        }

        (string q, string k) = To.Split(rotary, 2, _queryKey);
        return Attend(q, k, value, layer);
    }
}
