namespace LinkCodec.Core.Media;

/// <summary>
/// Where each block of a strip is found in another frame: a vector a block, in quarters of a sample of brightness.
/// </summary>
internal sealed class MotionField
{
    /// <summary>The side of a block.</summary>
    internal const int Block = 16;

    /// <summary>The longest a vector is across or down.</summary>
    internal const int Longest = 4095;

    private readonly (int X, int Y)[] _vectors;

    /// <summary>A field without motion.</summary>
    internal MotionField(int width, int height)
    {
        Across = (width + Block - 1) / Block;
        Down = (height + Block - 1) / Block;
        _vectors = new (int, int)[Across * Down];
    }

    /// <summary>Blocks in a row.</summary>
    internal int Across { get; }

    /// <summary>Rows of blocks.</summary>
    internal int Down { get; }

    /// <summary>The vector of a block.</summary>
    internal ref (int X, int Y) this[int column, int row] => ref _vectors[(row * Across) + column];

    /// <summary>What a vector is expected to be: the median of those to the left, above, and above to the
    /// right.</summary>
    internal (int X, int Y) Expected(int column, int row) // spec 14.2-1
    {
        if (row == 0)
        {
            return column == 0 ? (0, 0) : this[column - 1, 0];
        }

        (int X, int Y) above = this[column, row - 1];
        if (column == 0)
        {
            return above;
        }

        (int X, int Y) left = this[column - 1, row];
        (int X, int Y) corner = column + 1 < Across ? this[column + 1, row - 1] : this[column - 1, row - 1];
        return (Median(left.X, above.X, corner.X), Median(left.Y, above.Y, corner.Y));
    }

    private static int Median(int a, int b, int c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
