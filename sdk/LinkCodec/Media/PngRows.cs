namespace LinkCodec.Media;

/// <summary>The rows of a PNG, each behind the number of its filter: from them to samples, and back.</summary>
/// <param name="header">What the image is.</param>
internal sealed class PngRows(PngHeader header)
{
    /// <summary>The number of rows of all passes.</summary>
    public int Count => Passes().Sum(pass => pass.Rows);

    /// <summary>Bytes of all rows, their filters among them.</summary>
    public int Length => Passes().Sum(pass => pass.Rows * (1 + pass.Bytes));

    /// <summary>Takes the filters off.</summary>
    /// <param name="rows">The rows; changed.</param>
    /// <param name="pixels">The samples, plane by plane.</param>
    /// <param name="filters">The filter of each row.</param>
    /// <returns>Whether all filters are known ones.</returns>
    public bool TryRead(Span<byte> rows, ushort[] pixels, byte[] filters)
    {
        int number = 0;
        foreach (Pass pass in Passes())
        {
            Span<byte> above = new byte[pass.Bytes];
            for (int row = 0; row < pass.Rows; row++)
            {
                byte filter = rows[0];
                Span<byte> bytes = rows.Slice(1, pass.Bytes);
                if (filter > 4)
                {
                    return false;
                }

                for (int i = 0; i < bytes.Length; i++)
                {
                    bytes[i] += Predict(filter, bytes, above, i);
                }

                Move(pass, row, bytes, pixels, isToPixels: true);
                filters[number++] = filter;
                above = bytes;
                rows = rows[(1 + pass.Bytes)..];
            }
        }

        return true;
    }

    /// <summary>Filters samples.</summary>
    /// <param name="pixels">The samples, plane by plane.</param>
    /// <param name="filters">The filter of each row; null for those that leave the smallest bytes.</param>
    public byte[] Write(ushort[] pixels, byte[]? filters)
    {
        byte[] rows = new byte[Length];
        int at = 0;
        int number = 0;
        foreach (Pass pass in Passes())
        {
            byte[] above = new byte[pass.Bytes];
            for (int row = 0; row < pass.Rows; row++)
            {
                byte[] bytes = new byte[pass.Bytes];
                Move(pass, row, bytes, pixels, isToPixels: false);
                byte filter = filters is null ? Best(bytes, above) : filters[number++];
                rows[at++] = filter;
                for (int i = 0; i < bytes.Length; i++)
                {
                    rows[at++] = (byte)(bytes[i] - Predict(filter, bytes, above, i));
                }

                above = bytes;
            }
        }

        return rows;
    }

    private byte Best(byte[] bytes, byte[] above)
    {
        if (header.Colour == 3 || header.BitDepth < 8)
        {
            return 0;
        }

        byte best = 0;
        long least = long.MaxValue;
        for (byte filter = 0; filter <= 4; filter++)
        {
            long sum = 0;
            for (int i = 0; i < bytes.Length; i++)
            {
                sum += Math.Abs((int)(sbyte)(bytes[i] - Predict(filter, bytes, above, i)));
            }

            (best, least) = sum < least ? (filter, sum) : (best, least);
        }

        return best;
    }

    private byte Predict(int filter, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> above, int at)
    {
        int step = header.Step;
        byte left = at >= step ? bytes[at - step] : (byte)0;
        return filter switch
        {
            0 => 0,
            1 => left,
            2 => above[at],
            3 => (byte)((left + above[at]) / 2),
            _ => Paeth(left, above[at], at >= step ? above[at - step] : (byte)0),
        };
    }

    private static byte Paeth(byte left, byte up, byte corner)
    {
        int plane = left + up - corner;
        (int toLeft, int toUp, int toCorner) = (Math.Abs(plane - left), Math.Abs(plane - up),
            Math.Abs(plane - corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private void Move(Pass pass, int row, Span<byte> bytes, ushort[] pixels, bool isToPixels)
    {
        int planes = header.Planes;
        int depth = header.BitDepth;
        int size = header.Width * header.Height;
        int y = pass.Top + (row * pass.Down);
        for (int i = 0; i < pass.Columns * planes; i++)
        {
            ref ushort pixel = ref pixels[(i % planes * size) + (y * header.Width) + pass.Left
                + (i / planes * pass.Across)];
            if (depth >= 8)
            {
                int at = i * (depth / 8);
                if (isToPixels)
                {
                    pixel = depth == 8 ? bytes[at] : (ushort)((bytes[at] << 8) | bytes[at + 1]);
                }
                else if (depth == 8)
                {
                    bytes[at] = (byte)pixel;
                }
                else
                {
                    (bytes[at], bytes[at + 1]) = ((byte)(pixel >> 8), (byte)pixel);
                }
            }
            else
            {
                int shift = 8 - depth - (i * depth % 8);
                ref byte packed = ref bytes[i * depth / 8];
                pixel = isToPixels ? (ushort)((packed >> shift) & ((1 << depth) - 1)) : pixel;
                packed |= (byte)(isToPixels ? 0 : pixel << shift);
            }
        }
    }

    private List<Pass> Passes()
    {
        List<Pass> passes = [];
        ReadOnlySpan<byte> table = header.Passes;
        for (int i = 0; i < table.Length; i += 4)
        {
            (int left, int top, int across, int down) = (table[i], table[i + 1], table[i + 2], table[i + 3]);
            int columns = (header.Width - left + across - 1) / across;
            int rows = (header.Height - top + down - 1) / down;
            if (columns > 0 && rows > 0)
            {
                passes.Add(new Pass(left, top, across, down, columns, rows,
                    ((columns * header.Planes * header.BitDepth) + 7) / 8));
            }
        }

        return passes;
    }

    private readonly record struct Pass(int Left, int Top, int Across, int Down, int Columns, int Rows, int Bytes);
}
