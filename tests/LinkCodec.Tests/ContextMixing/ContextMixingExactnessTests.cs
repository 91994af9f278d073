using LinkCodec.Core.ContextMixing;
using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>
/// Every change of a prediction is another wire format: these hashes notice it. Training is part of what they hash.
/// </summary>
[Spec("7.1-1")]
public sealed class ContextMixingExactnessTests
{
    private const string Alone = "15ca75cf9031e031eefa3d9bb1d06dac123bd5e40b4a725d7202b967b1ff504b";
    private const string WithNetworks = "f437971e5fe86db023acd3df2882fb6094d87ed676168055ed6ef74a5ab9fa51";

    [Theory]
    [InlineData(false, Alone)]
    [InlineData(true, WithNetworks)]
    public void The_decisions_are_those_that_they_always_were(bool withNetworks, string hash)
    {
        using ContextMixingPredictor predictor = TrainedModels.Load(withNetworks);
        Assert.Equal(hash, ContextMixingRun.Hash(predictor));
    }

    [Fact]
    public void Training_on_more_threads_gives_the_same()
    {
        using ContextMixingPredictor predictor = ContextMixingRun.Load(
            ContextMixingRun.Train(withNetworks: true, threads: 3));
        Assert.Equal(WithNetworks, ContextMixingRun.Hash(predictor));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX2", 16)]
    [InlineData("DOTNET_EnableHWIntrinsic", 16)]
    public void A_process_without_an_instruction_set_gives_the_same(string variable, int vectorBytes)
    {
        string line = ExactnessProcess.Run(variable, "context-mixing");
        Assert.StartsWith($"logits={Alone} frequencies={WithNetworks} ", line, StringComparison.Ordinal);
        if (System.Runtime.Intrinsics.X86.X86Base.IsSupported)
        {
            Assert.EndsWith($"with vectors of {vectorBytes} bytes", line, StringComparison.Ordinal);
        }
    }
}
