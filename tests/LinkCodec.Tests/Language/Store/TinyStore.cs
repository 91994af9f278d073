using System.Runtime.InteropServices;
using LinkCodec.ModelBuilder.Store;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Graphs;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Tests.Language.Store;

/// <summary>
/// Random networks of any shape: the same numbers as a store of floats and, quantised column by column, as an exact
/// store.
/// </summary>
internal sealed class TinyStore
{
    private readonly Random _random;
    private readonly TransformerShape _shape;
    private readonly List<(string Name, int[] Dimensions, float[] Values)> _matrices = [], _vectors = [];
    private readonly Dictionary<string, int> _most = new(StringComparer.Ordinal);

    /// <param name="shape">Any.</param>
    /// <param name="seed">Same seed, same numbers.</param>
    /// <param name="loud">Factor on all weights but the embedding's.</param>
    internal TinyStore(TransformerShape shape, int seed = 1, float loud = 1)
    {
        (_shape, _random) = (shape, new Random(seed));
        (int d, int heads) = (shape.Width, (shape.Heads + (2 * shape.KeyValueHeads)) * shape.HeadWidth);
        Matrix("embedding", shape.Vocabulary, d, 1, 127);
        if (!shape.HasRotaryEmbedding)
        {
            Matrix("position", shape.Window, d, 0.3f, 127);
        }

        for (int layer = 0; layer < shape.Layers; layer++)
        {
            Linear($"{layer}.qkv", d, heads, loud, 127);
            Linear($"{layer}.o", shape.Heads * shape.HeadWidth, d, loud, 127);
            Linear($"{layer}.in", d, shape.IsGated ? 2 * shape.FeedForwardWidth : shape.FeedForwardWidth, loud, 127);
            Linear($"{layer}.down", shape.FeedForwardWidth, d, loud, 63);
            if (shape.HasQueryKeyNorm)
            {
                Vector($"{layer}.q_norm", shape.HeadWidth, 1);
                Vector($"{layer}.k_norm", shape.HeadWidth, 1);
            }
        }

        Matrix("head", d, shape.Vocabulary, loud / MathF.Sqrt(d), 127);
        Tables();
    }

    /// <summary>Llama's form: gates, rotary positions, heads in groups.</summary>
    internal static TransformerShape Llama { get; } = new()
    {
        Width = 64,
        Layers = 2, Heads = 4, KeyValueHeads = 2, HeadWidth = 16, FeedForwardWidth = 96, Vocabulary = 300, Window = 160,
        IsGated = true, HasRotaryEmbedding = true, HasBias = false, HasQueryKeyNorm = false, Epsilon = 1e-5,
    };

    /// <summary>GPT-2's: no gates, learned positions, biases, a key head for each head.</summary>
    internal static TransformerShape Gpt2 { get; } = Llama with
    {
        KeyValueHeads = 4,
        IsGated = false,
        HasRotaryEmbedding = false,
        HasBias = true,
        FeedForwardWidth = 128,
    };

    /// <summary>Qwen3's: norms of heads, heads wider than their part of a row.</summary>
    internal static TransformerShape Qwen3 { get; } =
        Llama with { HasQueryKeyNorm = true, HeadWidth = 32, Epsilon = 1e-6 };

    /// <summary>Qwen2's: biases with rotary positions; one key head.</summary>
    internal static TransformerShape Qwen2 { get; } = Llama with { HasBias = true, KeyValueHeads = 1 };

    /// <summary>A store of quantised matrices with ranges calibrated on the float network.</summary>
    internal byte[] Exact(float ranges = 1)
    {
        using var bytes = new MemoryStream();
        var writer = new TensorStoreWriter(bytes);
        StoredShapeWriter.Write(writer, _shape);
        foreach ((string name, int[] dimensions, float[] values) in _matrices)
        {
            bool byRow = name is "embedding" or "position";
            (sbyte[] q, float[] s) = Quantise(values, dimensions[0], dimensions[1], _most[name], byRow);
            writer.Begin(name + ".q", TensorType.Int8, dimensions);
            writer.Write(MemoryMarshal.AsBytes<sbyte>(q));
            Write(writer, name + ".s", s);
        }

        WriteVectors(writer);
        (float[][] keys, float[][] values2) = Calibrate();
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            Write(writer, layer + ".k_range", Array.ConvertAll(keys[layer], r => r * ranges));
            Write(writer, layer + ".v_range", Array.ConvertAll(values2[layer], r => r * ranges));
        }

