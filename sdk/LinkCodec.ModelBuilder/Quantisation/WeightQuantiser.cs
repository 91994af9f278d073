using System.Numerics;
using System.Runtime.InteropServices;

namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>Turns float matrices into signed bytes with a scale for each column or row.</summary>
internal static class WeightQuantiser
{
    // A column's largest number may be cut for the sake of all the others.
    private static readonly float[] Clips = [1f, 0.95f, 0.9f, 0.85f, 0.8f, 0.75f, 0.7f];

    // A column of zeros has a scale all the same.
    private const float Smallest = 1e-8f;

    /// <summary>Quantises some columns of a matrix, each with the clip of least squared error.</summary>
    /// <param name="weights">The whole matrix, row after row.</param>
    /// <param name="columns">Numbers of a row.</param>
    /// <param name="range">The columns to quantise.</param>
    /// <param name="limit">Largest magnitude of the bytes, 127 at most.</param>
    /// <param name="bytes">Laid out as the matrix.</param>
    /// <param name="scales">A number for each column: what a byte is worth.</param>
    internal static void Columns(ReadOnlySpan<float> weights, int columns, Range range, int limit, Span<sbyte> bytes,
        Span<float> scales)
    {
        (int begin, int length) = range.GetOffsetAndLength(columns);
        int rows = weights.Length / columns;
        int width = Vector<float>.Count;
        float[] panel = new float[rows * width];
        Span<float> best = stackalloc float[width];
        Span<float> rounded = stackalloc float[width];
        for (int first = begin; first < begin + length; first += width)
        {
            int count = Math.Min(width, begin + length - first);
            for (int row = 0; row < rows; row++)
            {
                weights.Slice((row * columns) + first, count).CopyTo(panel.AsSpan(row * width));
            }

            BestScales(panel, limit).CopyTo(best);
            best[..count].CopyTo(scales[first..]);
            Vector<float> unit = Vector<float>.One / new Vector<float>(best);
            for (int row = 0; row < rows; row++)
            {
                Round(panel, row * width, unit, limit).CopyTo(rounded);
                Span<sbyte> to = bytes.Slice((row * columns) + first, count);
                for (int i = 0; i < count; i++)
                {
                    to[i] = (sbyte)rounded[i];
                }
            }
        }
    }

    /// <summary>Quantises rows to +-127; a row's largest number is 127.</summary>
    /// <param name="weights">Row after row.</param>
    /// <param name="columns">Numbers of a row.</param>
    /// <param name="bytes">Takes as many bytes as there are weights.</param>
    /// <param name="scales">Takes a number for each row: what a byte is worth.</param>
    internal static void Rows(ReadOnlySpan<float> weights, int columns, Span<sbyte> bytes, Span<float> scales)
    {
        for (int row = 0; row * columns < weights.Length; row++)
        {
            ReadOnlySpan<float> from = weights.Slice(row * columns, columns);
            Span<sbyte> to = bytes.Slice(row * columns, columns);
            float largest = Smallest;
            foreach (float weight in from)
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            scales[row] = largest / 127;
            float unit = 127 / largest;
            for (int i = 0; i < columns; i++)
            {
                to[i] = (sbyte)Math.Round(from[i] * unit);
            }
        }
    }

    private static Vector<float> BestScales(float[] panel, int limit)
    {
        Vector<float> largest = new(Smallest);
        ReadOnlySpan<Vector<float>> rows = MemoryMarshal.Cast<float, Vector<float>>(panel);
        foreach (Vector<float> row in rows)
        {
            largest = Vector.Max(largest, Vector.Abs(row));
        }

        Vector<float> best = default;
        Vector<float> least = new(float.PositiveInfinity);
        foreach (float clip in Clips)
        {
            Vector<float> scale = largest * (clip / limit);
            Vector<float> unit = Vector<float>.One / scale;
            Vector<float> error = default;
            for (int row = 0; row < rows.Length; row++)
            {
                Vector<float> missing = (Round(panel, row * Vector<float>.Count, unit, limit) * scale) - rows[row];
                error += missing * missing;
            }

            Vector<int> isBetter = Vector.LessThan(error, least);
            best = Vector.ConditionalSelect(isBetter, scale, best);
            least = Vector.ConditionalSelect(isBetter, error, least);
        }

        return best;
    }

    private static Vector<float> Round(float[] panel, int at, Vector<float> unit, int limit) =>
        Vector.Min(Vector.Max(Vector.Round(new Vector<float>(panel, at) * unit), new Vector<float>(-limit)),
            new Vector<float>(limit));
}
