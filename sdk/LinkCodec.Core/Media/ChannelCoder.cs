using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Codes the samples of one channel: each is predicted in several ways, each prediction is the mean of three logistic
/// densities, and the decisions "the sample is at least t" are coded with their mixed opinion.
/// </summary>
internal sealed class ChannelCoder
{
    /// <summary>Kinds of decisions.</summary>
    internal const int Kinds = 40;

    /// <summary>The sets of the mixer.</summary>
    internal const int Sets = 3;

    /// <summary>The number of experts.</summary>
    internal const int Inputs = Densities + 1;

    private const int Decays = 3;
    private const int Densities = (ChannelPredictor.Predictions + 1) * Decays;
    private const int Levels = 40;
    private const int Ratios = 12;
    private const int Rate = 131;
    private const int MostLogit = 2047;

    // Kinds of decisions: the first; on each distance above and below; halvings.
    private const int Above = 1;
    private const int Below = 8;
    private const int Halving = 15;

    private readonly int _least;
    private readonly int _most;
    private readonly ChannelPredictor _predictor;
    private readonly ExpertMixer _mixer;
    private readonly long[] _errors = new long[ChannelPredictor.Predictions * Decays]; // mean, in 2^-18
    private readonly long[] _means = new long[Densities];
    private readonly long[] _slopes = new long[Densities];
    private int[] _lowWeights = new int[Densities];
    private int[] _middleWeights = new int[Densities];
    private int[] _highWeights = new int[Densities];
    private int _low;
    private int _high; // exclusive
    private int _value;
    private int _level;
    private int _ratio;

    /// <summary>A coder that has learned nothing.</summary>
    /// <param name="format">What the samples are.</param>
    /// <param name="mixer">The mixer; in training it has seen other sounds.</param>
    internal ChannelCoder(AudioFormat format, ExpertMixer mixer)
    {
        _mixer = mixer;
        _most = (1 << (format.BitDepth - 1)) - 1;
        _least = -_most - 1;
        _predictor = new ChannelPredictor(format);
        Array.Fill(_errors, Math.Max(2L, 1L << (format.BitDepth - 10)) << (ChannelPredictor.FractionBits + 12));
    }

    /// <summary>A mixer for channels.</summary>
    internal static ExpertMixer MakeMixer(ReadOnlySpan<short> start) => new(Inputs,
        [new(Kinds, 1, Kinds), new(Kinds * Levels, Levels, Kinds), new(Kinds * Ratios, Ratios, Kinds)], Rate, start);

    // What the mean errors move by with each sample, in 65,536ths: spec 13.5-6.
    private static ReadOnlySpan<short> Steps => [7864, 1966, 393];

    // Distances of the thresholds in 16ths of the mean error.
    private static ReadOnlySpan<byte> Distances => [8, 16, 27, 42, 64, 112, 224];

    /// <summary>Codes a sample.</summary>
    /// <param name="coder">Writes the decisions or reads them.</param>
    /// <param name="value">The sample, where it is known already.</param>
    /// <param name="own">The channel's samples before it, the last one first.</param>
    /// <param name="other">Another channel's samples, the last one known first; empty where there is none.</param>
    /// <returns>The sample.</returns>
    internal int Code<TCoder>(ref TCoder coder, int value, ReadOnlySpan<int> own, ReadOnlySpan<int> other)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        ReadOnlySpan<int> predictions = _predictor.Predict(own, other);
        Prepare(predictions);
        (_low, _high, _value) = (_least, _most + 1, value);
        long error = Math.Max(1, _errors[(ChannelPredictor.Best * Decays) + 1] >> 12);
        int half = 1 << (ChannelPredictor.FractionBits - 1);
        int centre = (predictions[ChannelPredictor.Best] + half) >> ChannelPredictor.FractionBits;
        centre = Math.Clamp(centre, _least + 1, _most);
        bool isAbove = Decide(ref coder, centre, 0); // spec 13.5-8
        for (int i = 0; i < Distances.Length; i++)
        {
            int distance = (int)Math.Max(i + 1, (Distances[i] * error) >> (ChannelPredictor.FractionBits + 4));
            int threshold = isAbove ? centre + distance : centre - distance;
            if (threshold <= _low || threshold >= _high
                || Decide(ref coder, threshold, (isAbove ? Above : Below) + i) != isAbove)
            {
                break;
            }
        }

        for (int i = 0; _high - _low > 1; i++)
        {
            Decide(ref coder, (_low + _high) >> 1, Halving + Math.Min(i, Kinds - Halving - 1));
        }

        Learn(predictions, _low);
        return _low;
    }

    private static int LevelOf(long error) =>
        Math.Clamp((LogisticTables.Log2((uint)(error + 16)) - (4 << 8)) / 128, 0, Levels - 1);

    private void Prepare(ReadOnlySpan<int> predictions) // spec 13.5-7
    {
        int at = 0;
        for (int i = 0; i <= predictions.Length; i++)
        {
            // The best prediction has three more densities, which are narrower.
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

        _level = LevelOf(_errors[(ChannelPredictor.Best * Decays) + 1] >> 12);
        int quick = LevelOf(_errors[ChannelPredictor.Best * Decays] >> 12);
        _ratio = Math.Clamp(quick - _level + (Ratios / 2), 0, Ratios - 1);
    }

    private bool Decide<TCoder>(ref TCoder coder, int threshold, int kind)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        int[] logits = _mixer.Inputs;
        long place = ((long)threshold << ChannelPredictor.FractionBits) - (1 << (ChannelPredictor.FractionBits - 1));
        for (int i = 0; i < Densities; i++)
        {
            int below = LogisticDistribution.Below(((place - _means[i]) * _slopes[i]) >> 16);
            _middleWeights[i] = below;
            logits[i] = Math.Clamp(
                Logarithm.Natural((uint)(_highWeights[i] - below + 107))
                    - Logarithm.Natural((uint)(below - _lowWeights[i] + 107)), -MostLogit, MostLogit);
        }

        logits[Densities] = 77;
        _mixer.Select(0, kind); // spec 13.5-9
        _mixer.Select(1, (kind * Levels) + _level);
        _mixer.Select(2, (kind * Ratios) + _ratio);
        _mixer.SelectFinal(kind);
        bool isAtLeast = coder.Code(_mixer.Predict(), _value >= threshold);
        _mixer.Update(isAtLeast);
        if (isAtLeast)
        {
            _low = threshold;
            (_lowWeights, _middleWeights) = (_middleWeights, _lowWeights);
        }
        else
        {
            _high = threshold;
            (_highWeights, _middleWeights) = (_middleWeights, _highWeights);
        }

        return isAtLeast;
    }

    private void Learn(ReadOnlySpan<int> predictions, int value)
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

        _predictor.Learn(value);
    }
}
