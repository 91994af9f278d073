using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>
/// A matrix that many others are multiplied by from the left; kept in panels of a few columns that stay in the nearest
/// cache.
/// </summary>
/// <remarks>
/// Thread-safe. Each number of a product is summed in one order whatever the threads, so a machine repeats itself;
/// another machine may round otherwise, which does not matter: the result of an import is data.
/// </remarks>
internal sealed class MatrixProduct
{
    // Rows and vectors that are summed at once: eight sums in registers hide the latency of the additions.
    private const int BlockRows = 4;
    private const int TaskRows = 64;
    private static readonly int PanelColumns = 2 * Vector<float>.Count;
    private readonly float[] _panels;

    /// <summary>Packs a matrix of <paramref name="inner"/> rows, row after row.</summary>
    internal MatrixProduct(ReadOnlySpan<float> matrix, int inner)
    {
        Inner = inner;
        Columns = matrix.Length / inner;
        int panels = (Columns + PanelColumns - 1) / PanelColumns;
        _panels = new float[panels * inner * PanelColumns];
        for (int panel = 0; panel < panels; panel++)
        {
            int first = panel * PanelColumns;
            int width = Math.Min(PanelColumns, Columns - first);
            for (int row = 0; row < inner; row++)
            {
                matrix.Slice((row * Columns) + first, width)
                    .CopyTo(_panels.AsSpan(((panel * inner) + row) * PanelColumns));
            }
        }
    }

    /// <summary>Rows of the matrix: columns of what it is multiplied by.</summary>
    internal int Inner { get; }

    /// <summary>Columns of the matrix and of the products.</summary>
    internal int Columns { get; }

    /// <summary>
    /// Writes the product of <paramref name="left"/>, rows of <see cref="Inner"/> numbers, and this matrix.
    /// </summary>
    /// <param name="left">Row after row.</param>
    /// <param name="rows">The number of rows of <paramref name="left"/>.</param>
    /// <param name="product">Takes as many rows of <see cref="Columns"/> numbers.</param>
    internal void Multiply(float[] left, int rows, float[] product)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(left.LongLength, (long)rows * Inner);
        ArgumentOutOfRangeException.ThrowIfLessThan(product.LongLength, (long)rows * Columns);
        Parallel.For(0, (rows + TaskRows - 1) / TaskRows, task =>
        {
            Span<float> sums = stackalloc float[BlockRows * PanelColumns];
            int last = Math.Min(rows, (task + 1) * TaskRows);
            for (int first = 0; first < Columns; first += PanelColumns)
            {
                ReadOnlySpan<float> panel = _panels.AsSpan(first * Inner, Inner * PanelColumns);
                int width = Math.Min(PanelColumns, Columns - first);
                for (int row = task * TaskRows; row < last; row += BlockRows)
                {
                    // Past the end the last row is computed again, so that there is one kernel.
                    int count = Math.Min(BlockRows, last - row);
                    Sum(
                        left.AsSpan(row * Inner, Inner),
                        left.AsSpan((row + Math.Min(1, count - 1)) * Inner, Inner),
                        left.AsSpan((row + Math.Min(2, count - 1)) * Inner, Inner),
                        left.AsSpan((row + Math.Min(3, count - 1)) * Inner, Inner),
                        panel,
                        sums);
                    for (int i = 0; i < count; i++)
                    {
                        sums.Slice(i * PanelColumns, width).CopyTo(product.AsSpan(((row + i) * Columns) + first));
                    }
                }
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(
        ReadOnlySpan<float> row0, ReadOnlySpan<float> row1, ReadOnlySpan<float> row2, ReadOnlySpan<float> row3,
        ReadOnlySpan<float> panel, Span<float> sums)
    {
        int width = Vector<float>.Count;
        ref float at = ref MemoryMarshal.GetReference(panel);
        Vector<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default,
            a3 = default, b3 = default;
        for (int k = 0; k < row0.Length; k++)
        {
            Vector<float> a = Vector.LoadUnsafe(ref at);
            Vector<float> b = Vector.LoadUnsafe(ref at, (nuint)width);
            at = ref Unsafe.Add(ref at, 2 * width);
            Vector<float> left = new(row0[k]);
            a0 = Vector.MultiplyAddEstimate(left, a, a0);
            b0 = Vector.MultiplyAddEstimate(left, b, b0);
            left = new(row1[k]);
            a1 = Vector.MultiplyAddEstimate(left, a, a1);
            b1 = Vector.MultiplyAddEstimate(left, b, b1);
            left = new(row2[k]);
            a2 = Vector.MultiplyAddEstimate(left, a, a2);
            b2 = Vector.MultiplyAddEstimate(left, b, b2);
            left = new(row3[k]);
            a3 = Vector.MultiplyAddEstimate(left, a, a3);
            b3 = Vector.MultiplyAddEstimate(left, b, b3);
        }

        a0.CopyTo(sums);
        b0.CopyTo(sums[width..]);
        a1.CopyTo(sums[(2 * width)..]);
        b1.CopyTo(sums[(3 * width)..]);
        a2.CopyTo(sums[(4 * width)..]);
        b2.CopyTo(sums[(5 * width)..]);
        a3.CopyTo(sums[(6 * width)..]);
        b3.CopyTo(sums[(7 * width)..]);
    }
}
