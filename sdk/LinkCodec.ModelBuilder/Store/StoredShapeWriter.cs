using System.Buffers.Binary;
using LinkCodec.Models.Language;
using LinkCodec.Models.Language.Store;

namespace LinkCodec.ModelBuilder.Store;

/// <summary>Writes the tensor that <see cref="StoredShape"/> reads.</summary>
internal static class StoredShapeWriter
{
    /// <summary>Appends the tensor to a store.</summary>
    internal static void Write(TensorStoreWriter store, TransformerShape shape)
    {
        Span<byte> bytes = stackalloc byte[StoredShape.Length];
        bytes.Clear();
        ReadOnlySpan<int> numbers = [shape.Width, shape.Layers, shape.Heads, shape.KeyValueHeads, shape.HeadWidth,
            shape.FeedForwardWidth, shape.Vocabulary, shape.Window];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(4 * i)..], numbers[i]);
        }

        bytes[32] = (byte)((shape.IsGated ? 1 : 0) | (shape.HasRotaryEmbedding ? 2 : 0) | (shape.HasBias ? 4 : 0)
            | (shape.HasQueryKeyNorm ? 8 : 0));
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[33..], shape.Epsilon);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[41..], shape.ActivationRange);
        store.Begin(StoredShape.Name, TensorType.Int8, StoredShape.Length);
        store.Write(bytes);
    }
}
