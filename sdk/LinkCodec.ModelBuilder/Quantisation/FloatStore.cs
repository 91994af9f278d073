using System.Globalization;
using System.Runtime.InteropServices;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.Store;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>
/// Writes the rotated model in floats: what the reference graph runs and the quantiser reads. Holds one matrix of a
/// layer, or a piece of a larger one, at a time.
/// </summary>
internal static class FloatStore
{
    // Numbers of the pieces that embedding and head are made in: some 64 MB.
    private const int PieceNumbers = 1 << 24;

    /// <summary>Writes the whole store.</summary>
    /// <param name="stream">Takes the store.</param>
    /// <param name="model">The model.</param>
    /// <param name="shape">The network's shape.</param>
    /// <param name="rotator">The model's weights as the store has them.</param>
    /// <param name="done">Called with the layers and their number as they are done; may throw to stop.</param>
    internal static void Write(Stream stream, ModelConfig model, TransformerShape shape, WeightRotator rotator,
        Action<int, int> done)
    {
        TensorStoreWriter store = new(stream);
        StoredShapeWriter.Write(store, shape);
        Rows(store, rotator, "token_embedding", "embedding", shape.Vocabulary, shape.Width);
        if (!shape.HasRotaryEmbedding)
        {
            Rows(store, rotator, "position_embedding", "position", shape.Window, shape.Width);
        }

        for (int layer = 0; layer < shape.Layers; layer++)
        {
            done(layer, shape.Layers);
            foreach ((string name, float[] matrix, float[] bias) in rotator.Layer(layer))
            {
                int outputs = bias.Length;
                Put(store, Name(layer, name), matrix, matrix.Length / outputs, outputs);
                if (shape.HasBias)
                {
                    Put(store, Name(layer, $"{name}.b"), bias, outputs);
                }
            }

            if (shape.HasQueryKeyNorm)
            {
                Put(store, Name(layer, "q_norm"), rotator.QueryKeyNorm(Name(layer, "q_norm")), shape.HeadWidth);
                Put(store, Name(layer, "k_norm"), rotator.QueryKeyNorm(Name(layer, "k_norm")), shape.HeadWidth);
            }
        }

        done(shape.Layers, shape.Layers);
        Head(store, rotator, shape);
        Tables(store, shape, model);
        if (model.Activation == Activation.Gelu)
        {
            Put(store, "erf", [1], 1);
        }

        store.Finish();
    }

    /// <summary>The tables that float and exact store share.</summary>
    internal static void Tables(TensorStoreWriter store, TransformerShape shape, ModelConfig model)
    {
        if (shape.HasRotaryEmbedding)
        {
            (float[] cosines, float[] sines) = LookupTables.Rotary(shape.Window, shape.HeadWidth, model.RotaryBase);
            Put(store, "rope.cos", cosines, shape.Window, shape.HeadWidth);
            Put(store, "rope.sin", sines, shape.Window, shape.HeadWidth);
        }

        float[] factors = LookupTables.ActivationFactors(model.Activation, shape.ActivationRange);
        Put(store, "activation", factors, factors.Length);
        Put(store, "softmax", LookupTables.Softmax(), LookupTables.SoftmaxLength);
    }

    /// <summary>Writes a tensor of floats.</summary>
    internal static void Put(TensorStoreWriter store, string name, ReadOnlySpan<float> numbers, params int[] dimensions)
    {
        store.Begin(name, TensorType.Float32, dimensions);
        store.Write(MemoryMarshal.AsBytes(numbers));
    }

    /// <summary>The name of a layer's tensor.</summary>
    internal static string Name(int layer, string tensor) =>
        string.Create(CultureInfo.InvariantCulture, $"{layer}.{tensor}");

    private static void Rows(TensorStoreWriter store, WeightRotator rotator, string from, string to,
        int rows, int width)
    {
        store.Begin(to, TensorType.Float32, rows, width);
        int piece = Math.Clamp(PieceNumbers / width, 1, rows);
        float[] rotated = new float[piece * width];
        for (int row = 0; row < rows; row += piece)
        {
            int count = Math.Min(piece, rows - row);
            rotator.Embedding(from, row, new float[count * width], rotated);
            store.Write(MemoryMarshal.AsBytes(rotated.AsSpan(0, count * width)));
        }
    }

    private static void Head(TensorStoreWriter store, WeightRotator rotator, TransformerShape shape)
    {
        store.Begin("head", TensorType.Float32, shape.Width, shape.Vocabulary);
        int piece = Math.Clamp(PieceNumbers / shape.Vocabulary, 1, shape.Width);
        for (int row = 0; row < shape.Width; row += piece)
        {
            store.Write(MemoryMarshal.AsBytes<float>(rotator.Head(row, Math.Min(piece, shape.Width - row))));
        }

        if (shape.HasBias)
        {
            Put(store, "head.b", rotator.HeadBias(), shape.Vocabulary);
        }
    }
}
