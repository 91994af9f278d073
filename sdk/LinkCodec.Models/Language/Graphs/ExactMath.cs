using LinkCodec.Models.Graphs.Format;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Models.Language.Graphs;

/// <summary>Exact building blocks over the last axis of a value.</summary>
/// <remarks>
/// QuantizeLinear stands here with scale 1 alone: one pass that rounds half to even, adds a zero point and narrows.
/// Sums are scaled by column first, then by row: with both scales multiplied first, ONNX Runtime's optimiser would fuse
/// them and multiply in another order.
/// </remarks>
internal sealed class ExactMath(GraphWeights weights, GraphForm form)
{
    /// <summary>
    /// The one side of a product of bytes; the other side is <see cref="Wide"/>, so that two products fit 16 bits with
    /// a sign.
    /// </summary>
    internal const int Narrow = 63;

    /// <summary>Largest signed byte.</summary>
    internal const int Wide = 127;

    /// <summary>Entries of a table to 1.</summary>
    internal const int Steps = 64;

    /// <summary>The least number that rows are divided by.</summary>
    internal const float Smallest = 1e-6f;

    private const int Fine = 32767;

    private GraphBuilder To => weights.Emitter;

    /// <summary>Largest magnitude of each row [.., 1].</summary>
    internal string Largest(string x) =>
        To.Node("Max", To.Node("ReduceMax", To.Node("Abs", x), To.Longs(-1)), To.Scalar(Smallest));

    /// <summary>Rows as bytes of at most <paramref name="most"/>, in the form's type.</summary>
    internal string Quantise(string x, string largest, int most)
    {
        string scaled = To.Node("Mul", x, To.Node("Div", To.Scalar((float)most), largest));
        return form == GraphForm.UInt8
            ? To.Node("QuantizeLinear", scaled, To.Scalar(1f), Zero(most))
            : To.Node("QuantizeLinear", scaled, To.Scalar(1f), To.Scalar<sbyte>(OnnxTypes.Int8, 0));
    }

    /// <summary>Heads [B,K,..] as signed bytes of at most <paramref name="most"/> against each head's range.</summary>
    internal string Fit(string x, float[] ranges, int most, string output)
    {
        string scaled = To.Node("Mul", x, To.Floats(Array.ConvertAll(ranges, r => most / r), ranges.Length, 1, 1));
        string clipped = To.Node("Clip", scaled, To.Scalar((float)-most), To.Scalar((float)most));
        return To.Named(output, "QuantizeLinear", [], clipped, To.Scalar(1f), To.Scalar<sbyte>(OnnxTypes.Int8, 0));
    }

    /// <summary>Numbers of heads as a constant [K,1,1], multiplied.</summary>
    internal string PerHead(float[] numbers, double by) =>
        To.Floats(Array.ConvertAll(numbers, n => (float)(n * by)), numbers.Length, 1, 1);

    /// <summary>A table [1,n] of bytes below 128, in the form's type.</summary>
    internal string Bytes(byte[] values) =>
        To.Constant<byte>(form == GraphForm.UInt8 ? OnnxTypes.UInt8 : OnnxTypes.Int8, values, 1, values.Length);

    /// <summary>
    /// Entries of tables [1,n], all at the same places. Gather would make a call for each entry, this a loop over one
    /// long row.
    /// </summary>
    internal string[] Look(string index, params string[] tables)
    {
        string shape = To.Node("Shape", index), row = To.Node("Reshape", index, To.Longs(1, -1));
        return Array.ConvertAll(tables,
            t => To.Node("Reshape", To.Node("GatherElements", GraphBuilder.Axis(1), t, row), shape));
    }

    /// <summary>
    /// Sums of products, int32, of rows from <see cref="Quantise"/> or, with <paramref name="most"/> 0, of bytes
    /// without a zero point.
    /// </summary>
    internal string Product(string rows, string matrix, int most) =>
        form == GraphForm.UInt8 && most != 0
            ? To.Node("MatMulInteger", rows, matrix, Zero(most))
            : To.Node("MatMulInteger", rows, matrix);

