using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.Coding;

[Spec("5.2-3")]
public class RangeDecoderHostileTests
{
    public static TheoryData<ulong> Seeds => TestRandom.Seeds(30);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_bytes_decode_to_some_symbols(ulong seed)
    {
        var random = new TestRandom(seed);
        DecodeSome(random.Bytes(random.Next(200)), random);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(300)]
    public void Bytes_that_no_encoder_writes_decode_to_some_symbols(int length)
    {
        byte[] ones = new byte[length];
        ones.AsSpan().Fill(0xFF);
        DecodeSome(ones, new TestRandom(4));
        DecodeSome(new byte[length], new TestRandom(4));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_truncated_code_decodes_to_some_symbols(ulong seed)
    {
        var random = new TestRandom(seed);
        byte[] code = Coder.Encode(random.Intervals(200));
        DecodeSome(code.AsSpan(0, random.Next(code.Length)), random);
    }

    [Fact]
    public void A_decoder_that_was_never_started_refuses_to_work()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            RangeDecoder decoder = default;
            decoder.Consume([], 0, 1, 1);
        });
    }

    [Fact]
    public void The_decoder_tells_when_the_code_is_used_up()
    {
        byte[] code = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var decoder = new RangeDecoder(code);
        Assert.True(decoder.HasRead(8));
        Assert.False(decoder.HasRead(9));
        decoder.Consume(code, 0, 1, 16);
        Assert.True(decoder.HasRead(9));
    }

    private static void DecodeSome(ReadOnlySpan<byte> code, TestRandom random)
    {
        var quantiser = new FrequencyQuantiser(257, 24);
        uint[] weights = new uint[257];
        var decoder = new RangeDecoder(code);
        for (int i = 0; i < 500; i++)
        {
            for (int k = 0; k < weights.Length; k++)
            {
                weights[k] = random.Skewed(21);
            }

            quantiser.Load(weights);
            int symbol = quantiser.Find(decoder.Peek(24), out uint cumulative, out uint frequency);
            Assert.InRange(symbol, 0, 256);
            Assert.True(frequency > 0);
            decoder.Consume(code, cumulative, frequency, 24);
        }
    }
}
