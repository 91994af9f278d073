namespace LinkCodec.Core.Erasure;

/// <summary>
/// The coefficients with which the segments before a repair enter it (RFC 8681, section 3.6, with m = 8): drawn from
/// the repair's counter, so that they cost no byte.
/// </summary>
internal static class CodingCoefficients
{
    // Up to so many segments all enter a repair; of more, a share that leaves about as many.
    private const int Dense = 1024;

    /// <summary>Draws the coefficients of a repair, that of the oldest segment first.</summary>
    /// <param name="coefficients">Receives them; as long as the repair reaches, at most 8,192.</param>
    /// <param name="counter">The repair's counter.</param>
    public static void Draw(Span<byte> coefficients, ulong counter)
    {
        TinyMersenneTwister generator = new((uint)counter); // spec 15.2-3
        int threshold = ThresholdFor(coefficients.Length);
        foreach (ref byte coefficient in coefficients)
        {
            coefficient = 0;
            if (threshold == 15 || (int)(generator.Next() & 15) <= threshold)
            {
                while (coefficient == 0)
                {
                    coefficient = (byte)generator.Next();
                }
            }
        }
    }

    // spec 15.2-3: the density threshold of RFC 8681: a coefficient is not 0 with a probability of threshold + 1 in 16.
    private static int ThresholdFor(int reach)
    {
        int threshold = 15;
        for (int covered = Dense; covered < reach; covered *= 2)
        {
            threshold /= 2;
        }

        return threshold;
    }
}
