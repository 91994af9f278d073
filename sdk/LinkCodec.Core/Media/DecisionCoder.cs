using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Codes a sample as decisions "it is at least t": first on the prediction, then on thresholds that fan out from it
/// until one side is known, then by halving what is left.
/// </summary>
internal sealed class DecisionCoder(PlaneModel model, int most)
{
    // Kinds of decisions: the first; on each distance above and below; by what is left.
    private const int Above = 1;
    private const int Below = 11;
    private const int Halving = 21;

    private readonly SampleExperts _experts = model.Experts;
    private readonly ExpertMixer _mixer = model.Mixer;
    private int _low;
    private int _high; // exclusive
    private int _value;
    private Situation _situation;

    /// <summary>What the last sample cost, in 256ths of a bit.</summary>
    internal int Cost { get; private set; }

    private static ReadOnlySpan<byte> Distances => [1, 2, 3, 4, 6, 9, 13, 21, 37, 69];

    /// <summary>Codes a sample.</summary>
    /// <param name="coder">Writes the decisions or reads them.</param>
    /// <param name="value">The sample, where it is known already.</param>
    /// <param name="situation">What the weights are chosen by.</param>
    /// <returns>The sample.</returns>
    internal int Code<TCoder>(ref TCoder coder, int value, in Situation situation)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        (_low, _high, _value, _situation, Cost) = (0, most + 1, value, situation, 0); // spec 13.4-15
        _experts.Open();
        int centre = situation.Centre;
        bool isAbove = Decide(ref coder, centre + 1, 0);
        for (int i = 0; i < Distances.Length; i++)
        {
            int distance = Distances[i] << situation.Shift;
            int threshold = isAbove ? centre + 1 + distance : centre + 1 - distance;
            if (threshold <= _low || threshold >= _high)
            {
                break;
            }

            if (Decide(ref coder, threshold, (isAbove ? Above : Below) + i) != isAbove)
            {
                break;
            }
        }

        while (_high - _low > 1)
        {
            int left = _high - _low;
            Decide(ref coder, (_low + _high) >> 1, Math.Min(Halving + int.Log2(left - 1), PlaneModel.Decisions - 1));
        }

        return _low;
    }

    private bool Decide<TCoder>(ref TCoder coder, int threshold, int kind)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        _experts.Ask(threshold, _mixer.Inputs);
        int few = Math.Min(kind, 7);
        _mixer.Select(0, kind); // spec 13.4-16
        _mixer.Select(1, (_situation.BlendLevel * 8) + few);
        _mixer.Select(2, (kind * 16) + _situation.CostLevel);
        _mixer.Select(3, (((_situation.NearLevel * 16) + _situation.CoarseLevel) * 4) + Math.Min(kind, 3));
        _mixer.Select(4, (((kind * 4) + _situation.Phase) * 4) + Math.Min(3, _situation.CoarseLevel / 4));
        _mixer.Select(5, (kind * 64) + _situation.Confidence);
        _mixer.SelectFinal(kind);
        int probability = _mixer.Predict();
        bool isAtLeast = coder.Code(probability, _value >= threshold);
        Cost += LogisticTables.Surprisal(isAtLeast ? probability : 65536 - probability);
        _mixer.Update(isAtLeast);
        _experts.Narrow(isAtLeast);
        if (isAtLeast)
        {
            _low = threshold;
        }
        else
        {
            _high = threshold;
        }

        return isAtLeast;
    }
}