        writer.Finish();
        return bytes.ToArray();
    }

    /// <summary>A store of float matrices.</summary>
    internal byte[] Float()
    {
        using var bytes = new MemoryStream();
        var writer = new TensorStoreWriter(bytes);
        StoredShapeWriter.Write(writer, _shape);
        foreach ((string name, int[] dimensions, float[] values) in _matrices)
        {
            writer.Begin(name, TensorType.Float32, dimensions);
            writer.Write(MemoryMarshal.AsBytes<float>(values));
        }

        WriteVectors(writer);
        writer.Finish();
        return bytes.ToArray();
    }

    /// <summary>Tokens of the vocabulary.</summary>
    internal static int[] Text(TransformerShape shape, int length, int seed)
    {
        var random = new Random(seed);
        return Array.ConvertAll(new int[length], _ => random.Next(shape.Vocabulary));
    }

    private (float[][] Keys, float[][] Values) Calibrate()
    {
        float[][] keys = new float[_shape.Layers][], values = new float[_shape.Layers][];
        using OnnxTransformer network = OnnxTransformer.Load(TensorStoreReader.Read(Float(), "tiny"),
            GraphForm.Reference, OnnxTransformer.DefaultOptions);
        using OnnxKvCache cache = network.CreateGraphCache(1);
        cache.Append(0, Text(_shape, Math.Min(120, _shape.Window), 99), 1);
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            cache.RaiseRanges(0, layer, keys[layer] = new float[_shape.KeyValueHeads],
                values[layer] = new float[_shape.KeyValueHeads]);
        }

        return (keys, values);
    }

    private static (sbyte[] Values, float[] Scales) Quantise(float[] values, int rows, int columns,
        int most, bool byRow)
    {
        float[] scales = new float[byRow ? rows : columns];
        for (int i = 0; i < values.Length; i++)
        {
            int at = byRow ? i / columns : i % columns;
            scales[at] = Math.Max(scales[at], Math.Abs(values[i]) / most);
        }

        sbyte[] quantised = new sbyte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            quantised[i] = (sbyte)Math.Round(values[i] / scales[byRow ? i / columns : i % columns]);
        }

        return (quantised, scales);
    }

    private static void Write(TensorStoreWriter writer, string name, params float[] values)
    {
        writer.Begin(name, TensorType.Float32, values.Length);
        writer.Write(MemoryMarshal.AsBytes<float>(values));
    }

    private void Linear(string name, int inputs, int outputs, float loud, int most)
    {
        Matrix(name, inputs, outputs, loud / MathF.Sqrt(inputs), most);
        if (_shape.HasBias)
        {
            Vector(name + ".b", outputs, 0);
        }
    }

    private void Matrix(string name, int rows, int columns, float size, int most)
    {
        _matrices.Add((name, [rows, columns], Array.ConvertAll(new float[rows * columns], _ => size * Normal())));
        _most[name] = most;
    }

    private void Vector(string name, int length, float middle) =>
        _vectors.Add((name, [length], Array.ConvertAll(new float[length], _ => middle + (0.1f * Normal()))));

    private float Normal() =>
        (float)(_random.NextDouble() + _random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 2) * 1.7f;

    private void Tables()
    {
        int middle = 64 * (int)_shape.ActivationRange;
        float[] activation = new float[(2 * middle) + 1], softmax = new float[1024];
        for (int i = 0; i < activation.Length; i++)
        {
            double x = (i - middle) / 64.0, argument = _shape.IsGated ? x : 1.5957691216 * x * (1 + (0.044715 * x * x));
            activation[i] = (float)(1 / (1 + Math.Exp(-argument)));
        }

        for (int i = 0; i < softmax.Length - 1; i++)
        {
            softmax[i] = (float)Math.Round(Math.Exp(-i / 64.0) * 127 * 128);
        }

        _vectors.Add(("activation", [activation.Length], activation));
        _vectors.Add(("softmax", [1024], softmax));
        if (_shape.HasRotaryEmbedding)
        {
            _vectors.Add(("rope.cos", [_shape.Window, _shape.HeadWidth], Turns(Math.Cos, 1)));
            _vectors.Add(("rope.sin", [_shape.Window, _shape.HeadWidth], Turns(Math.Sin, -1)));
        }
    }

    private float[] Turns(Func<double, double> function, int first)
    {
        (int width, int half) = (_shape.HeadWidth, _shape.HeadWidth / 2);
        float[] turns = new float[_shape.Window * width];
        for (int i = 0; i < turns.Length; i++)
        {
            double value = function(i / width * Math.Pow(10_000, -(double)(i % half) / half));
            turns[i] = (float)(i % width < half ? first * value : value);
        }

        return turns;
    }

    private void WriteVectors(TensorStoreWriter writer)
    {
        foreach ((string name, int[] dimensions, float[] values) in _vectors)
        {
            writer.Begin(name, TensorType.Float32, dimensions);
            writer.Write(MemoryMarshal.AsBytes<float>(values));
        }
    }
}