    /// <summary>A linear map of rows with scales of their own.</summary>
    internal string Linear(string x, ExactLinear linear)
    {
        string largest = Largest(x);
        return Scaled(Multiplied(Quantise(x, largest, linear.Activations), linear), linear, largest,
            1f / linear.Activations, null);
    }

    /// <summary>An RMS norm and a linear map behind it.</summary>
    internal string NormLinear(string x, ExactLinear linear, double epsilon, string? output = null)
    {
        string largest = Largest(x);
        string root = Root(x, To.Node("Div", To.Scalar((float)Fine), largest), linear.Inputs, epsilon);
        string norm = To.Cast(To.Node("Div",
            To.Scalar(OnnxTypes.Double, Fine * Math.Sqrt(linear.Inputs) / linear.Activations), root), OnnxTypes.Float);
        return Scaled(Multiplied(Quantise(x, largest, linear.Activations), linear), linear, norm, 1, output);
    }

    /// <summary>An RMS norm.</summary>
    internal string Norm(string x, int width, double epsilon)
    {
        string inverse = To.Node("Div", To.Scalar((float)Fine), Largest(x));
        string root = Root(x, inverse, width, epsilon);
        string scaled = To.Node("Mul", To.Cast(inverse, OnnxTypes.Double),
            To.Scalar(OnnxTypes.Double, Math.Sqrt(width)));
        return To.Node("Mul", x, To.Cast(To.Node("Div", scaled, root), OnnxTypes.Float));
    }

    /// <summary>
    /// The root of the sum of squares of rows times their inverses, with epsilon in the same measure; double.
    /// </summary>
    private string Root(string x, string inverse, int width, double epsilon)
    {
        string scaled = To.Node("Mul", x, inverse);
        string whole = form == GraphForm.UInt8
            ? To.Node("QuantizeLinear", scaled, To.Scalar(1f), To.Scalar<short>(OnnxTypes.Int16, 0))
            : To.Node("Round", scaled); // CUDA's QuantizeLinear gives no 16 bits
        string wide = To.Cast(whole, OnnxTypes.Double);
        // the squares are whole and their sum below 2^53: exact in any order
        string sum = To.Node("ReduceSum", To.Node("Mul", wide, wide), To.Longs(-1));
        string one = To.Cast(inverse, OnnxTypes.Double);
        string added = To.Node("Mul", To.Node("Mul", one, one), To.Scalar(OnnxTypes.Double, epsilon * width));
        return To.Node("Sqrt", To.Node("Add", sum, added));
    }

    private string Multiplied(string rows, ExactLinear linear) => form == GraphForm.Float
        ? To.Node("MatMul", To.Cast(rows, OnnxTypes.Float),
            weights.FloatMatrix(linear.Name + ".q", linear.Inputs, linear.Outputs, linear.Activations))
        : To.Cast(Product(rows, weights.Matrix(linear.Name + ".q", TensorType.Int8, linear.Inputs, linear.Outputs),
            linear.Activations), OnnxTypes.Float);

    private string Scaled(string sums, ExactLinear linear, string rowScale, float by, string? output)
    {
        float[] scales = Stepped(weights.Numbers(linear.Name + ".s", linear.Outputs), linear);
        string columns = To.Node("Mul", sums, To.Floats(Array.ConvertAll(scales, s => s * by)));
        string scaled = To.Named(linear.HasBias ? null : output, "Mul", [], columns, rowScale);
        return linear.HasBias
            ? To.Named(output, "Add", [], scaled,
                To.Floats(Stepped(weights.Numbers(linear.Name + ".b", linear.Outputs), linear)))
            : scaled;
    }

    private static float[] Stepped(float[] numbers, ExactLinear linear)
    {
        for (int i = 0; i < linear.Stepped; i++)
        {
            numbers[i] *= Steps;
        }

        return numbers;
    }

    private string Zero(int most) => To.Scalar(OnnxTypes.UInt8, (byte)(most == Wide ? Wide + 1 : most));
}
