namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>The importer's operations on whole matrices.</summary>
internal static class Matrices
{
    /// <summary>Writes a matrix of rows of <paramref name="columns"/> numbers as its transpose.</summary>
    internal static void Transpose(float[] matrix, int columns, float[] transposed)
    {
        const int tile = 32; // both sides of a tile stay in the nearest cache
        int rows = matrix.Length / columns;
        Parallel.For(0, (columns + tile - 1) / tile, block =>
        {
            int first = block * tile;
            int last = Math.Min(columns, first + tile);
            for (int top = 0; top < rows; top += tile)
            {
                for (int row = top; row < Math.Min(rows, top + tile); row++)
                {
                    for (int column = first; column < last; column++)
                    {
                        transposed[(column * rows) + row] = matrix[(row * columns) + column];
                    }
                }
            }
        });
    }
}
