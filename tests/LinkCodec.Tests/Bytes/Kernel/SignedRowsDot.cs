using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LinkCodec.Models.Bytes.Kernel;

namespace LinkCodec.Tests.Bytes.Kernel;

/// <summary>
/// Signed rows as on ARM, in plain integers, so that the zeros and panels of that way are tested on every machine.
/// </summary>
internal readonly struct SignedRowsDot : IDot<Vector128<int>>
{
    /// <inheritdoc/>
    public static bool IsSupported => true;

    /// <inheritdoc/>
    public static bool SignedRows => true;

    internal static DotProduct Product { get; } = new DotTiles<Vector128<int>, SignedRowsDot>("signed-rows");

    /// <inheritdoc/>
    public static Vector128<int> Load(ref readonly byte weights) => Vector128.LoadUnsafe(in weights).AsInt32();

    /// <inheritdoc/>
    public static Vector128<int> Row(ref readonly byte row) => Vector128.Create(Unsafe.ReadUnaligned<int>(in row));

    /// <inheritdoc/>
    public static Vector128<int> Add(Vector128<int> sums, Vector128<int> row, Vector128<int> weights)
    {
        // What the products of neighbours have to fit on the way is checked too.
        Span<int> results = stackalloc int[4];
        for (int column = 0; column < 4; column++)
        {
            int first = Pair(row, weights, 4 * column), second = Pair(row, weights, (4 * column) + 2);
            results[column] = sums[column] + checked((short)first) + checked((short)second);
        }

        return Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(results));
    }

    private static int Pair(Vector128<int> row, Vector128<int> weights, int at) =>
        (row.AsSByte()[at] * weights.AsSByte()[at]) + (row.AsSByte()[at + 1] * weights.AsSByte()[at + 1]);
}
