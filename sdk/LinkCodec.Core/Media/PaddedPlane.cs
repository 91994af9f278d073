namespace LinkCodec.Core.Media;

/// <summary>
/// A plane with a margin, so that every sample has neighbours: beyond the sides stand copies of the sides, above the
/// first row what it has shown so far, below the last row a copy of it.
/// </summary>
internal sealed class PaddedPlane
{
    /// <summary>The margin to the left and right, and above.</summary>
    internal const int Margin = 4;

    private readonly int _width;
    private readonly int _height;

    /// <summary>An empty plane.</summary>
    internal PaddedPlane(int width, int height)
    {
        (_width, _height) = (width, height);
        Stride = width + (2 * Margin);
        Samples = new int[Stride * (height + Margin + 1)];
    }

    /// <summary>All samples.</summary>
    internal int[] Samples { get; }

    /// <summary>From a sample to the one below.</summary>
    internal int Stride { get; }

    /// <summary>Where a sample stands.</summary>
    internal int Find(int x, int y) => ((y + Margin) * Stride) + Margin + x;

    /// <summary>Starts a plane: all around is the middle of the scale.</summary>
    internal void Start(int middle) => Array.Fill(Samples, middle);

    /// <summary>Sets a sample.</summary>
    internal void Set(int x, int y, int value) // spec 13.4-3
    {
        int at = Find(x, y);
        Samples[at] = value;
        if (y == 0)
        {
            int right = Math.Min(Margin + 1, _width + Margin - x);
            for (int up = 1; up <= Margin; up++)
            {
                Samples.AsSpan(at - (up * Stride), right).Fill(value);
            }
        }
    }

    /// <summary>Sets all samples of a plane that is known whole.</summary>
    internal void Fill(ReadOnlySpan<ushort> samples) // spec 14.4-3
    {
        for (int y = 0; y < _height; y++)
        {
            Span<int> row = Samples.AsSpan(Find(0, y), _width);
            for (int x = 0; x < _width; x++)
            {
                row[x] = samples[(y * _width) + x];
            }

            Samples.AsSpan(Find(-Margin, y), Margin).Fill(row[0]);
            Samples.AsSpan(Find(_width, y), Margin).Fill(row[^1]);
        }

        ReadOnlySpan<int> first = Samples.AsSpan(Find(-Margin, 0), Stride);
        for (int up = 1; up <= Margin; up++)
        {
            first.CopyTo(Samples.AsSpan(Find(-Margin, -up), Stride));
        }

        Samples.AsSpan(Find(-Margin, _height - 1), Stride).CopyTo(Samples.AsSpan(Find(-Margin, _height), Stride));
    }

    /// <summary>Sets the margins of a row that is whole, and the left margin of the next.</summary>
    internal void EndRow(int y)
    {
        int first = Find(0, y);
        int last = first + _width - 1;
        Samples.AsSpan(last + 1, Margin).Fill(Samples[last]);
        Samples.AsSpan(first + Stride - Margin, Margin).Fill(Samples[first]);
        if (y == _height - 1)
        {
            Samples.AsSpan(first - Margin, Stride).CopyTo(Samples.AsSpan(first + Stride - Margin, Stride));
        }
    }
}
