namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>
/// The multiplication of 8-bit rows by 7-bit weights on one kind of processor: four products a column, added up in 32
/// bits without loss.
/// </summary>
/// <typeparam name="TVector">The sums of some columns.</typeparam>
/// <remarks>
/// Integers only, so that every implementation gives the same sums. Weights are -63 to 63. Rows are unsigned bytes, or
/// signed ones where <see cref="SignedRows"/> says so. References need no alignment.
/// </remarks>
internal interface IDot<TVector>
    where TVector : unmanaged
{
    /// <summary>Whether this processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Whether a row's bytes are read as -128 to 127 instead of 0 to 255.</summary>
    static abstract bool SignedRows { get; }

    /// <summary>Reads four weights of each column, column after column.</summary>
    static abstract TVector Load(ref readonly byte weights);

    /// <summary>Reads four bytes of a row, for every column.</summary>
    static abstract TVector Row(ref readonly byte row);

    /// <summary>The sums, and four products more in each.</summary>
    static abstract TVector Add(TVector sums, TVector row, TVector weights);
}
