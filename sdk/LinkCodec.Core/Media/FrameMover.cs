namespace LinkCodec.Core.Media;

/// <summary>Moves the blocks of a frame to where a strip of another frame needs them.</summary>
internal static class FrameMover
{
    /// <summary>The strip as the frame shows it, with motion.</summary>
    /// <param name="strip">What the strip is.</param>
    /// <param name="firstRow">The row of the frame at which it begins.</param>
    /// <param name="field">Where its blocks are found.</param>
    /// <param name="from">The frame.</param>
    internal static VideoFrame Move(VideoFormat strip, int firstRow, MotionField field, VideoFrame from)
    {
        VideoFrame moved = new(strip);
        MotionBlock mover = new();
        for (int plane = 0; plane < strip.Planes; plane++)
        {
            int shiftAcross = plane == 0 ? 0 : strip.ShiftAcross;
            int shiftDown = plane == 0 ? 0 : strip.ShiftDown;
            for (int row = 0; row < field.Down; row++)
            {
                for (int column = 0; column < field.Across; column++)
                {
                    Move(moved, plane, shiftAcross, shiftDown, column, row, field[column, row], firstRow, from, mover);
                }
            }
        }

        return moved;
    }

    /// <summary>The strip as the frame shows it, without motion.</summary>
    internal static VideoFrame Cut(VideoFormat strip, int firstRow, VideoFrame from)
    {
        VideoFrame cut = new(strip);
        for (int plane = 0; plane < strip.Planes; plane++)
        {
            int start = (plane == 0 ? firstRow : firstRow >> strip.ShiftDown) * strip.WidthOf(plane);
            from.Plane(plane).AsSpan(start, cut.Plane(plane).Length).CopyTo(cut.Plane(plane));
        }

        return cut;
    }

    private static void Move(VideoFrame moved, int plane, int shiftAcross, int shiftDown, int column, int row,
        (int X, int Y) vector, int firstRow, VideoFrame from, MotionBlock mover)
    {
        VideoFormat strip = moved.Format;
        int left = column * MotionField.Block >> shiftAcross;
        int top = row * MotionField.Block >> shiftDown;
        int across = Math.Min(MotionField.Block >> shiftAcross, strip.WidthOf(plane) - left);
        int down = Math.Min(MotionField.Block >> shiftDown, strip.HeightOf(plane) - top);
        if (across <= 0 || down <= 0)
        {
            return;
        }

        Span<ushort> block = stackalloc ushort[MotionField.Block * MotionField.Block];
        int start = (firstRow >> shiftDown) + top; // spec 14.3-2, 14.3-3
        if (shiftAcross + shiftDown == 0)
        {
            mover.MoveByQuarters(from, plane, (left * 4) + vector.X, (start * 4) + vector.Y, across, down, block);
        }
        else
        {
            mover.MoveByEighths(from, plane, (left * 8) + (vector.X << (1 - shiftAcross)),
                (start * 8) + (vector.Y << (1 - shiftDown)), across, down, block);
        }

        for (int line = 0; line < down; line++)
        {
            block.Slice(line * across, across).CopyTo(moved.Row(plane, top + line)[left..]);
        }
    }
}
