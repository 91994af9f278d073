using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Chooses the model of a message. Each thread has one beside its rows: a quantiser, and a lane of context mixing to
/// compare with. Not thread-safe.
/// </summary>
internal sealed class ModelSelector : IDisposable
{
    private const int MaxElements = 256;      // elements looked at before the choice is made
    private const int Sure = 64 * BitCost.Bit; // a difference for which the rest is not waited for
    private readonly LanguageModel _model;
    private readonly PredictorLanes _mixing;
    private readonly DecisionList _decisions = new(SnapshotManifest.LanguageFrequencyBits);
    private readonly EndProbabilityMap _ends = new();

    internal ModelSelector(LanguageModel model)
    {
        _model = model;
        _mixing = model.ContextMixing.CreateLanes(1);
        Quantiser = new FrequencyQuantiser(model.Shape.Vocabulary, SnapshotManifest.LanguageFrequencyBits);
    }

    /// <summary>The quantiser that turns weights into slices.</summary>
    internal FrequencyQuantiser Quantiser { get; }

    /// <summary>The profile that context mixing sees in a message without a hint.</summary>
    internal int Detect(ReadOnlySpan<byte> message, StreamContext? mixing)
    {
        _decisions.Clear();
        _mixing.BeginEncode(0, message, ContentHint.Auto, mixing, _decisions);
        return _model.ContextMixing.ProfileOf(_mixing, 0);
    }

    /// <summary>
    /// Whether the language model codes a message in fewer bits than context mixing does: both code its beginning.
    /// spec 11.3-2
    /// </summary>
    /// <param name="message">The whole message.</param>
    /// <param name="hint">The hint for context mixing, which chooses the same profile as for the message
    /// itself.</param>
    /// <param name="mixing">The context of context mixing that the message starts from.</param>
    /// <param name="plan">The message's tokens; those that were looked at are prepared afterwards.</param>
    /// <param name="state">The state that the message starts from, which has read ahead afterwards.</param>
    /// <param name="probabilities">Prices of the choice.</param>
    internal bool PrefersLanguage(
        ReadOnlySpan<byte> message, ContentHint hint, StreamContext? mixing, TokenizedMessage plan, SequenceState state,
        ModelProbabilities probabilities)
    {
        if (plan.IsDense(message.Length))
        {
            return false;
        }

        _decisions.Clear();
        _mixing.BeginEncode(0, message, hint, mixing, _decisions);
        int profile = _model.ContextMixing.ProfileOf(_mixing, 0);
        int counted = _decisions.Items.Length; // the profile is the same in both
        long language = probabilities.Cost(profile, isLanguage: true);
        long byMixing = probabilities.Cost(profile, isLanguage: false);
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
                    _mixing.Encode(0, value, _decisions);
                    _mixing.Step([value]);
                    last = value;
                    place++;
                }
            }

            bool isWhole = place == message.Length;
            if (isWhole)
            {
                language += BitCost.Of((1u << SnapshotManifest.LanguageFrequencyBits)
                    - _ends.No(EndProbabilityMap.Cell(last, at, state.Bin)));
                _mixing.Encode(0, Predictor.EndSymbol, _decisions);
            }

            for (; counted < _decisions.Items.Length; counted++)
            {
                byMixing += BitCost.Of(_decisions.Items[counted].Frequency);
            }

            if (isWhole || at >= MaxElements || Math.Abs(language - byMixing) > Sure)
            {
                return language <= byMixing;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _mixing.Dispose();
}
