using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// The probabilities that a message of each profile is coded by the language model rather than by context mixing.
/// </summary>
/// <remarks>
/// Constants by the profile's hint at first, then what a context's messages would have chosen. Spec:
/// protocol-spec/11-language-models.md, section 3.
/// </remarks>
internal sealed class ModelProbabilities
{
    private const int Shift = SnapshotManifest.LanguageFrequencyBits - 16;
    private readonly int[] _probabilities; // probabilities of the language model, in 65,536ths

    /// <summary>Starts from the constants. spec 11.3-3</summary>
    /// <param name="hints">The hints of the profiles, by number.</param>
    internal ModelProbabilities(IReadOnlyList<ContentHint> hints) =>
        _probabilities = [.. hints.Select(hint => hint switch
        {
            ContentHint.Auto or ContentHint.Prose or ContentHint.Mail => 61_440,
            ContentHint.Json or ContentHint.Log => 32_768,
            ContentHint.Binary => 1_024,
            _ => 4_096,
        })];

    /// <summary>Slots of context scale for context mixing.</summary>
    internal uint No(int profile) => (uint)(65_536 - _probabilities[profile]) << Shift;

    /// <summary>The cost of either choice, in 256ths of a bit.</summary>
    internal int Cost(int profile, bool isLanguage) =>
        BitCost.Of((uint)(isLanguage ? _probabilities[profile] : 65_536 - _probabilities[profile]) << Shift);

    /// <summary>Learns which would have been cheaper. spec 11.3-4</summary>
    internal void Learn(int profile, bool isLanguage)
    {
        int probability = _probabilities[profile];
        probability += isLanguage ? (65_536 - probability) >> 2 : -(probability >> 2);
        _probabilities[profile] = Math.Clamp(probability, 1_024, 64_512);
    }

    /// <summary>Makes these probabilities equal to those of another context.</summary>
    internal void CopyFrom(ModelProbabilities other) => other._probabilities.CopyTo(_probabilities, 0);
}
