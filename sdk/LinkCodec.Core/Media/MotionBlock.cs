namespace LinkCodec.Core.Media;

/// <summary>
/// Blocks of a plane moved by fractions of a sample. Quarters come from a filter of six taps and the mean of two
/// neighbouring values; what is smaller, from the four samples around.
/// </summary>
/// <remarks>
/// The filters are those of ITU-T H.264, 8.4.2.2: video that was decoded from that format holds blocks that come out
/// exactly. Not thread-safe.
/// </remarks>
internal sealed class MotionBlock
{
    private const int Before = 2;
    private const int Surplus = 5;
    private const int Side = MotionField.Block + Surplus;

    private readonly int[] _patch = new int[Side * Side];
    private readonly int[] _sums = new int[Side * Side];
    private int _most;

    /// <summary>Moves a block by quarters.</summary>
    /// <param name="from">The frame that it comes from.</param>
    /// <param name="plane">Which of its planes.</param>
    /// <param name="x">The left column of the block, in quarters.</param>
    /// <param name="y">The upper row of the block, in quarters.</param>
    /// <param name="across">Columns of the block.</param>
    /// <param name="down">Rows of the block.</param>
    /// <param name="block">Where it goes.</param>
    internal void MoveByQuarters(VideoFrame from, int plane, int x, int y, int across, int down, Span<ushort> block)
    {
        (int partX, int partY) = (x & 3, y & 3);
        _most = (1 << from.Format.BitDepth) - 1;
        Take(from, plane, (x >> 2) - Before, (y >> 2) - Before, across + Surplus, down + Surplus);
        for (int row = 0; row < down; row++)
        {
            for (int column = 0; column < across; column++)
            {
                block[(row * across) + column] = (ushort)At(((row + Before) * Side) + column + Before, partX, partY);
            }
        }
    }

    /// <summary>Moves a block by eighths.</summary>
    internal void MoveByEighths(VideoFrame from, int plane, int x, int y, int across, int down, Span<ushort> block)
    {
        (int partX, int partY) = (x & 7, y & 7); // spec 14.3-3
        Take(from, plane, x >> 3, y >> 3, across + 1, down + 1);
        for (int row = 0; row < down; row++)
        {
            for (int column = 0; column < across; column++)
            {
                int at = (row * Side) + column;
                int above = ((8 - partX) * _patch[at]) + (partX * _patch[at + 1]);
                int below = ((8 - partX) * _patch[at + Side]) + (partX * _patch[at + Side + 1]);
                block[(row * across) + column] = (ushort)((((8 - partY) * above) + (partY * below) + 32) >> 6);
            }
        }
    }

    // Beyond the plane stands its edge. spec 14.3-1
    private void Take(VideoFrame frame, int plane, int x, int y, int across, int down)
    {
        int width = frame.Format.WidthOf(plane);
        int height = frame.Format.HeightOf(plane);
        for (int row = 0; row < down; row++)
        {
            ReadOnlySpan<ushort> from = frame.Row(plane, Math.Clamp(y + row, 0, height - 1));
            Span<int> to = _patch.AsSpan(row * Side, across);
            for (int column = 0; column < across; column++)
            {
                to[column] = from[Math.Clamp(x + column, 0, width - 1)];
            }
        }
    }

    private int At(int at, int partX, int partY) // spec 14.3-2
    {
        if (partX == 0 && partY == 0)
        {
            return _patch[at];
        }

        int right = at + (partX >> 1);
        int below = at + ((partY >> 1) * Side);
        if (partY == 0)
        {
            return partX == 2 ? HalfAcross(at) : Mean(HalfAcross(at), _patch[right]);
        }

        if (partX == 0)
        {
            return partY == 2 ? HalfDown(at) : Mean(HalfDown(at), _patch[below]);
        }

        if (partX == 2)
        {
            return partY == 2 ? Centre(at) : Mean(Centre(at), HalfAcross(below));
        }

        return partY == 2 ? Mean(Centre(at), HalfDown(right)) : Mean(HalfAcross(below), HalfDown(right));
    }

    private static int Mean(int a, int b) => (a + b + 1) >> 1;

    private int HalfAcross(int at) => Round(Filter(_patch, at, 1), 5);

    private int HalfDown(int at) => Round(Filter(_patch, at, Side), 5);

    // The filter down over what the filter across gives, which is not rounded before.
    private int Centre(int at)
    {
        for (int row = -2; row <= 3; row++)
        {
            _sums[at + (row * Side)] = Filter(_patch, at + (row * Side), 1);
        }

        return Round(Filter(_sums, at, Side), 10);
    }

    private static int Filter(int[] values, int at, int step) => values[at - (2 * step)] + values[at + (3 * step)]
        - (5 * (values[at - step] + values[at + (2 * step)])) + (20 * (values[at] + values[at + step]));

    private int Round(int sum, int bits) => Math.Clamp((sum + (1 << (bits - 1))) >> bits, 0, _most);
}
