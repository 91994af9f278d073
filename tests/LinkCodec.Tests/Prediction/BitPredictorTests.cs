using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using Xunit;

namespace LinkCodec.Tests.Prediction;

public sealed class BitPredictorTests : DecisionContractTests
{
    [Fact]
    [Spec("6.4-3")]
    public void The_self_test_is_over_the_decisions_and_finds_a_leak()
    {
        using BitPredictor good = new();
        using BitPredictor bad = new() { LeaksLane = true };
        byte[] probe = "Probe 1, probe 2, probe 3."u8.ToArray();
        Assert.True(NumericFingerprint.TryCompute(good, good.FrequencyBits, probe, out NumericFingerprint fingerprint));
        Assert.False(NumericFingerprint.TryCompute(bad, bad.FrequencyBits, probe, out NumericFingerprint _));

        StreamContext context = good.CreateContext();
        ContextMixing.ContextMixingRun.Absorb(good, context, probe);
        byte[] hashed = [.. Alone(good, probe, null).Concat(Alone(good, probe, context))
            .SelectMany(d => BitConverter.GetBytes(d.Cumulative).Concat(BitConverter.GetBytes(d.Frequency)))];
        Assert.Equal(new NumericFingerprint(NSec.Cryptography.HashAlgorithm.Blake2b_256.Hash(hashed)), fingerprint);
    }

    private protected override Predictor CreatePredictor() => new BitPredictor();
}

public sealed class AdaptiveByteDecisionTests : DecisionContractTests
{
    private protected override Predictor CreatePredictor() => new AdaptiveBytePredictor();
}
