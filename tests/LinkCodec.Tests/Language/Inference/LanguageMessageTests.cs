using System.Security.Cryptography;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Bytes;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>
/// Messages of a language model in any number of lanes and on any processor: the same coded bytes, for good.
/// </summary>
[Spec("7.1-1")]
[Spec("11.9-1")]
public sealed class LanguageMessageTests
{
    /// <summary>The hash of the coded units; tests/emulation/run.sh has it as well.</summary>
    private const string Golden = "451daaec3187465d973fcf38e652049d777cf8e8e37e77582b1da7b094c821aa";

    [Theory]
    [InlineData(32, 1)]
    [InlineData(1, 32)]
    [InlineData(5, 7)]
    public void Messages_across_windows_are_the_same_bytes_in_every_number_of_lanes(int encoders, int decoders)
    {
        using LanguagePredictor predictor = LanguageMessageRun.Create();
        byte[][] messages = LanguageMessageRun.Messages();
        List<ReadOnlyMemory<byte>> units = LanguageMessageRun.Encode(predictor, messages, encoders);
        Assert.Equal(Golden, LanguageMessageRun.Hash(units));
        Assert.Equal(messages, LanguageMessageRun.Decode(predictor, units, decoders));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(1000)]
    public void The_hash_is_SHA_256(int length)
    {
        byte[] data = new TestRandom((ulong)length).Bytes(length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(data)), PortableSha256.Hash(data));
    }

    [Fact]
    public void The_hash_tells_networks_apart()
    {
        using LanguagePredictor other = LanguageMessageRun.Create(seed: 2);
        Assert.NotEqual(Golden,
            LanguageMessageRun.Hash(LanguageMessageRun.Encode(other, LanguageMessageRun.Messages(), 32)));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void A_process_without_an_instruction_set_codes_the_same_bytes(string variable) =>
        Assert.StartsWith($"logits={Golden} ", ExactnessProcess.Run(variable, "messages"), StringComparison.Ordinal);
}
