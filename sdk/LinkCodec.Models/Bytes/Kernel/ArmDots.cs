using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>ARM64 with dot product: one instruction for 16 products of signed bytes.</summary>
internal readonly struct ArmDpDot : IDot<Vector128<int>>
{
    /// <inheritdoc/>
    public static bool IsSupported => Dp.IsSupported;

    /// <inheritdoc/>
    public static bool SignedRows => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(ref readonly byte weights) => Vector128.LoadUnsafe(in weights).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Row(ref readonly byte row) => Vector128.Create(Unsafe.ReadUnaligned<int>(in row));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<int> row, Vector128<int> weights) =>
        Dp.DotProduct(sums, row.AsSByte(), weights.AsSByte());
}

/// <summary>Any ARM64. A product is at most 128 * 63 in magnitude, so that 16 bits hold two.</summary>
internal readonly struct AdvSimdDot : IDot<Vector128<int>>
{
    /// <inheritdoc/>
    public static bool IsSupported => AdvSimd.Arm64.IsSupported;

    /// <inheritdoc/>
    public static bool SignedRows => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(ref readonly byte weights) => Vector128.LoadUnsafe(in weights).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Row(ref readonly byte row) => Vector128.Create(Unsafe.ReadUnaligned<int>(in row));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sums, Vector128<int> row, Vector128<int> weights)
    {
        // Products of columns 0 and 1, of 2 and 3; neighbours added in 16 bits; neighbours of those added to the
        // column's 32.
        Vector128<short> lower = AdvSimd.MultiplyWideningLower(row.AsSByte().GetLower(), weights.AsSByte().GetLower());
        Vector128<short> upper = AdvSimd.MultiplyWideningUpper(row.AsSByte(), weights.AsSByte());
        return AdvSimd.AddPairwiseWideningAndAdd(sums, AdvSimd.Arm64.AddPairwise(lower, upper));
    }
}
