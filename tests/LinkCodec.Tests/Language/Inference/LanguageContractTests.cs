using LinkCodec.Core.Prediction;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.ContextMixing;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>The contract of decisions, with a language model.</summary>
public sealed class LanguageContractTests : DecisionContractTests
{
    /// <inheritdoc/>
    private protected override Predictor CreatePredictor() => TestLanguage.Create();
}

/// <summary>With context mixing around networks over bytes, which wait for steps as the language model does.</summary>
public sealed class LanguageWithNetworksContractTests : DecisionContractTests
{
    /// <inheritdoc/>
    private protected override Predictor CreatePredictor() =>
        TestLanguage.Create(byteNetworks: [new FakeByteModel(), new FakeByteModel { Seed = 2 }]);
}

/// <summary>With a window that nearly every message fills, and words before each message.</summary>
public sealed class NarrowLanguageContractTests : DecisionContractTests
{
    /// <inheritdoc/>
    private protected override Predictor CreatePredictor() => TestLanguage.Create(window: 16, PreambleSet.Parse(
        PreambleSet.Write((0, [5, 6, 7]), (1, [9])), profiles: 3, vocabulary: 100, longest: 4, "test"));
}
