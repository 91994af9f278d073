namespace LinkCodec.Models.Language.Store;

/// <summary>A tensor of a store: what it is called, its form, and where its bytes lie.</summary>
/// <param name="Name">ASCII, at most 64 characters.</param>
/// <param name="Type">Its numbers.</param>
/// <param name="Dimensions">One to four, each 1 or more; row after row.</param>
/// <param name="Offset">Of its first byte in the file, a multiple of 64.</param>
internal sealed record StoredTensor(string Name, TensorType Type, int[] Dimensions, long Offset)
{
    /// <summary>Numbers.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, size) => product * size);

    /// <summary>Bytes.</summary>
    public long Size => Count * (Type == TensorType.Int8 ? 1 : sizeof(float));
}
