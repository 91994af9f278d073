using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Inference;

/// <summary>What one thread needs beside its rows: a quantiser, and a lane of experts to compare with. Not thread-safe.</summary>
internal sealed class ModelSelector : IDisposable
{
    private const int MaxElements = 256;      // looked at before the choice is made
    private const int Sure = 64 * BitCost.Bit; // so far apart that the rest is not waited for
    private readonly LanguageModel _model;
    private readonly PredictorLanes _experts;
    private readonly DecisionList _decisions = new(SnapshotManifest.LanguageFrequencyBits);
    private readonly EndProbabilityMap _ends = new();

    internal ModelSelector(LanguageModel model)
    {
        _model = model;
        _experts = model.Experts.CreateLanes(1);
        Quantiser = new FrequencyQuantiser(model.Shape.Vocabulary, SnapshotManifest.LanguageFrequencyBits);
    }

    /// <summary>From weights to slices.</summary>
    internal FrequencyQuantiser Quantiser { get; }

    /// <summary>The profile that the experts see in a message without a hint.</summary>
    internal int Detect(ReadOnlySpan<byte> message, StreamContext? experts)
    {
        _decisions.Clear();
        _experts.BeginEncode(0, message, ContentHint.Auto, experts, _decisions);
        return _model.Experts.ProfileOf(_experts, 0);
    }

    /// <summary>Whether the language model codes a message in fewer bits than the experts do: both code its beginning. spec 11.3-2</summary>
    /// <param name="message">All of it.</param>
    /// <param name="hint">For the experts, who choose the same profile as for the message itself.</param>
    /// <param name="experts">What they start from.</param>
    /// <param name="plan">The message's tokens; those that were looked at are prepared afterwards.</param>
    /// <param name="state">Where it starts, and where it has read ahead to afterwards.</param>
    /// <param name="probabilities">Prices of the choice.</param>
    internal bool PrefersLanguage(
        ReadOnlySpan<byte> message, ContentHint hint, StreamContext? experts, TokenizedMessage plan, SequenceState state, ModelProbabilities probabilities)
    {
        if (plan.IsDense(message.Length))
        {
            return false;
        }

        _decisions.Clear();
        _experts.BeginEncode(0, message, hint, experts, _decisions);
        int profile = _model.Experts.ProfileOf(_experts, 0);
        int counted = _decisions.Items.Length; // the profile is the same in both
        long language = probabilities.Cost(profile, isLanguage: true);
        long byExperts = probabilities.Cost(profile, isLanguage: false);
        _ends.CopyFrom(state.Ends);
        int last = -1;
        int at = 0;
        int place = 0;
        while (true)
        {
            int stop = Math.Min(plan.Count, at + TokenizedMessage.Chunk);
            plan.PrepareTo(stop, state, Quantiser);
            for (; at < stop; at++)
            {
                language += plan.CostOf(at, last, _ends);
                foreach (byte value in plan.BytesOf(at))
                {
                    _experts.Encode(0, value, _decisions);
                    _experts.Step([value]);
                    last = value;
                    place++;
                }
            }

            bool isWhole = place == message.Length;
            if (isWhole)
            {
                language += BitCost.Of((1u << SnapshotManifest.LanguageFrequencyBits) - _ends.No(EndProbabilityMap.Cell(last, at, state.Bin)));
                _experts.Encode(0, Predictor.EndSymbol, _decisions);
            }

            for (; counted < _decisions.Items.Length; counted++)
            {
                byExperts += BitCost.Of(_decisions.Items[counted].Frequency);
            }

            if (isWhole || at >= MaxElements || Math.Abs(language - byExperts) > Sure)
            {
                return language <= byExperts;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _experts.Dispose();
}
