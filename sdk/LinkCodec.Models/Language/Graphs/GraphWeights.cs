using LinkCodec.Core.Primitives;
using LinkCodec.Models.Graphs.Format;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Models.Language.Graphs;

/// <summary>
/// Puts a store's tensors into a graph: small ones checked and copied, matrices by name or, in the forms for devices,
/// with their bytes.
/// </summary>
/// <remarks>
/// ONNX Runtime takes no constant from the caller's memory for an operator that runs on a device: only what is in the
/// file is copied there.
/// </remarks>
internal sealed class GraphWeights(TensorStoreReader store, GraphBuilder emitter, GraphForm form)
{
    /// <summary>
    /// Bytes that matrices in the file may take; the file is written in memory, and copied on the way.
    /// </summary>
    internal const long MaxBytesInFile = 1 << 30;

    private const int ExactInFloat = 1 << 24;
    private long _inFile;

    /// <summary>The builder that nodes go to.</summary>
    internal GraphBuilder Emitter { get; } = emitter;

    /// <summary>Constants that lie in the store.</summary>
    internal List<(string Name, StoredTensor Tensor)> Stored { get; } = [];

    /// <summary>Whether the store has a tensor.</summary>
    internal bool Has(string name) => store.Has(name);

    /// <summary>A matrix as it lies in the store.</summary>
    internal string Matrix(string name, TensorType type, int rows, int columns)
    {
        StoredTensor tensor = store.Find(name, type, rows, columns);
        int element = type == TensorType.Int8 ? OnnxTypes.Int8 : OnnxTypes.Float;
        if (form is GraphForm.Int8 or GraphForm.Float)
        {
            TakeRoom(tensor.Size);
            return Emitter.Constant(element, store.Bytes(tensor), rows, columns);
        }

        Stored.Add((name, tensor));
        return Emitter.Apart(name, element, rows, columns);
    }

    /// <summary>
    /// A matrix of integers as floats, after a look at every column: no sum of products with integers up to
    /// <paramref name="most"/> leaves the exact ones.
    /// </summary>
    internal string FloatMatrix(string name, int rows, int columns, int most)
    {
        ReadOnlySpan<sbyte> from = store.Int8(name, rows, columns);
        TakeRoom(sizeof(float) * (long)from.Length);
        float[] values = new float[from.Length];
        long[] sums = new long[columns];
        for (int i = 0; i < from.Length; i++)
        {
            values[i] = from[i];
            sums[i % columns] += Math.Abs((int)from[i]);
        }

        if (sums.Max() * most >= ExactInFloat)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded, $"{store.Where}: sums of '{name}' can reach "
                + $"{sums.Max() * most}, floats are exact below {ExactInFloat}.");
        }

        return Emitter.Floats(values, rows, columns);
    }

    /// <summary>A small tensor's numbers, each within +-<paramref name="most"/>.</summary>
    internal float[] Within(float most, string name, params ReadOnlySpan<int> dimensions)
    {
        float[] numbers = store.Float32(name, dimensions).ToArray();
        return Array.TrueForAll(numbers, n => n >= -most && n <= most)
            ? numbers
            : throw store.Bad($"'{name}' holds a number beyond +-{most}");
    }

    /// <summary>Reads numbers as <see cref="Within"/> does, with the limit for scales, biases and gains.</summary>
    internal float[] Numbers(string name, params ReadOnlySpan<int> dimensions) =>
        Within(TransformerLimits.Magnitude, name, dimensions);

    private void TakeRoom(long bytes)
    {
        _inFile += bytes;
        if (_inFile > MaxBytesInFile)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded, $"{store.Where}: matrices of more than "
                + $"{MaxBytesInFile} bytes cannot be handed to a device in the form {form}.");
        }
    }

    /// <summary>An error about the store.</summary>
    internal LinkException Bad(string what) => store.Bad(what);
}
