namespace LinkCodec.Core.Media;

/// <summary>
/// What the predictions of a channel say of a sample as logistic densities: each has three, by its mean error over
/// times of three lengths, and the best one three more, which are narrower.
/// </summary>
internal sealed class DensityExperts
{
    /// <summary>The number of densities.</summary>
    internal const int Count = (ChannelPredictor.Predictions + 1) * Decays;

    /// <summary>Lengths of time over which errors are taken.</summary>
    internal const int Decays = 3;

    private const int MostLogit = 2047;

    private readonly long[] _errors = new long[ChannelPredictor.Predictions * Decays]; // mean, in 2^-18
    private readonly long[] _means = new long[Count];
    private readonly long[] _slopes = new long[Count];
    private int[] _lowWeights = new int[Count];
    private int[] _middleWeights = new int[Count];
    private int[] _highWeights = new int[Count];

    /// <summary>Experts that have seen nothing.</summary>
    /// <param name="bitDepth">Bits a sample.</param>
    internal DensityExperts(int bitDepth) =>
        Array.Fill(_errors, Math.Max(2L, 1L << (bitDepth - 10)) << (ChannelPredictor.FractionBits + 12));

    // What the mean errors move by with each sample, in 65,536ths: spec 13.5-6.
    private static ReadOnlySpan<short> Steps => [7864, 1966, 393];

    /// <summary>The mean error of a prediction.</summary>
    /// <param name="prediction">Which.</param>
    /// <param name="decay">0 for the shortest time, 2 for the longest.</param>
    /// <param name="bits">The unit is 2^-bits of a sample's, 18 at most.</param>
    internal long ErrorOf(int prediction, int decay, int bits) => _errors[(prediction * Decays) + decay] >> (18 - bits);

    /// <summary>Takes the predictions of the next sample.</summary>
    internal void Open(ReadOnlySpan<int> predictions) // spec 13.5-7
    {
        int at = 0;
        for (int i = 0; i <= predictions.Length; i++)
        {
            bool isNarrow = i == predictions.Length;
            int which = isNarrow ? ChannelPredictor.Best : i;
            for (int decay = 0; decay < Decays; decay++, at++)
            {
                // A logistic density whose mean absolute error is e has the scale e / (2 ln 2).
                long scale = Math.Max(8, _errors[(which * Decays) + decay] * (isNarrow ? 410 : 737) >> 22);
                _means[at] = predictions[which];
                _slopes[at] = (1L << (LogisticDistribution.ArgumentBits + 16)) / scale;
                _lowWeights[at] = 0;
                _highWeights[at] = LogisticDistribution.One;
            }
        }
    }

    /// <summary>Writes each expert's logit of the sample being at least <paramref name="threshold"/>.</summary>
    internal void Ask(int threshold, Span<int> logits)
    {
        long place = ((long)threshold << ChannelPredictor.FractionBits) - (1 << (ChannelPredictor.FractionBits - 1));
        for (int i = 0; i < Count; i++)
        {
            int below = LogisticDistribution.Below(((place - _means[i]) * _slopes[i]) >> 16);
            _middleWeights[i] = below;
            logits[i] = Math.Clamp(
                Logarithm.Natural((uint)(_highWeights[i] - below + 107))
                    - Logarithm.Natural((uint)(below - _lowWeights[i] + 107)), -MostLogit, MostLogit);
        }
    }

    /// <summary>Takes the threshold asked about as the new lower limit, or as the upper one.</summary>
    internal void Narrow(bool isAtLeast)
    {
        if (isAtLeast)
        {
            (_lowWeights, _middleWeights) = (_middleWeights, _lowWeights);
        }
        else
        {
            (_highWeights, _middleWeights) = (_middleWeights, _highWeights);
        }
    }

    /// <summary>Learns how far the predictions were from the sample that came.</summary>
    internal void Learn(ReadOnlySpan<int> predictions, int value)
    {
        for (int i = 0; i < predictions.Length; i++)
        {
            long error = Math.Abs(((long)value << ChannelPredictor.FractionBits) - predictions[i]) << 12;
            for (int decay = 0; decay < Decays; decay++)
            {
                ref long mean = ref _errors[(i * Decays) + decay];
                mean += ((error - mean) * Steps[decay]) >> 16;
            }
        }
    }
}
