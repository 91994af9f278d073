using LinkCodec.Core.Experts;
using LinkCodec.Tests.Models;
using Xunit;

namespace LinkCodec.Tests.Experts;

/// <summary>Every change of a prediction is another wire format: these hashes notice it. Training is part of what they hash.</summary>
[Spec("7.1-1")]
public sealed class ExpertExactnessTests
{
    private const string Alone = "1e1fbb0ebf1509c59b02895b8b9b860e9ed9b6d26c3b1057ad7ffa680a664fd2";
    private const string WithNetworks = "56212602fd7752b516f9523bd47b00edb7e2ed430d0fa0e5ecda1106b378fab5";

    [Theory]
    [InlineData(false, Alone)]
    [InlineData(true, WithNetworks)]
    public void The_decisions_are_those_that_they_always_were(bool withNetworks, string hash)
    {
        using ExpertPredictor predictor = TrainedExperts.Load(withNetworks);
        Assert.Equal(hash, ExpertRun.Hash(predictor));
    }

    [Fact]
    public void Training_on_more_threads_gives_the_same()
    {
        using ExpertPredictor predictor = ExpertRun.Load(ExpertRun.Train(withNetworks: true, threads: 3));
        Assert.Equal(WithNetworks, ExpertRun.Hash(predictor));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX2", 16)]
    [InlineData("DOTNET_EnableHWIntrinsic", 16)]
    public void A_process_without_an_instruction_set_gives_the_same(string variable, int vectorBytes)
    {
        string line = ExactnessProcess.Run(variable, "experts");
        Assert.StartsWith($"logits={Alone} frequencies={WithNetworks} ", line, StringComparison.Ordinal);
        if (System.Runtime.Intrinsics.X86.X86Base.IsSupported)
        {
            Assert.EndsWith($"with vectors of {vectorBytes} bytes", line, StringComparison.Ordinal);
        }
    }
}
