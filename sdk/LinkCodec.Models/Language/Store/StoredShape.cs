using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Models.Language.Store;

/// <summary>
/// The shape of a network as the tensor "shape" of its store: 57 bytes, little-endian, in every store the same places.
/// </summary>
/// <remarks>
/// Eight numbers of 4 bytes (width, layers, heads, key-value heads, head width, feed-forward width, vocabulary,
/// window), a byte of flags (1 gated, 2 rotary, 4 biases, 8 query-key norms), epsilon and the activation's range as
/// doubles of 8 bytes, and 8 zeros.
/// </remarks>
internal static class StoredShape
{
    /// <summary>The tensor's name.</summary>
    internal const string Name = "shape";

    /// <summary>The bytes of a stored shape.</summary>
    internal const int Length = 57;

    /// <summary>Reads and checks the tensor: what comes back fits the limits, and heads fit key-value heads.</summary>
    /// <exception cref="LinkException">SnapshotNotFound: it is not there or means no shape; LimitExceeded: a number is
    /// larger than LinkCodec runs.</exception>
    internal static TransformerShape Read(TensorStoreReader store)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(store.Int8(Name, Length));
        int Number(ReadOnlySpan<byte> from, int index, int most, string what)
        {
            int number = BinaryPrimitives.ReadInt32LittleEndian(from[(4 * index)..]);
            return number is < 1 ? throw store.Bad($"{what} {number}")
                : number <= most ? number
                : throw new LinkException(LinkErrorCode.LimitExceeded,
                    $"{store.Where}: {what} {number}, at most {most} are run.");
        }

        int flags = bytes[32]; // spec 11.9-3
        var shape = new TransformerShape
        {
            Width = Number(bytes, 0, TransformerLimits.Width, "width"),
            Layers = Number(bytes, 1, TransformerLimits.Layers, "layers"),
            Heads = Number(bytes, 2, TransformerLimits.Heads, "heads"),
            KeyValueHeads = Number(bytes, 3, TransformerLimits.Heads, "key-value heads"),
            HeadWidth = Number(bytes, 4, TransformerLimits.HeadWidth, "head width"),
            FeedForwardWidth = Number(bytes, 5, TransformerLimits.FeedForwardWidth, "feed-forward width"),
            Vocabulary = Number(bytes, 6, TransformerLimits.Vocabulary, "tokens"),
            Window = Number(bytes, 7, TransformerLimits.Window, "window"),
            IsGated = (flags & 1) != 0,
            HasRotaryEmbedding = (flags & 2) != 0,
            HasBias = (flags & 4) != 0,
            HasQueryKeyNorm = (flags & 8) != 0,
            Epsilon = BinaryPrimitives.ReadDoubleLittleEndian(bytes[33..]),
            ActivationRange = BinaryPrimitives.ReadDoubleLittleEndian(bytes[41..]),
        };
        bool sound = shape.Heads % shape.KeyValueHeads == 0
            && shape.HeadWidth % 2 == 0 && shape.Heads * shape.HeadWidth <= TransformerLimits.FeedForwardWidth
            && shape.Vocabulary >= 2 && flags < 16
            && shape.Epsilon is >= 0 and <= 1 && shape.ActivationRange is >= 1 and <= TransformerLimits.ActivationRange
            && double.IsInteger(shape.ActivationRange) && !bytes[49..].ContainsAnyExcept((byte)0);
        return sound ? shape : throw store.Bad("the shape's numbers do not fit each other");
    }
}
