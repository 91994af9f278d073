using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Codes the samples of one channel of a signal: predicted as those of a sound, with all that sound's experts say, and
/// with those of images besides, histograms of how far predictions were off and the values that came in exact contexts.
/// </summary>
/// <remarks>Memory: 1.2 MB of histograms for 16 bits, 900 KB of weights, and up to 15 MB of contexts, some 120 bytes a
/// sample.</remarks>
internal sealed class SignalChannelCoder
{
    /// <summary>How many of the channel's last samples are seen.</summary>
    internal const int OwnInputs = 16;

    private const int Contexts = 7;
    private const int Histograms = ChannelPredictor.Predictions + 3;
    private const int Experts = Histograms + 3 + Contexts; // with two densities, and one that always says the same
    private const int Inputs = Experts + DensityExperts.Count;
    private const int Confidences = 64;
    private const int SlowFade = 65520;
    private const int Fast = 4;
    private const int Rate = 131;
    private const short StartWeight = 100;

    private readonly int _half;
    private readonly int _levels;
    private readonly ChannelPredictor _predictor;
    private readonly DensityExperts _densities;
    private readonly ResidualHistograms _histograms;
    private readonly ExactContexts _contexts;
    private readonly SampleExperts _experts;
    private readonly ExpertMixer _mixer;
    private int _low;
    private int _high; // exclusive
    private int _value;
    private int _level;
    private int _ratio;
    private int _confidence;

    /// <summary>A coder that has learned nothing.</summary>
    /// <param name="bitDepth">Bits a sample.</param>
    /// <param name="others">How many samples of other channels are seen.</param>
    /// <param name="length">Samples a channel.</param>
    internal SignalChannelCoder(int bitDepth, int others, int length)
    {
        _half = 1 << (bitDepth - 1);
        _levels = ErrorScale.LevelsOf(bitDepth);
        _predictor = new ChannelPredictor(bitDepth, OwnInputs, others, SlowFade); // spec 13.6-2
        _densities = new DensityExperts(bitDepth);
        _histograms = new ResidualHistograms(Histograms, _levels);
        _contexts = new ExactContexts(Contexts, Math.Clamp(int.Log2(length) - 1, 6, 16));
        _experts = new SampleExperts(_histograms, _contexts, Histograms, Contexts);
        _mixer = MakeMixer();
    }

    // The histograms after the first six: a prediction, and whose mean error over the shortest time or the longest.
    private static ReadOnlySpan<(int Prediction, int Of, int Decay)> More =>
        new (int, int, int)[] { (ChannelPredictor.Best, ChannelPredictor.Best, 0),
            (ChannelPredictor.Best, ChannelPredictor.Best, 2), (Fast, ChannelPredictor.Best, 0) };

    private static ReadOnlySpan<int> NoOthers => [0, 0, 0];

    /// <summary>Codes a sample.</summary>
    /// <param name="coder">Writes the decisions or reads them.</param>
    /// <param name="value">The sample, where it is known already.</param>
    /// <param name="own">The channel's samples before it, the last one first.</param>
    /// <param name="others">Samples of other channels; none, or three and more.</param>
    /// <returns>The sample.</returns>
    internal int Code<TCoder>(ref TCoder coder, int value, ReadOnlySpan<int> own, ReadOnlySpan<int> others)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        ReadOnlySpan<int> predictions = _predictor.Predict(own, others);
        Prepare(predictions, own, others);
        (_low, _high, _value) = (-_half, _half, value);
        ThresholdFan fan = new(predictions[ChannelPredictor.Best],
            _densities.ErrorOf(ChannelPredictor.Best, 1, ChannelPredictor.FractionBits), -_half, _half);
        while (fan.TryNext(_low, _high, out int threshold, out int kind))
        {
            fan.Take(Decide(ref coder, threshold, kind));
        }

