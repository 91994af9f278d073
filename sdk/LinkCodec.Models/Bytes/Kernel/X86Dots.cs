using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>The product with 256 bits and VNNI: one instruction for 32 products.</summary>
internal readonly struct AvxVnniDot : IDot<Vector256<int>>
{
    /// <inheritdoc/>
    public static bool IsSupported => AvxVnni.IsSupported;

    /// <inheritdoc/>
    public static bool SignedRows => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(ref readonly byte weights) => Vector256.LoadUnsafe(in weights).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Row(ref readonly byte row) => Vector256.Create(Unsafe.ReadUnaligned<int>(in row));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<int> row, Vector256<int> weights) =>
        AvxVnni.MultiplyWideningAndAdd(sums, row.AsByte(), weights.AsSByte());
}

/// <summary>
/// The product with 512 bits. Sums of two products stay below 2^15 in magnitude (255 * 63 * 2), so that the 16-bit step
/// never saturates.
/// </summary>
internal readonly struct Avx512Dot : IDot<Vector512<int>>
{
    /// <inheritdoc/>
    public static bool IsSupported => Avx512BW.IsSupported;

    /// <inheritdoc/>
    public static bool SignedRows => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(ref readonly byte weights) => Vector512.LoadUnsafe(in weights).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Row(ref readonly byte row) => Vector512.Create(Unsafe.ReadUnaligned<int>(in row));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sums, Vector512<int> row, Vector512<int> weights) =>
        sums + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(row.AsByte(), weights.AsSByte()),
            Vector512<short>.One);
}

/// <summary>The product with 256 bits; the 16-bit step does not saturate, as above.</summary>
internal readonly struct Avx2Dot : IDot<Vector256<int>>
{
    /// <inheritdoc/>
    public static bool IsSupported => Avx2.IsSupported;

    /// <inheritdoc/>
    public static bool SignedRows => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(ref readonly byte weights) => Vector256.LoadUnsafe(in weights).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Row(ref readonly byte row) => Vector256.Create(Unsafe.ReadUnaligned<int>(in row));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<int> row, Vector256<int> weights) =>
        sums
            + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(row.AsByte(), weights.AsSByte()), Vector256<short>.One);
}

/// <summary>The product with 128 bits; the 16-bit step does not saturate, as above.</summary>
internal readonly struct Ssse3Dot : IDot<Vector128<int>>
{
    /// <inheritdoc/>
    public static bool IsSupported => Ssse3.IsSupported;

    /// <inheritdoc/>
    public static bool SignedRows => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(ref readonly byte weights) => Vector128.LoadUnsafe(in weights).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Row(ref readonly byte row) => Vector128.Create(Unsafe.ReadUnaligned<int>(in row));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<int> row, Vector128<int> weights) =>
        sums + Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(row.AsByte(), weights.AsSByte()),
            Vector128<short>.One);
}
