using System.Runtime.CompilerServices;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>Checks that a network's constants keep every product exact, and every value within the floats.</summary>
/// <remarks>
/// With weights of up to 63 no instruction's 16-bit step saturates; with columns' sums below 2^24 the products are
/// exact as floats. The rest follows the largest magnitudes through the layers, so that no infinity comes, and no NaN
/// but from a residual row that is zero throughout, for which the graph has no defined answer either: a snapshot's
/// self-test does not pass with one.
/// </remarks>
internal static class ByteNetBounds
{
    /// <summary>The widest row whose head's squares, up to 127 each, have a sum below 2^24.</summary>
    internal const int WidestRow = (ExactSums - 1) / (127 * 127);

    private const int ExactSums = 1 << 24;
    private const int LargestWeight = 63;

    // No element of a unit vector is larger: its square counts as a whole number, at least 1 in all, that is at most
    // 1/2 off.
    private const double LargestUnit = 1.25;
    private const double LargestValue = 1e18; // the square of any value is still a float, a sum of squares too

    /// <summary>Whether the constants keep within the bounds.</summary>
    internal static bool Hold(ByteNetWeights weights)
    {
        double residual = Largest(weights.Embedding);
        bool hold = Product(weights.Head, RowMath.SignedLevels, 1) < LargestValue;
        foreach (LayerWeights layer in weights.Layers)
        {
            hold = hold && Product(layer.Gates, RowMath.SignedLevels, Shifted(layer.Share1)) < LargestValue;
            residual += Product(layer.Mix, RowMath.SignedLevels, 2); // |h| <= 1, g <= 2
            double inner = Product(layer.Up, RowMath.SignedLevels, Shifted(layer.Share2));
            residual += Product(layer.Down, RowMath.UnsignedLevels, inner * inner);
            hold = hold && inner < LargestValue && residual < LargestValue;
        }

        return hold;
    }

    private static double Shifted(float[] share)
    {
        double largest = Largest(share);
        return LargestUnit * (1 + (2 * largest));
    }

    private static double Largest(float[] values)
    {
        double largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    /// <summary>
    /// The largest value of a product of a row whose own largest is <paramref name="top"/>; infinite if its sums may
    /// not be exact.
    /// </summary>
    private static double Product(LinearWeights linear, float levels, double top)
    {
        int[] sums = new int[linear.Columns];
        if (!AddMagnitudes(linear.Weights, sums))
        {
            return double.PositiveInfinity;
        }

        double largest = 0;
        for (int column = 0; column < sums.Length; column++)
        {
            double sum = sums[column] * (double)levels;
            double value = sum < ExactSums
                ? sum * Math.Max(top, 1) * Math.Abs((double)linear.Scale[column])
                : double.PositiveInfinity;
            largest = Math.Max(largest, value + (linear.Bias.Length == 0 ? 0 : Math.Abs((double)linear.Bias[column])));
        }

        return largest;
    }

    // Magnitudes by column; false if one is too large. In full from the first call on: a network has millions of
    // weights.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AddMagnitudes(ReadOnlySpan<sbyte> weights, Span<int> sums)
    {
        int room = 0; // the room turns negative once a magnitude is too large
        for (; !weights.IsEmpty; weights = weights[sums.Length..])
        {
            ReadOnlySpan<sbyte> row = weights[..sums.Length];
            for (int column = 0; column < sums.Length && column < row.Length; column++)
            {
                int weight = row[column];
                int sign = weight >> 31;
                weight = (weight ^ sign) - sign;
                room |= LargestWeight - weight;
                sums[column] += weight;
            }
        }

        return room >= 0;
    }
}
