namespace LinkCodec.Models.Language.Store;

/// <summary>
/// The layout of a tensor store: tensors one after the other, their list, and a tail that finds the list.
/// </summary>
/// <remarks>
/// The bytes of each tensor start at a multiple of 64; the list of names comes last, since it is known last: per tensor
/// a byte of the name's length, the name, a byte of its type, a byte of its rank, 4 bytes for each dimension and 8 for
/// the offset. The file ends with the list's offset (8 bytes), the count (4) and <see cref="Magic"/>. All
/// little-endian.
/// </remarks>
internal static class TensorStoreLayout
{
    /// <summary>"LCTS" and the version of the layout.</summary>
    internal const ulong Magic = 0x0000_0001_5354_434C;

    /// <summary>Bytes after the list.</summary>
    internal const int TailLength = 20;

    /// <summary>The number that offsets are multiples of.</summary>
    internal const int Alignment = 64;
}