        _densities.Learn(predictions, _low);
        _experts.Learn(_low + _half); // spec 13.6-5
        _predictor.Learn(_low);
        return _low;
    }

    private static ExpertMixer MakeMixer() // spec 13.6-6
    {
        int kinds = ChannelCoder.Kinds;
        MixerSet[] sets =
        [
            new(kinds, 1, kinds), new(kinds * ChannelCoder.Levels, ChannelCoder.Levels, kinds),
            new(kinds * ChannelCoder.Ratios, ChannelCoder.Ratios, kinds), new(kinds * Confidences, Confidences, kinds),
        ];
        short[] start = new short[ExpertMixer.StartLength(Inputs, sets.Length, kinds)];
        start.AsSpan(0, kinds * Inputs).Fill(StartWeight);
        start.AsSpan(kinds * Inputs).Fill((short)(4096 / sets.Length));
        return new ExpertMixer(Inputs, sets, Rate, start);
    }

    private void Prepare(ReadOnlySpan<int> predictions, ReadOnlySpan<int> own, ReadOnlySpan<int> others)
    {
        _densities.Open(predictions);
        for (int i = 0; i < Histograms; i++) // spec 13.6-3
        {
            (int which, int of, int decay) = i < ChannelPredictor.Predictions
                ? (i, i, 1)
                : More[i - ChannelPredictor.Predictions];
            int level = ErrorScale.Level((int)_densities.ErrorOf(of, decay, 3), _levels);
            int eighths = ((predictions[which] + 4) >> 3) + (8 * _half);
            _experts.SetHistogram(i, _histograms.Find(i, level, (eighths & 7) >> 1), eighths >> 3,
                ErrorScale.ShiftOf(level));
        }

        int best = (predictions[ChannelPredictor.Best] >> 3) + (8 * _half);
        _experts.SetDensity(0, best, (int)_densities.ErrorOf(ChannelPredictor.Best, 1, 4));
        _experts.SetDensity(1, (predictions[0] >> 3) + (8 * _half), (int)_densities.ErrorOf(0, 1, 4));
        int quick = ChannelCoder.LevelOf(_densities.ErrorOf(ChannelPredictor.Best, 0, 6));
        _level = ChannelCoder.LevelOf(_densities.ErrorOf(ChannelPredictor.Best, 1, 6));
        _ratio = Math.Clamp(quick - _level + (ChannelCoder.Ratios / 2), 0, ChannelCoder.Ratios - 1);
        SetContexts(own, others.IsEmpty ? NoOthers : others, (best + 4) >> 3, quick);
        _confidence = _experts.Confidence();
        _experts.Open();
    }

    // spec 13.6-4
    private void SetContexts(ReadOnlySpan<int> own, ReadOnlySpan<int> others, int guess, int quick)
    {
        (int other, int second) = (others[0], others[1]);
        int size = SizeOf(own[0], other);
        int sizeBefore = SizeOf(own[1], second);
        Set(0, own[0], other);
        Set(1, guess, quick);
        Set(2, own[0], own[1]);
        Set(3, own[0], other, own[1], second);
        Set(4, guess, size, sizeBefore);
        Set(5, other, second, own[0]);
        Set(6, size, sizeBefore, SizeOf(own[2], others[2]));
    }

    private static int SizeOf(int own, int other) => ErrorScale.Level(4 * (Math.Abs(own) + Math.Abs(other)), 60);

    private void Set(int table, int a, int b, int c = 0, int d = 0) =>
        _experts.SetContext(table, _contexts.Find(table, ContextSlots.Hash(a, b, c, d)));

    private bool Decide<TCoder>(ref TCoder coder, int threshold, int kind)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        _experts.Ask(threshold + _half, _mixer.Inputs);
        _densities.Ask(threshold, _mixer.Inputs.AsSpan(Experts));
        _mixer.Select(0, kind); // spec 13.6-6
        _mixer.Select(1, (kind * ChannelCoder.Levels) + _level);
        _mixer.Select(2, (kind * ChannelCoder.Ratios) + _ratio);
        _mixer.Select(3, (kind * Confidences) + _confidence);
        _mixer.SelectFinal(kind);
        bool isAtLeast = coder.Code(_mixer.Predict(), _value >= threshold);
        _mixer.Update(isAtLeast);
        _densities.Narrow(isAtLeast);
        _experts.Narrow(isAtLeast);
        (_low, _high) = isAtLeast ? (threshold, _high) : (_low, threshold);
        return isAtLeast;
    }
}
