using System.Globalization;

namespace LinkCodec.Benchmarks.Paths;

/// <summary>The mean of a figure over runs with different seeds, and how far the true mean may be from it.</summary>
internal static class Mean
{
    // The 97.5 % points of Student's t for 1 to 29 degrees of freedom; beyond, the normal distribution's.
    private static readonly double[] Student =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045,
    ];

    /// <summary>The mean and half of its 95 % confidence interval.</summary>
    /// <param name="values">One value for each seed.</param>
    /// <param name="format">The format of both numbers.</param>
    public static string Of(IReadOnlyCollection<double> values, string format)
    {
        double mean = values.Average();
        int free = values.Count - 1;
        double spread = free == 0 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / free / values.Count);
        double half = spread * (free == 0 ? 0 : free <= Student.Length ? Student[free - 1] : 1.96);
        return free == 0 ? mean.ToString(format, CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{mean.ToString(format, CultureInfo.InvariantCulture)} ± "
                + $"{half.ToString(format, CultureInfo.InvariantCulture)}");
    }
}
