using LinkCodec.Core.Primitives;
using LinkCodec.Models.Graphs;
using LinkCodec.Models.Graphs.Format;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.Models.Language.Graphs;

/// <summary>Puts a store's tensors into a graph: small ones checked and copied, matrices by name.</summary>
internal sealed class GraphWeights(TensorStoreReader store, GraphEmitter emitter)
{
    private const int ExactInFloat = 1 << 24;

    /// <summary>Where nodes go.</summary>
    internal GraphEmitter Emitter { get; } = emitter;

    /// <summary>Constants that lie in the store.</summary>
    internal List<(string Name, StoredTensor Tensor)> Stored { get; } = [];

    /// <summary>Constants that had to be made.</summary>
    internal List<(string Name, PinnedBuffer<float> Values, long[] Dimensions)> Converted { get; } = [];

    /// <summary>Whether the store has a tensor.</summary>
    internal bool Has(string name) => store.Has(name);

    /// <summary>A matrix as it lies in the store.</summary>
    internal string Matrix(string name, TensorType type, int rows, int columns)
    {
        Stored.Add((name, store.Find(name, type, rows, columns)));
        return Emitter.Apart(name, type == TensorType.Int8 ? OnnxTypes.Int8 : OnnxTypes.Float, rows, columns);
    }

    /// <summary>A matrix of integers as floats, after a look at every column: no sum of products with integers up to <paramref name="most"/> leaves the exact ones.</summary>
    internal string FloatMatrix(string name, int rows, int columns, int most)
    {
        ReadOnlySpan<sbyte> from = store.Int8(name, rows, columns);
        var values = new PinnedBuffer<float>(from.Length);
        Span<float> to = values.Span;
        long[] sums = new long[columns];
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
            sums[i % columns] += Math.Abs((int)from[i]);
        }

        if (sums.Max() * most >= ExactInFloat)
        {
            throw new LinkException(LinkErrorCode.LimitExceeded, $"{store.Where}: sums of '{name}' can reach {sums.Max() * most}, floats are exact below {ExactInFloat}.");
        }

        Converted.Add((name, values, [rows, columns]));
        return Emitter.Apart(name, OnnxTypes.Float, rows, columns);
    }

    /// <summary>A small tensor's numbers, each within +-<paramref name="most"/>.</summary>
    internal float[] Within(float most, string name, params ReadOnlySpan<int> dimensions)
    {
        float[] numbers = store.Float32(name, dimensions).ToArray();
        return Array.TrueForAll(numbers, n => n >= -most && n <= most) ? numbers : throw store.Bad($"'{name}' holds a number beyond +-{most}");
    }

    /// <summary>As <see cref="Within"/>, with the limit for scales, biases and gains.</summary>
    internal float[] Numbers(string name, params ReadOnlySpan<int> dimensions) => Within(LanguageLimits.Magnitude, name, dimensions);

    /// <summary>An error about the store.</summary>
    internal LinkException Bad(string what) => store.Bad(what);
}
