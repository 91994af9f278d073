namespace LinkCodec.Core.Media;

/// <summary>
/// Predicts the samples of one channel: least squares over the recent past, twice, then a cascade of filters over what
/// the first leaves, then least squares over all of these.
/// </summary>
/// <remarks>
/// Predictions are in 64ths of a sample. Sources: the cascades of Monkey's Audio and OptimFROG; the least squares
/// before them, of Ghido and Tabus (2013).
/// </remarks>
internal sealed class ChannelPredictor
{
    /// <summary>The number of predictions.</summary>
    internal const int Predictions = 6;

    /// <summary>The best prediction of all.</summary>
    internal const int Best = 3;

    /// <summary>The binary logarithm of the predictions' unit.</summary>
    internal const int FractionBits = 6;

    private const int OwnInputs = 16;
    private const int OtherInputs = 8;
    private const int Stages = 3;
    private const int SlowFade = 65405;

    private readonly int _own;

    private readonly int _most;
    private readonly int _shift; // from 64ths to the filters' 16 bits
    private readonly FadingRegression _slow;
    private readonly FadingRegression _fast;
    private readonly FadingRegression _final = new(6, SlowFade, 4096 * 500);
    private readonly LeastMeanSquares[] _stages = [new(128, 524), new(32, 262), new(16, 262)];
    private readonly int[] _corrections = new int[Stages];
    private readonly int[] _predictions = new int[Predictions];

    /// <summary>A predictor that has learned nothing.</summary>
    internal ChannelPredictor(AudioFormat format)
        : this(format.BitDepth, OwnInputs, format.Channels > 1 ? OtherInputs : 0, SlowFade)
    {
    }

    /// <summary>A predictor that has learned nothing.</summary>
    /// <param name="bitDepth">Bits a sample.</param>
    /// <param name="own">How many of the channel's last samples it sees.</param>
    /// <param name="others">How many samples of other channels.</param>
    /// <param name="slowFade">What is left of a sum of the slow regression one sample later, in 65,536ths.</param>
    internal ChannelPredictor(int bitDepth, int own, int others, int slowFade)
    {
        _own = own;
        _most = 1 << (bitDepth - 1 + FractionBits);
        _shift = Math.Max(0, bitDepth - 12);
        int inputs = own + others;
        _slow = new FadingRegression(inputs, slowFade, 2000);
        _fast = new FadingRegression(inputs, 64225, 200);
    }

    /// <summary>Predicts the next sample.</summary>
    /// <param name="own">The channel's samples before it, the last one first.</param>
    /// <param name="others">Samples of other channels, at least as many as it sees.</param>
    internal ReadOnlySpan<int> Predict(ReadOnlySpan<int> own, ReadOnlySpan<int> others)
    {
        own[.._own].CopyTo(_slow.Inputs);
        others[..(_slow.Inputs.Length - _own)].CopyTo(_slow.Inputs[_own..]);

        _slow.Inputs.CopyTo(_fast.Inputs); // spec 13.5-4
        int slow = _slow.Predict(1 << FractionBits, _most);
        int fast = _fast.Predict(1 << FractionBits, _most);
        int cascade = slow;
        _predictions[0] = slow;
        for (int i = 0; i < Stages; i++)
        {
            _corrections[i] = _stages[i].Predict();
            cascade = Math.Clamp(cascade + (_corrections[i] << _shift), -_most, _most);
            _final.Inputs[i] = _corrections[i] << _shift;
            if (i == 0)
            {
                _predictions[1] = cascade;
            }
        }

        _final.Inputs[3] = fast - slow;
        _final.Inputs[4] = (own[0] << FractionBits) - slow;
        _final.Inputs[5] = 1 << FractionBits;
        int best = Math.Clamp(slow + _final.Predict(1, _most), -_most, _most);
        _predictions[2] = cascade;
        _predictions[Best] = best;
        _predictions[4] = fast;
        _predictions[5] = (cascade + best) >> 1;
        return _predictions;
    }

    /// <summary>Learns from the sample that came.</summary>
    internal void Learn(int sample) // spec 13.5-5
    {
        int left = (sample << FractionBits) - _predictions[0];
        _final.Learn(left);
        int value = Math.Clamp(left >> _shift, short.MinValue, short.MaxValue);
        for (int i = 0; i < Stages; i++)
        {
            int error = Math.Clamp(value - _corrections[i], short.MinValue, short.MaxValue);
            _stages[i].Learn(value, error);
            value = error;
        }

        _slow.Learn(sample);
        _fast.Learn(sample);
    }
}
