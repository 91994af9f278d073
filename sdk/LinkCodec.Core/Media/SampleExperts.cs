using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// The experts on one sample: each holds a distribution and says of each decision "the sample is at least t", between
/// the limits known so far, how likely it is.
/// </summary>
/// <remarks>
/// The experts are the residual histograms, then two logistic densities, then the exact contexts, then a constant.
/// </remarks>
internal sealed class SampleExperts(ResidualHistograms histograms, ExactContexts contexts, int histogramCount,
    int contextCount)
{
    private const int MostLogit = 2047;
    private const int Densities = 2;

    // The two densities are that wide, in 256ths of what suits their predictor's error.
    private const int DensityScale = 711 * 256;

    private readonly int[] _histograms = new int[histogramCount];
    private readonly int[] _origins = new int[histogramCount];
    private readonly int[] _shifts = new int[histogramCount];
    private readonly int[] _means = new int[Densities];
    private readonly int[] _slopes = new int[Densities];
    private readonly int[] _slots = new int[contextCount];
    private readonly int[] _totals = new int[contextCount];

    // Each expert's weight below the lower limit, below the threshold asked about, and below the upper limit.
    private int[] _low = new int[histogramCount + Densities + contextCount];
    private int[] _middle = new int[histogramCount + Densities + contextCount];
    private int[] _high = new int[histogramCount + Densities + contextCount];

    /// <summary>The number of logits.</summary>
    internal static int Count(int histogramCount, int contextCount) => histogramCount + Densities + contextCount + 1;

    /// <summary>Sets a histogram, the value its zero stands for, and the logarithm of its bins' width.</summary>
    internal void SetHistogram(int index, int histogram, int origin, int shift) =>
        (_histograms[index], _origins[index], _shifts[index]) = (histogram, origin, shift);

    /// <summary>Sets a density.</summary>
    /// <param name="index">Which.</param>
    /// <param name="mean">Its mean, in eighths.</param>
    /// <param name="error">The mean absolute error expected, in 16ths.</param>
    internal void SetDensity(int index, int mean, int error) =>
        (_means[index], _slopes[index]) = (mean, DensityScale / Math.Max(7, error));

    /// <summary>Sets the slot of an exact context.</summary>
    internal void SetContext(int index, int slot) => _slots[index] = slot;

    /// <summary>What the first three exact contexts know, 0 to 63.</summary>
    internal int Confidence()
    {
        int confidence = 0;
        foreach (int slot in _slots.AsSpan(0, 3))
        {
            confidence = (confidence * 4) + contexts.Confidence(slot);
        }

        return confidence;
    }

    /// <summary>Opens the limits to all values.</summary>
    internal void Open()
    {
        ushort[] sums = histograms.All;
        for (int i = 0; i < _histograms.Length; i++)
        {
            _low[i] = 0;
            _high[i] = sums[_histograms[i] + ResidualHistograms.Sums - 1];
        }

        for (int i = _histograms.Length; i < _histograms.Length + Densities; i++)
        {
            _low[i] = 0;
            _high[i] = 65536;
        }

        for (int i = 0; i < _slots.Length; i++)
        {
            int at = _histograms.Length + Densities + i;
            _low[at] = 0;
            _totals[i] = contexts.CountFrom(_slots[i], 0);
            _high[at] = _totals[i];
        }
    }

    /// <summary>Writes each expert's logit of the sample being at least <paramref name="threshold"/>.</summary>
    internal void Ask(int threshold, Span<int> logits) // spec 13.4-14
    {
        AskHistograms(threshold, logits);
        for (int i = 0; i < Densities; i++) // spec 13.4-10
        {
            int at = _histograms.Length + i;
            long distance = (8L * threshold) - 4 - _means[i];
            int below = LogisticTables.Squash((int)Math.Clamp((distance * _slopes[i]) >> 8, -4096, 4096));
            below = Math.Clamp(below, _low[at], _high[at]);
            _middle[at] = below;
            logits[at] = Logit((5 * (below - _low[at])) + 2, (5 * (_high[at] - below)) + 2);
        }

        for (int i = 0; i < _slots.Length; i++)
        {
            int at = _histograms.Length + Densities + i;
            int middle = _high[at] == _low[at]
                ? _low[at]
                : _totals[i] - contexts.CountFrom(_slots[i], threshold);
            _middle[at] = middle;
            logits[at] = Logit((20 * (middle - _low[at])) + 3, (20 * (_high[at] - middle)) + 3);
        }

        logits[_middle.Length] = 77;
    }

    /// <summary>Takes the threshold asked about as the new lower limit, or as the upper one.</summary>
    internal void Narrow(bool isAtLeast)
    {
        if (isAtLeast)
        {
            (_low, _middle) = (_middle, _low);
        }
        else
        {
            (_high, _middle) = (_middle, _high);
        }
    }

    /// <summary>Counts the sample in every histogram and exact context.</summary>
    internal void Learn(int value)
    {
        for (int i = 0; i < _histograms.Length; i++)
        {
            histograms.Count(_histograms[i], (value - _origins[i]) >> _shifts[i]);
        }

        foreach (int slot in _slots)
        {
            contexts.Count(slot, value);
        }
    }

    private static int Logit(int below, int above) => Math.Clamp(
        Logarithm.Natural((uint)above) - Logarithm.Natural((uint)below), -MostLogit, MostLogit);

    private void AskHistograms(int threshold, Span<int> logits)
    {
        ReadOnlySpan<ushort> all = histograms.All;
        for (int i = 0; i < _histograms.Length; i++)
        {
            int distance = threshold - _origins[i];
            int shift = _shifts[i];
            int bin = (distance >> shift) + ResidualHistograms.Middle;
            ReadOnlySpan<ushort> sums = all.Slice(_histograms[i], ResidualHistograms.Sums);
            int below;
            if ((uint)bin < ResidualHistograms.Sums - 1)
            {
                below = sums[bin];
                if (shift != 0)
                {
                    int part = distance & ((1 << shift) - 1);
                    below += ((sums[bin + 1] - below) * part) >> shift;
                }
            }
            else
            {
                below = bin < 0 ? 0 : sums[ResidualHistograms.Sums - 1];
            }

            _middle[i] = below;
            logits[i] = Logit((5 * (below - _low[i])) + 2, (5 * (_high[i] - below)) + 2);
        }
    }
}
