using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Prediction;

namespace LinkCodec.Tests.Bytes;

/// <summary>The predictor contract, with a network of random weights.</summary>
[Spec("7.2-1")]
public sealed class TinyByteNetContractTests : PredictorContractTests
{
    /// <inheritdoc/>
    private protected override Predictor CreatePredictor() => TestSnapshots.Load(TestSnapshots.Tiny);
}

/// <summary>The predictor contract, with the network that ships.</summary>
public sealed class BuiltInByteNetContractTests : PredictorContractTests
{
    /// <inheritdoc/>
    protected override int BatchSteps => 40;

    /// <inheritdoc/>
    private protected override Predictor CreatePredictor() => TestSnapshots.Load(TestSnapshots.BuiltIn);
}

/// <summary>The contract of decisions, with a network of random weights.</summary>
public sealed class TinyByteNetDecisionTests : DecisionContractTests
{
    /// <inheritdoc/>
    private protected override Predictor CreatePredictor() => TestSnapshots.Load(TestSnapshots.Tiny);
}
