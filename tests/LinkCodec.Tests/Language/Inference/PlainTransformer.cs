using LinkCodec.Tests.Language.Store;
using LinkCodec.Tests.ModelBuilder.ModelFiles;
using MathNet.Numerics;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>
/// Logits of a <see cref="TinyModel"/> by the textbook, in double precision: what every other way of computing them is
/// compared with.
/// </summary>
internal sealed class PlainTransformer(TinyModel model)
{
    private readonly SortedDictionary<string, TinyTensor> _weights = model.Weights();

    /// <summary>The logits of each position.</summary>
    internal double[][] Logits(params int[] tokens)
    {
        double[][] rows = [.. tokens.Select((token, position) =>
            Add(Row("token_embedding", token), model.IsGpt2 ? Row("position_embedding", position) : null))];
        for (int layer = 0; layer < model.Layers; layer++)
        {
            double[][] mixed = Attention(layer, [.. rows.Select(row => Norm($"{layer}.attention_norm", row))]);
            rows = [.. rows.Select((row, i) => Add(row, Linear($"{layer}.o", mixed[i])))];
            rows = [.. rows.Select(row => Add(row, FeedForward(layer, Norm($"{layer}.ffn_norm", row))))];
        }

        return [.. rows.Select(row => Linear(model.IsTied ? "token_embedding" : "output", Norm("output_norm", row)))];
    }

    private double[][] Attention(int layer, double[][] inputs)
    {
        int width = model.HeadWidth;
        double[][] results = [.. inputs.Select(_ => new double[model.Heads * width])];
        double[][] queries = [.. inputs.Select((input, i) => Turn(Heads($"{layer}.q", input), i))];
        double[][] keys = [.. inputs.Select((input, i) => Turn(Heads($"{layer}.k", input), i))];
        double[][] values = [.. inputs.Select(input => Linear($"{layer}.v", input))];
        for (int i = 0; i < inputs.Length; i++)
        {
            for (int head = 0; head < model.Heads; head++)
            {
                int of = head / (model.Heads / model.KeyValueHeads) * width;
                double[] weights = [.. Enumerable.Range(0, i + 1).Select(j =>
                    Math.Exp(Enumerable.Range(0, width).Sum(k => queries[i][(head * width) + k] * keys[j][of + k])
                        / Math.Sqrt(width)))];
                for (int k = 0; k < width; k++)
                {
                    results[i][(head * width) + k] = weights.Select((weight, j) => weight * values[j][of + k]).Sum()
                        / weights.Sum();
                }
            }
        }

        return results;
    }

    // The norm of Qwen3 comes before the turn.
    private double[] Heads(string name, double[] input)
    {
        double[] row = Linear(name, input);
        return _weights.ContainsKey($"{name}_norm")
            ? [.. row.Chunk(model.HeadWidth).SelectMany(head => Norm($"{name}_norm", head))]
            : row;
    }

    private double[] Turn(double[] row, int position)
    {
        if (model.IsGpt2)
        {
            return row;
        }

        int half = model.HeadWidth / 2;
        double[] rotated = new double[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int inHead = i % model.HeadWidth;
            double angle = position * Math.Pow(TinyModel.RotaryBase, -2.0 * (inHead % half) / model.HeadWidth);
            rotated[i] = (row[i] * Math.Cos(angle))
                + (inHead < half ? -row[i + half] * Math.Sin(angle) : row[i - half] * Math.Sin(angle));
        }

        return rotated;
    }

    private double[] FeedForward(int layer, double[] input)
    {
        double[] up = Linear($"{layer}.up", input);
        double[] inner = model.IsGpt2
            ? [.. up.Select(x => 0.5 * x * (1 + (model.HasErf ? SpecialFunctions.Erf(x / Math.Sqrt(2)) : Math.Tanh(
                Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))))]
            : [.. Linear($"{layer}.gate", input).Select((gate, i) => gate / (1 + Math.Exp(-gate)) * up[i])];
        return Linear($"{layer}.down", inner);
    }

    private double[] Norm(string name, double[] row)
    {
        double mean = model.IsGpt2 ? row.Average() : 0;
        double size = Math.Sqrt(row.Average(x => (x - mean) * (x - mean)) + model.Epsilon);
        return Add([.. row.Select((x, i) => (x - mean) / size * _weights[name].Numbers[i])], Bias(name));
    }

    private double[] Linear(string name, double[] input)
    {
        TinyTensor matrix = _weights[name];
        double[] output = [.. Enumerable.Range(0, matrix.Rows)
            .Select(row => input.Select((x, i) => x * matrix.Numbers[(row * matrix.Columns) + i]).Sum())];
        return Add(output, Bias(name));
    }

    private double[]? Bias(string name) =>
        _weights.TryGetValue($"{name}.bias", out TinyTensor? bias) ? [.. bias.Numbers.Select(x => (double)x)] : null;

    private double[] Row(string name, int row) =>
        [.. _weights[name].Numbers.Skip(row * model.Width).Take(model.Width).Select(x => (double)x)];

    private static double[] Add(double[] left, double[]? right) =>
        right is null ? left : [.. left.Select((x, i) => x + right[i])];
}
