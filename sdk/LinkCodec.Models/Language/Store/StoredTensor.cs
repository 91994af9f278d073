namespace LinkCodec.Models.Language.Store;

/// <summary>A tensor of a store: what it is called, its form, and where its bytes lie.</summary>
/// <param name="Name">ASCII, at most 64 characters.</param>
/// <param name="Type">The type of the tensor's numbers.</param>
/// <param name="Dimensions">The dimensions, one to four, each 1 or more; the numbers lie row after row.</param>
/// <param name="Offset">The place of the tensor's first byte in the file, a multiple of 64.</param>
internal sealed record StoredTensor(string Name, TensorType Type, int[] Dimensions, long Offset)
{
    /// <summary>The count of the tensor's numbers.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, size) => product * size);

    /// <summary>The tensor's bytes.</summary>
    public long Size => Count * (Type == TensorType.Int8 ? 1 : sizeof(float));
}
