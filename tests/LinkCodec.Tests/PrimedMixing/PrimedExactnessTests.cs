using LinkCodec.Tests.Bytes;
using Xunit;

namespace LinkCodec.Tests.PrimedMixing;

/// <summary>Every change of a prediction is another wire format: this hash notices it.</summary>
[Spec("16.1-3")]
public sealed class PrimedExactnessTests
{
    private const string Golden = "85372ce7c6f22a44a528b81f34df68ea8e07c9ec036cebbf9a8b04cb96307be9";

    [Fact]
    public void The_codes_are_those_that_they_always_were() => Assert.Equal(Golden, PrimedRun.Hash());

    [Fact]
    public void Coders_that_have_coded_before_give_the_same()
    {
        PrimedRun.Hash();
        Assert.Equal(Golden, PrimedRun.Hash());
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX2", 16)]
    [InlineData("DOTNET_EnableHWIntrinsic", 16)]
    public void A_process_without_an_instruction_set_gives_the_same(string variable, int vectorBytes)
    {
        string line = ExactnessProcess.Run(variable, "primed");
        Assert.StartsWith($"logits={Golden} ", line, StringComparison.Ordinal);
        if (System.Runtime.Intrinsics.X86.X86Base.IsSupported)
        {
            Assert.EndsWith($"with vectors of {vectorBytes} bytes", line, StringComparison.Ordinal);
        }
    }
}
