using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>Segments of signals come back as they were, and use what other coders leave.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(1, 16, 700)]
    [InlineData(2, 8, 500)]
    [InlineData(3, 11, 200)]
    [InlineData(16, 13, 60)]
    public void What_is_coded_comes_back(int channels, int bits, int times) =>
        ComesBack(new SignalFormat(channels, bits), MediaRun.Voice(times, channels, bits));

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Noise_and_the_ends_of_the_scale_come_back(int bits)
    {
        TestRandom random = new(3);
        int half = 1 << (bits - 1);
        int[] samples = [.. Enumerable.Range(0, 1200).Select(i => i % 3 == 0 ? random.Next(2 * half) - half
            : i % 2 == 0 ? -half : half - 1)];
        ComesBack(new SignalFormat(1, bits), samples);
        ComesBack(new SignalFormat(3, bits), samples);
    }

    [Fact]
    public void A_channel_that_is_the_sum_of_two_others_costs_next_to_nothing()
    {
        TestRandom random = new(5);
        int[] two = new int[3 * 4000];
        int[] sum = new int[3 * 4000];
        for (int i = 0; i < two.Length; i += 3)
        {
            (two[i], two[i + 1]) = (random.Next(400) - 200, random.Next(400) - 200);
            (sum[i], sum[i + 1], sum[i + 2]) = (two[i], two[i + 1], two[i] + two[i + 1]);
        }

        int alone = ComesBack(new SignalFormat(3, 12), two);
        Assert.InRange(ComesBack(new SignalFormat(3, 12), sum), 0, alone + (alone / 20));
    }

    [Fact]
    public void Values_that_come_after_the_same_values_are_expected()
    {
        TestRandom random = new(9);
        int[] next = [.. Enumerable.Range(0, 40).Select(_ => random.Next(40))];
        int[] samples = new int[6000];
        for (int i = 1; i < samples.Length; i++)
        {
            int before = samples[i - 1] / 50 + 20;
            samples[i] = (random.Next(8) == 0 ? random.Next(40) - 20 : next[before] - 20) * 50;
        }

        int sound = new AudioEncoder(new AudioFormat(1, 12)).Encode(samples).Length;
        Assert.InRange(ComesBack(new SignalFormat(1, 12), samples), 0, sound * 2 / 3);
    }

    [Fact]
    public void A_model_of_sixteen_channels_takes_under_64_MB()
    {
        SignalFormat format = new(16, 16);
        long before = GC.GetAllocatedBytesForCurrentThread();
        SignalCoder coder = new(format, CarriedForm.MaxPartSamples / 16);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1 << 20, 64 << 20);
        Assert.NotNull(coder);
    }

    private static int ComesBack(SignalFormat format, int[] samples)
    {
        byte[] code = SignalSegment.Encode(format, samples);
        Assert.Equal(LinkErrorCode.None, SignalSegment.Decode(code, MediaLimits.Default, out SignalFormat read,
            out int[] decoded));
        Assert.Equal(format, read);
        Assert.Equal(samples, decoded);
        return code.Length;
    }
}
