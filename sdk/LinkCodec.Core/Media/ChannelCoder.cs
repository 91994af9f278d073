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
    internal const int Inputs = DensityExperts.Count + 1;

    /// <summary>Levels of mean errors.</summary>
    internal const int Levels = 40;

    /// <summary>Steps between a short mean error and a longer one.</summary>
    internal const int Ratios = 12;

    private const int Rate = 131;

    private readonly int _least;
    private readonly int _most;
    private readonly ChannelPredictor _predictor;
    private readonly ExpertMixer _mixer;
    private readonly DensityExperts _densities;
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
        _densities = new DensityExperts(format.BitDepth);
    }

    /// <summary>A mixer for channels.</summary>
    internal static ExpertMixer MakeMixer(ReadOnlySpan<short> start) => new(Inputs,
        [new(Kinds, 1, Kinds), new(Kinds * Levels, Levels, Kinds), new(Kinds * Ratios, Ratios, Kinds)], Rate, start);

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
        _densities.Open(predictions);
        _level = LevelOf(_densities.ErrorOf(ChannelPredictor.Best, 1, 6));
        int quick = LevelOf(_densities.ErrorOf(ChannelPredictor.Best, 0, 6));
        _ratio = Math.Clamp(quick - _level + (Ratios / 2), 0, Ratios - 1);
        (_low, _high, _value) = (_least, _most + 1, value);
        ThresholdFan fan = new(predictions[ChannelPredictor.Best],
            _densities.ErrorOf(ChannelPredictor.Best, 1, ChannelPredictor.FractionBits), _least, _most + 1);
        while (fan.TryNext(_low, _high, out int threshold, out int kind)) // spec 13.5-8
        {
            fan.Take(Decide(ref coder, threshold, kind));
        }

        _densities.Learn(predictions, _low);
        _predictor.Learn(_low);
        return _low;
    }

    /// <summary>The level of a mean error, in 64ths.</summary>
    internal static int LevelOf(long error) =>
        Math.Clamp((LogisticTables.Log2((uint)(error + 16)) - (4 << 8)) / 128, 0, Levels - 1);

    private bool Decide<TCoder>(ref TCoder coder, int threshold, int kind)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        int[] logits = _mixer.Inputs;
        _densities.Ask(threshold, logits);
        logits[DensityExperts.Count] = 77;
        _mixer.Select(0, kind); // spec 13.5-9
        _mixer.Select(1, (kind * Levels) + _level);
        _mixer.Select(2, (kind * Ratios) + _ratio);
        _mixer.SelectFinal(kind);
        bool isAtLeast = coder.Code(_mixer.Predict(), _value >= threshold);
        _mixer.Update(isAtLeast);
        _densities.Narrow(isAtLeast);
        (_low, _high) = isAtLeast ? (threshold, _high) : (_low, threshold);
        return isAtLeast;
    }
}
