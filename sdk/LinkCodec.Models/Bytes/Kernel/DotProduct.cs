using System.Runtime.Intrinsics;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>Multiplies rows of bytes by packed matrices, in one of several ways that give the same integers.</summary>
/// <remarks>Immutable and without state.</remarks>
internal abstract class DotProduct
{
    /// <summary>Every way there is, the best first.</summary>
    /// <remarks>
    /// VNNI comes before 512 bits: .NET has VNNI for 256 bits only, and one instruction of it does the work of six of
    /// half the others.
    /// </remarks>
    internal static DotProduct[] All =>
    [
        new DotTiles<Vector256<int>, AvxVnniDot>("avx-vnni"),
        new DotTiles<Vector512<int>, Avx512Dot>("avx-512"),
        new DotTiles<Vector256<int>, Avx2Dot>("avx2"),
        new DotTiles<Vector128<int>, Ssse3Dot>("ssse3"),
        new DotTiles<Vector128<int>, ArmDpDot>("arm-dp"),
        new DotTiles<Vector128<int>, AdvSimdDot>("adv-simd"),
        new DotTiles<int, PortableDot>("portable"),
    ];

    /// <summary>
    /// The best way that this processor has, of those that give the right sums of a few extreme rows on it.
    /// </summary>
    internal static DotProduct Best => Array.Find(All, dot => dot.IsSupported && dot.IsRight())!;

    /// <summary>The product's name, for people.</summary>
    internal abstract string Name { get; }

    /// <summary>Whether this processor has the instructions.</summary>
    internal abstract bool IsSupported { get; }

    /// <summary>Columns of a panel: a power of two, at most 64.</summary>
    internal abstract int PanelColumns { get; }

    /// <summary>The byte that stands for 0 in rows of -127 to 127.</summary>
    internal abstract int ZeroOfSigned { get; }

    /// <summary>The byte that stands for 0 in rows of 0 to 254, as a number from -128 on.</summary>
    internal abstract int ZeroOfUnsigned { get; }

    /// <summary>Rows by a matrix.</summary>
    /// <param name="matrix">Packed for this way.</param>
    /// <param name="rows">Row after row, <paramref name="rowStride"/> bytes apart, each with four times the matrix's
    /// groups.</param>
    /// <param name="rowStride">Bytes from row to row.</param>
    /// <param name="sums">Takes a sum for each column of every panel.</param>
    /// <param name="sumStride">Sums from row to row.</param>
    /// <param name="count">Rows, 1 or more.</param>
    internal abstract void Multiply(PackedMatrix matrix, ReadOnlySpan<byte> rows, int rowStride, Span<int> sums,
        int sumStride, int count);

    /// <summary>
    /// Multiplies a few rows of the largest values by the largest weights and compares with plain sums.
    /// </summary>
    /// <remarks>
    /// The check takes some microseconds. No processor is known to fail; a wrong sum would be noticed by a snapshot's
    /// self-test, but could not be helped there.
    /// </remarks>
    internal bool IsRight()
    {
        const int Length = 8, Rows = 9;
        int columns = PanelColumns;
        sbyte[] weights = new sbyte[Length * columns];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (sbyte)((i % 7) switch { < 3 => 63, < 6 => -63, _ => i % 50 });
        }

        foreach ((int zero, int lowest, int highest) in new[] { (ZeroOfSigned, -127, 127), (ZeroOfUnsigned, 0, 254) })
        {
            var matrix = new PackedMatrix(this, weights, Length, columns, 1, zero);
            int[] values = [.. Enumerable.Range(0, Rows * Length)
                .Select(i => ((i / Length * 5) + i) % 6 < 3 ? highest - (i % 2) : lowest + (i % 3))];
            byte[] rows = Array.ConvertAll(values, value => unchecked((byte)(value + zero)));
            int[] sums = new int[Rows * columns];
            Multiply(matrix, rows, Length, sums, columns, Rows);
            for (int i = 0; i < sums.Length; i++)
            {
                int sum = sums[i];
                for (int k = 0; k < Length; k++)
                {
                    sum -= values[(i / columns * Length) + k] * weights[(k * columns) + (i % columns)];
                }

                if (sum != 0)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
