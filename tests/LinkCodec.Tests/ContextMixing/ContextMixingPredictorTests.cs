using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Prediction;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>Models of all kinds, trained once a process.</summary>
internal static class TrainedModels
{
    private static readonly Lazy<(byte[] Model, byte[] Dictionary)> PlainFiles =
        new(() => ContextMixingRun.Train(withNetworks: false));
    private static readonly Lazy<(byte[] Model, byte[] Dictionary)> MixedFiles =
        new(() => ContextMixingRun.Train(withNetworks: true));

    public static (byte[] Model, byte[] Dictionary) Files(bool withNetworks) =>
        withNetworks ? MixedFiles.Value : PlainFiles.Value;

    public static ContextMixingPredictor Load(bool withNetworks) => ContextMixingRun.Load(Files(withNetworks));
}

public sealed class ContextMixingAloneTests : DecisionContractTests
{
    private protected override Predictor CreatePredictor() => TrainedModels.Load(false);
}

public sealed class ContextMixingWithNetworksTests : DecisionContractTests
{
    private protected override Predictor CreatePredictor() => TrainedModels.Load(true);
}
