namespace LinkCodec.Core.Media;

/// <summary>
/// Finds where the blocks of a strip stand in another frame, by the sum of absolute differences: whole samples first,
/// then halves and quarters around the best.
/// </summary>
internal sealed class MotionSearch(VideoFrame strip, int firstRow, VideoFrame reference)
{
    private const int Range = 16;
    private const int Local = 3;
    private const int Quarters = 4;

    private readonly MotionBlock _mover = new();
    private readonly ushort[] _moved = new ushort[MotionField.Block * MotionField.Block];
    private readonly MotionField _field = new(strip.Format.Width, strip.Format.Height);
    private (int X, int Y) _best;
    private long _least;

    /// <summary>The vectors of all blocks.</summary>
    internal MotionField Find()
    {
        for (int row = 0; row < _field.Down; row++)
        {
            for (int column = 0; column < _field.Across; column++)
            {
                _field[column, row] = Find(column, row);
            }
        }

        return _field;
    }

    private (int X, int Y) Find(int column, int row)
    {
        (int X, int Y) expected = _field.Expected(column, row);
        (_best, _least) = ((0, 0), long.MaxValue);
        Scan(column, row, expected, (0, 0), Range);
        Scan(column, row, expected, (expected.X / Quarters, expected.Y / Quarters), Local);
        if (row > 0)
        {
            (int x, int y) = _field[column, row - 1];
            Scan(column, row, expected, (x / Quarters, y / Quarters), 1);
        }

        TryMoved(column, row, expected, expected);
        for (int step = 2; step > 0; step--)
        {
            (int X, int Y) centre = _best;
            for (int i = 0; i < 9; i++)
            {
                TryMoved(column, row, expected,
                    (centre.X + (((i % 3) - 1) * step), centre.Y + (((i / 3) - 1) * step)));
            }
        }

        return _best;
    }

    private void Scan(int column, int row, (int X, int Y) expected, (int X, int Y) centre, int range)
    {
        for (int y = centre.Y - range; y <= centre.Y + range; y++)
        {
            for (int x = centre.X - range; x <= centre.X + range; x++)
            {
                TryWhole(column, row, expected, (x * Quarters, y * Quarters));
            }
        }
    }

    private void TryWhole(int column, int row, (int X, int Y) expected, (int X, int Y) vector)
    {
        if (!IsAllowed(vector))
        {
            return;
        }

        (int left, int top, int across, int down) = BlockAt(column, row);
        long cost = Cost(vector, expected);
        int x = left + (vector.X / Quarters);
        bool isInside = x >= 0 && x + across <= strip.Format.Width;
        for (int line = 0; line < down && cost < _least; line++)
        {
            ReadOnlySpan<ushort> own = strip.Row(0, top + line).Slice(left, across);
            int y = Math.Clamp(firstRow + top + line + (vector.Y / Quarters), 0, reference.Format.Height - 1);
            ReadOnlySpan<ushort> other = reference.Row(0, y);
            cost += isInside ? Difference(own, other.Slice(x, across)) : DifferenceAtEdge(own, other, x);
        }

        Keep(vector, cost);
    }

    private void TryMoved(int column, int row, (int X, int Y) expected, (int X, int Y) vector)
    {
        if (!IsAllowed(vector))
        {
            return;
        }

        (int left, int top, int across, int down) = BlockAt(column, row);
        _mover.MoveByQuarters(reference, 0, (left * Quarters) + vector.X, ((firstRow + top) * Quarters) + vector.Y,
            across, down, _moved);
        long cost = Cost(vector, expected);
        for (int line = 0; line < down && cost < _least; line++)
        {
            cost += Difference(strip.Row(0, top + line).Slice(left, across), _moved.AsSpan(line * across, across));
        }

        Keep(vector, cost);
    }

    private (int Left, int Top, int Across, int Down) BlockAt(int column, int row)
    {
        (int left, int top) = (column * MotionField.Block, row * MotionField.Block);
        return (left, top, Math.Min(MotionField.Block, strip.Format.Width - left),
            Math.Min(MotionField.Block, strip.Format.Height - top));
    }

    private void Keep((int X, int Y) vector, long cost) =>
        (_best, _least) = cost < _least ? (vector, cost) : (_best, _least);

    private long Cost((int X, int Y) vector, (int X, int Y) expected) =>
        (long)(Bits(vector.X - expected.X) + Bits(vector.Y - expected.Y)) << Math.Max(0, strip.Format.BitDepth - 8);

    private static int Bits(int difference) => 4 * (difference == 0 ? 1 : 4 + (2 * int.Log2(Math.Abs(difference))));

    private static bool IsAllowed((int X, int Y) vector) => Math.Abs(vector.X) <= MotionField.Longest
        && Math.Abs(vector.Y) <= MotionField.Longest;

    private static int Difference(ReadOnlySpan<ushort> own, ReadOnlySpan<ushort> other)
    {
        int sum = 0;
        for (int i = 0; i < own.Length; i++)
        {
            sum += Math.Abs(own[i] - other[i]);
        }

        return sum;
    }

    private static int DifferenceAtEdge(ReadOnlySpan<ushort> own, ReadOnlySpan<ushort> other, int x)
    {
        int sum = 0;
        for (int i = 0; i < own.Length; i++)
        {
            sum += Math.Abs(own[i] - other[Math.Clamp(x + i, 0, other.Length - 1)]);
        }

        return sum;
    }
}
