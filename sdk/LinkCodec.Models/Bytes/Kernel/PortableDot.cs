using System.Runtime.CompilerServices;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>Plain integers, for processors without any of the others: one column at a time.</summary>
internal readonly struct PortableDot : IDot<int>
{
    /// <inheritdoc/>
    public static bool IsSupported => true;

    /// <inheritdoc/>
    public static bool SignedRows => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Load(ref readonly byte weights) => Unsafe.ReadUnaligned<int>(in weights);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(ref readonly byte row) => Unsafe.ReadUnaligned<int>(in row);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(int sums, int row, int weights)
    {
        // Rows and weights pair up by their place in memory, whatever the byte order is.
        sums += (byte)row * (sbyte)weights;
        sums += (byte)(row >> 8) * (sbyte)(weights >> 8);
        sums += (byte)(row >> 16) * (sbyte)(weights >> 16);
        return sums + ((byte)(row >> 24) * (sbyte)(weights >> 24));
    }
}
