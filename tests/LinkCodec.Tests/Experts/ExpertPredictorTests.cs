using LinkCodec.Core.Experts;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Prediction;
using Xunit;

namespace LinkCodec.Tests.Experts;

/// <summary>Models of all kinds, trained once a process.</summary>
internal static class TrainedExperts
{
    private static readonly Lazy<(byte[] Experts, byte[] Corpus)> PlainFiles = new(() => ExpertRun.Train(withNetworks: false));
    private static readonly Lazy<(byte[] Experts, byte[] Corpus)> MixedFiles = new(() => ExpertRun.Train(withNetworks: true));

    public static (byte[] Experts, byte[] Corpus) Files(bool withNetworks) => withNetworks ? MixedFiles.Value : PlainFiles.Value;

    public static ExpertPredictor Load(bool withNetworks) => ExpertRun.Load(Files(withNetworks));
}

public sealed class ExpertsAloneTests : DecisionContractTests
{
    protected override Predictor CreatePredictor() => TrainedExperts.Load(false);
}

public sealed class ExpertsWithNetworksTests : DecisionContractTests
{
    protected override Predictor CreatePredictor() => TrainedExperts.Load(true);
}
