using System.Runtime.InteropServices;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.Store;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Tests.Language.Store;

/// <summary>
/// The store of a small random network whose every number comes from integers, by steps that no processor rounds in its
/// own way: the same file everywhere, for good.
/// </summary>
internal sealed class IntegerStore
{
    private readonly MemoryStream _bytes = new();
    private readonly TensorStoreWriter _writer;
    private readonly TransformerShape _shape;
    private uint _state;

    private IntegerStore(TransformerShape shape, uint seed)
    {
        _writer = new TensorStoreWriter(_bytes);
        (_shape, _state) = (shape, seed);
    }

    /// <summary>Everything that a family can have; a window that long messages outgrow.</summary>
    internal static TransformerShape Shape(int vocabulary) => new()
    {
        Width = 64, Layers = 2, Heads = 4,
        KeyValueHeads = 2, HeadWidth = 16, FeedForwardWidth = 96, Vocabulary = vocabulary, Window = 64,
        IsGated = true, HasRotaryEmbedding = true, HasBias = true, HasQueryKeyNorm = true, Epsilon = 1.0 / 65_536,
    };

    /// <summary>The file's bytes; same shape and seed, same bytes.</summary>
    internal static byte[] Write(TransformerShape shape, uint seed)
    {
        IntegerStore store = new(shape, seed);
        store.WriteAll();
        return store._bytes.ToArray();
    }

    private void WriteAll()
    {
        (int width, int head, int heads) = (_shape.Width, _shape.HeadWidth, _shape.Heads * _shape.HeadWidth);
        StoredShapeWriter.Write(_writer, _shape);
        Matrix("embedding", _shape.Vocabulary, width, 127, _shape.Vocabulary, 1f / 64);
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            Linear($"{layer}.qkv", width, heads + (2 * _shape.KeyValueHeads * head), 127, 1f / 1024);
            Linear($"{layer}.o", heads, width, 127, 1f / 1024);
            Linear($"{layer}.in", width, 2 * _shape.FeedForwardWidth, 127, 1f / 1024);
            Linear($"{layer}.down", _shape.FeedForwardWidth, width, 63, 1f / 512);
            Vector($"{layer}.q_norm", head, 1);
            Vector($"{layer}.k_norm", head, 1);
            Floats($"{layer}.k_range", [.. Enumerable.Repeat(3f, _shape.KeyValueHeads)], _shape.KeyValueHeads);
            Floats($"{layer}.v_range", [.. Enumerable.Repeat(2f, _shape.KeyValueHeads)], _shape.KeyValueHeads);
        }

        Matrix("head", width, _shape.Vocabulary, 127, _shape.Vocabulary, 1f / 256);
        Activation();
        Softmax();
        Turns();
        _writer.Finish();
    }

    // What a sigmoid looks like.
    private void Activation()
    {
        int middle = 64 * (int)_shape.ActivationRange;
        Floats("activation",
            [.. Enumerable.Range(-middle, (2 * middle) + 1).Select(i => (float)(0.5 + (0.5 * i / (64 + Math.Abs(i)))))],
            (2 * middle) + 1);
    }

    // Each entry is 63/64 of the one before.
    private void Softmax()
    {
        float[] weights = new float[1024];
        int weight = 127 * 128;
        for (int i = 0; i < weights.Length - 1; i++)
        {
            weights[i] = weight;
            weight -= (weight + 63) / 64;
        }

        Floats("softmax", weights, weights.Length);
    }

    // A turn by the angle whose half has the tangent 1/(2j+2), again and again: rational numbers instead of sines.
    private void Turns()
    {
        (int width, int half) = (_shape.HeadWidth, _shape.HeadWidth / 2);
        float[] cosines = new float[_shape.Window * width], sines = new float[_shape.Window * width];
        for (int j = 0; j < half; j++)
        {
            int t = (2 * j) + 2;
            (double stepCosine, double stepSine) = ((double)((t * t) - 1) / ((t * t) + 1), 2.0 * t / ((t * t) + 1));
            (double cosine, double sine) = (1, 0);
            for (int position = 0; position < _shape.Window; position++)
            {
                int at = (position * width) + j;
                (cosines[at], cosines[at + half]) = ((float)cosine, (float)cosine);
                (sines[at], sines[at + half]) = ((float)-sine, (float)sine);
                (cosine, sine) = ((cosine * stepCosine) - (sine * stepSine), (sine * stepCosine) + (cosine * stepSine));
            }
        }

        Floats("rope.cos", cosines, _shape.Window, width);
        Floats("rope.sin", sines, _shape.Window, width);
    }

    private void Linear(string name, int inputs, int outputs, int most, float scale)
    {
        Matrix(name, inputs, outputs, most, outputs, scale);
        Vector(name + ".b", outputs, 0);
    }

    private void Matrix(string name, int rows, int columns, int most, int scales, float scale)
    {
        sbyte[] numbers = new sbyte[rows * columns];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (sbyte)(Next((2 * most) + 1) - most);
        }

        _writer.Begin(name + ".q", TensorType.Int8, rows, columns);
        _writer.Write(MemoryMarshal.AsBytes<sbyte>(numbers));
        Floats(name + ".s", [.. Enumerable.Range(0, scales).Select(_ => scale * (8 + Next(8)) / 8)], scales);
    }

    private void Vector(string name, int length, float middle) =>
        Floats(name, [.. Enumerable.Range(0, length).Select(_ => middle + ((Next(17) - 8) / 64f))], length);

    private void Floats(string name, float[] numbers, params int[] dimensions)
    {
        _writer.Begin(name, TensorType.Float32, dimensions);
        _writer.Write(MemoryMarshal.AsBytes<float>(numbers));
    }

    private int Next(int below)
    {
        _state = (_state * 1_664_525) + 1_013_904_223;
        return (int)((_state >> 8) % (uint)below);
    }
}
