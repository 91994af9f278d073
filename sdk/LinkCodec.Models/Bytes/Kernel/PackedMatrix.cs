using System.Runtime.CompilerServices;
using LinkCodec.Models.Graphs;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>A matrix of 7-bit weights in the order in which a <see cref="DotProduct"/> reads it. Immutable.</summary>
/// <remarks>
/// Panels of <see cref="DotProduct.PanelColumns"/> columns; in a panel, groups of four rows; in a group, column after
/// column, four bytes each. Rows and columns that the matrix lacks weigh nothing.
/// </remarks>
internal sealed class PackedMatrix
{
    /// <summary>Packs a matrix.</summary>
    /// <param name="dot">The product that the matrix is packed for.</param>
    /// <param name="weights">Row after row, -63 to 63.</param>
    /// <param name="rows">Rows: the length of what it is multiplied by.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="parts">The number of equal parts of the columns, which begin at multiples of
    /// <see cref="RowMath.Pad"/> each.</param>
    /// <param name="zero">The byte that stands for 0 in the rows that the matrix is multiplied by: taken off the sums
    /// again.</param>
    internal PackedMatrix(DotProduct dot, ReadOnlySpan<sbyte> weights, int rows, int columns, int parts, int zero)
    {
        int width = columns / parts;
        int stride = RowMath.Padded(width);
        int panel = dot.PanelColumns;
        Panels = (((parts - 1) * stride) + width + panel - 1) / panel;
        Groups = (rows + 3) / 4;
        Weights = new PinnedBuffer<byte>(Panels * Groups * panel * 4);
        Starts = new PinnedBuffer<int>(Panels * panel);
        int[] places = new int[columns];
        int[] sums = new int[columns];
        for (int column = 0; column < columns; column++)
        {
            places[column] = (column / width * stride) + (column % width);
        }

        Fill(weights, places, sums, panel);
        for (int column = 0; column < columns; column++)
        {
            Starts.Span[places[column]] = -zero * sums[column];
        }
    }

    /// <summary>Panels of columns.</summary>
    internal int Panels { get; }

    /// <summary>Groups of four rows.</summary>
    internal int Groups { get; }

    /// <summary>The weights, packed.</summary>
    internal PinnedBuffer<byte> Weights { get; }

    /// <summary>The number that each column's sum starts from.</summary>
    internal PinnedBuffer<int> Starts { get; }

    // Row after row as they come, and in full from the first call on: a network has millions of weights.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(ReadOnlySpan<sbyte> weights, int[] places, int[] sums, int panel)
    {
        Span<byte> packed = Weights.Span;
        int[] offsets = Array.ConvertAll(places, place => ((place / panel * Groups * panel) + (place % panel)) * 4);
        for (int row = 0; !weights.IsEmpty; row++)
        {
            ReadOnlySpan<sbyte> source = weights[..offsets.Length];
            Span<byte> group = packed[((row / 4 * panel * 4) + (row % 4))..];
            for (int column = 0; column < source.Length; column++)
            {
                group[offsets[column]] = (byte)source[column];
                sums[column] += source[column];
            }

            weights = weights[offsets.Length..];
        }
    }
}
