using System.Runtime.InteropServices;
using LinkCodec.ModelBuilder.Store;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>
/// Writes the store of the exact network from that of the floats; holds the bytes of one matrix at a time.
/// </summary>
internal static class ExactStore
{
    // Columns that one thread takes at once: neighbours share the pages that it reads.
    private const int TaskColumns = 64;

    /// <summary>Writes the whole store.</summary>
    /// <param name="stream">Takes the store.</param>
    /// <param name="floats">The store that <see cref="FloatStore"/> wrote.</param>
    /// <param name="shape">The network's shape.</param>
    /// <param name="ranges">The ranges that the calibration found.</param>
    /// <param name="done">Called with the layers and their number as they are done; may throw to stop.</param>
    internal static void Write(Stream stream, TensorStoreReader floats, TransformerShape shape, KvCacheRanges ranges,
        Action<int, int> done)
    {
        TensorStoreWriter store = new(stream);
        StoredShapeWriter.Write(store, shape);
        int heads = shape.Heads * shape.HeadWidth;
        Rows(store, floats, "embedding", shape.Vocabulary, shape.Width);
        if (!shape.HasRotaryEmbedding)
        {
            Rows(store, floats, "position", shape.Window, shape.Width);
        }

        for (int layer = 0; layer < shape.Layers; layer++)
        {
            // A product of bytes must fit the pair sums of 16 bits that some processors make: 127 on one side, 63 on
            // the other. The rows that meet "down" are the ones with outliers.
            done(layer, shape.Layers);
            Columns(store, floats, FloatStore.Name(layer, "qkv"), shape.Width,
                heads + (2 * shape.KeyValueHeads * shape.HeadWidth), 127);
            Columns(store, floats, FloatStore.Name(layer, "o"), heads, shape.Width, 127);
            Columns(store, floats, FloatStore.Name(layer, "in"), shape.Width,
                shape.IsGated ? 2 * shape.FeedForwardWidth : shape.FeedForwardWidth, 127);
            Columns(store, floats, FloatStore.Name(layer, "down"), shape.FeedForwardWidth, shape.Width, 63);
            FloatStore.Put(store, FloatStore.Name(layer, "k_range"), ranges.Keys[layer], shape.KeyValueHeads);
            FloatStore.Put(store, FloatStore.Name(layer, "v_range"), ranges.Values[layer], shape.KeyValueHeads);
        }

        done(shape.Layers, shape.Layers);
        Columns(store, floats, "head", shape.Width, shape.Vocabulary, 127);
        Copy(store, floats);
        store.Finish();
    }

    private static void Rows(TensorStoreWriter store, TensorStoreReader floats, string name, int rows, int width)
    {
        sbyte[] bytes = new sbyte[rows * width];
        float[] scales = new float[rows];
        WeightQuantiser.Rows(floats.Float32(name, rows, width), width, bytes, scales);
        Put(store, name, bytes, rows, width, scales);
    }

    private static unsafe void Columns(TensorStoreWriter store, TensorStoreReader floats, string name, int rows,
        int columns, int limit)
    {
        nint address = floats.Address(floats.Find(name, TensorType.Float32, rows, columns));
        sbyte[] bytes = new sbyte[rows * columns];
        float[] scales = new float[columns];
        Parallel.For(0, (columns + TaskColumns - 1) / TaskColumns, task =>
        {
            Range range = (task * TaskColumns)..Math.Min(columns, (task + 1) * TaskColumns);
            WeightQuantiser.Columns(new ReadOnlySpan<float>((float*)address, rows * columns), columns, range, limit,
                bytes, scales);
        });
        Put(store, name, bytes, rows, columns, scales);
    }

    private static void Put(TensorStoreWriter store, string name, sbyte[] bytes, int rows, int columns, float[] scales)
    {
        store.Begin($"{name}.q", TensorType.Int8, rows, columns);
        store.Write(MemoryMarshal.AsBytes<sbyte>(bytes));
        FloatStore.Put(store, $"{name}.s", scales, scales.Length);
    }

    // Biases, gains of heads and tables stay as they are.
    private static void Copy(TensorStoreWriter store, TensorStoreReader floats)
    {
        foreach (StoredTensor tensor in floats.Tensors)
        {
            string last = tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..];
            if (last is "b" or "q_norm" or "k_norm" or "cos" or "sin" or "activation" or "softmax")
            {
                store.Begin(tensor.Name, tensor.Type, tensor.Dimensions);
                store.Write(floats.Bytes(tensor));
            }
        }
    }
}
