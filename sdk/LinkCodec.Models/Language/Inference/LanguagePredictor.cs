using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Messages by a language model, token by token, or by context mixing, byte by byte, whichever takes fewer bits.
/// </summary>
/// <remarks>
/// A message's first decision is its profile, its second the model. Memory: a lane takes some 4 bytes a token of the
/// vocabulary, 65 KB of history, 320 KB of context mixing and its row of the network; a context the same. Spec:
/// protocol-spec/11-language-models.md.
/// </remarks>
internal sealed class LanguagePredictor : Predictor
{
    /// <summary>Makes the predictor of a model, which it owns from now on.</summary>
    internal LanguagePredictor(LanguageModel model)
    {
        Model = model;
        Probabilities = new ModelProbabilities(model.Hints);
    }

    /// <summary>The parts.</summary>
    internal LanguageModel Model { get; }

    /// <summary>The probabilities of the model of a message without a context; nobody changes them.</summary>
    internal ModelProbabilities Probabilities { get; }

    /// <inheritdoc/>
    public override int AlphabetSize => ByteAlphabet;

    /// <inheritdoc/>
    public override int FrequencyBits => SnapshotManifest.LanguageFrequencyBits;

    /// <inheritdoc/>
    public override PredictorLanes CreateLanes(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxLanes);
        return new LanguageLanes(this, capacity);
    }

    /// <inheritdoc/>
    public override bool KeepsContext => true;

    /// <inheritdoc/>
    public override bool HasNetworks => true;

    /// <inheritdoc/>
    public override bool CanAvoidNetworks => Model.ContextMixing.CanAvoidNetworks;

    /// <inheritdoc/>
    public override StreamContext CreateContext() => new LanguageContext(this);

    /// <summary>A context as one of this predictor; null for none.</summary>
    internal LanguageContext? ContextOf(StreamContext? context) => context switch
    {
        null => null,
        LanguageContext own when own.Predictor == this => own,
        _ => throw new ArgumentException("A context of another predictor.", nameof(context)),
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Model.Dispose();
}
