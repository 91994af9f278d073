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
    private const string Alone = "dbe8810af36d45175f34041b1d50c107741f1426f9cbc6967f99490f5bb6750f";
    private const string WithNetworks = "3d44c532ba86c9cd0985a5fe0ac9b211d273b8f7c28fe59c08a17e553be7593b";

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
