using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

public sealed class AudioRoundTripTests
{
    [Theory]
    [InlineData(0, 1, 16)]
    [InlineData(1, 1, 8)]
    [InlineData(1, 8, 24)]
    [InlineData(1031, 1, 8)]
    [InlineData(2057, 1, 16)]
    [InlineData(513, 2, 16)]
    [InlineData(300, 3, 12)]
    [InlineData(129, 8, 24)]
    public void A_voice_comes_back(int length, int channels, int bitDepth) =>
        ComesBack(new AudioFormat(channels, bitDepth), MediaRun.Voice(length, channels, bitDepth));

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    public void Noise_comes_back_and_hardly_grows(int bitDepth)
    {
        TestRandom random = new(5);
        int[] samples = new int[3000];
        foreach (ref int sample in samples.AsSpan())
        {
            sample = random.Next(1 << bitDepth) - (1 << (bitDepth - 1));
        }

        Assert.InRange(ComesBack(new AudioFormat(1, bitDepth), samples), 0, samples.Length * bitDepth / 8 * 110 / 100);
    }

    [Fact]
    public void Silence_takes_a_few_bytes() =>
        Assert.InRange(ComesBack(new AudioFormat(2, 16), new int[20000]), 0, 120);

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    public void Extremes_side_by_side_come_back(int bitDepth)
    {
        int[] samples = new int[1000];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = i * 5 % 3 == 0 ? (1 << (bitDepth - 1)) - 1 : -(1 << (bitDepth - 1));
        }

        ComesBack(new AudioFormat(1, bitDepth), samples);
    }

    [Fact]
    public void Two_equal_channels_cost_hardly_more_than_one()
    {
        int[] one = MediaRun.Voice(4000, 1, 16);
        int[] two = [.. one.SelectMany(sample => (int[])[sample, sample])];
        int single = ComesBack(new AudioFormat(1, 16), one);
        Assert.InRange(ComesBack(new AudioFormat(2, 16), two), single / 2, single * 5 / 4);
    }

    [Fact]
    public void A_segment_that_goes_on_is_smaller_and_comes_back()
    {
        AudioFormat format = new(1, 16);
        int[] voice = MediaRun.Voice(4000, 1, 16);
        AudioEncoder encoder = new(format);
        byte[] first = encoder.Encode(voice.AsSpan(0, 3000));
        byte[] second = encoder.Encode(voice.AsSpan(3000), goesOn: true);
        Assert.InRange(second.Length, 1, new AudioEncoder(format).Encode(voice.AsSpan(3000)).Length - 1);
        AudioDecoder decoder = new();
        decoder.Decode(first, MediaLimits.Default, out _, out int[] start);
        decoder.Decode(second, MediaLimits.Default, out _, out int[] end);
        int[] both = [.. start, .. end];
        Assert.Equal(voice, both);
    }

    [Fact]
    public void A_segment_that_goes_on_from_nothing_is_refused()
    {
        AudioEncoder encoder = new(new AudioFormat(1, 16));
        byte[] first = encoder.Encode(MediaRun.Voice(100, 1, 16));
        byte[] second = encoder.Encode(MediaRun.Voice(100, 1, 16), goesOn: true);
        AudioDecoder decoder = new();
        Assert.Equal(LinkErrorCode.Malformed, decoder.Decode(second, MediaLimits.Default, out _, out _));
        Assert.Equal(LinkErrorCode.None, decoder.Decode(first, MediaLimits.Default, out _, out _));
        Assert.Equal(LinkErrorCode.LimitExceeded, decoder.Decode(first, new MediaLimits(99), out _, out _));
        Assert.Equal(LinkErrorCode.Malformed, decoder.Decode(second, MediaLimits.Default, out _, out _));
    }

    [Fact]
    public void A_sound_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioEncoder(new AudioFormat(9, 16)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioEncoder(new AudioFormat(1, 7)));
        Assert.Throws<ArgumentException>(() => new AudioEncoder(new AudioFormat(2, 8)).Encode(new int[3]));
        Assert.Throws<ArgumentException>(() => new AudioEncoder(new AudioFormat(1, 8)).Encode([128]));
    }

    private static int ComesBack(AudioFormat format, int[] samples)
    {
        byte[] coded = new AudioEncoder(format).Encode(samples);
        Assert.Equal(LinkErrorCode.None, new AudioDecoder().Decode(coded, MediaLimits.Default,
            out AudioFormat decodedFormat, out int[] decoded));
        Assert.Equal(format, decodedFormat);
        Assert.Equal(samples, decoded);
        return coded.Length;
    }
}
