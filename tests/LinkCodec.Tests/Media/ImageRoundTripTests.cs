using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

public sealed class ImageRoundTripTests
{
    [Theory]
    [InlineData(1, 1, 1, 8)]
    [InlineData(1, 1, 16, 16)]
    [InlineData(1, 37, 3, 8)]
    [InlineData(37, 1, 3, 8)]
    [InlineData(2, 2, 2, 1)]
    [InlineData(64, 48, 1, 8)]
    [InlineData(41, 29, 3, 8)]
    [InlineData(31, 33, 4, 10)]
    [InlineData(24, 20, 8, 16)]
    public void A_picture_comes_back(int width, int height, int planes, int bitDepth) =>
        ComesBack(MediaRun.Picture(width, height, planes, bitDepth));

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Noise_comes_back_and_hardly_grows(int bitDepth)
    {
        TestRandom random = new(7);
        ushort[] samples = new ushort[40 * 40 * 3];
        foreach (ref ushort sample in samples.AsSpan())
        {
            sample = (ushort)random.Next(1 << bitDepth);
        }

        int length = ComesBack(new SamplePlanes(40, 40, 3, bitDepth, samples));
        Assert.InRange(length, 0, samples.Length * bitDepth / 8 * 115 / 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void A_plain_picture_takes_a_few_bytes(int value)
    {
        ushort[] samples = new ushort[100 * 100 * 3];
        Array.Fill(samples, (ushort)value);
        Assert.InRange(ComesBack(new SamplePlanes(100, 100, 3, 8, samples)), 0, 60);
    }

    [Fact]
    public void A_picture_of_few_colours_comes_back_small()
    {
        ushort[] palette = [3, 250, 77, 140];
        ushort[] samples = new ushort[64 * 64];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = palette[((i % 64 / 8) + (i / 64 / 8)) & 3];
        }

        Assert.InRange(ComesBack(new SamplePlanes(64, 64, 1, 8, samples)), 0, samples.Length / 16);
    }

    [Fact]
    public void Extremes_side_by_side_come_back()
    {
        ushort[] samples = new ushort[30 * 30 * 2];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (ushort)(i * 7 % 3 == 0 ? 65535 : 0);
        }

        ComesBack(new SamplePlanes(30, 30, 2, 16, samples));
    }

    [Fact]
    public void A_picture_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplePlanes(1, 1, 1025, 8, new ushort[1025]));
        Assert.Throws<ArgumentException>(() => ImageEncoder.Encode(new SamplePlanes(1, 1, 17, 8, new ushort[17])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplePlanes(1, 1, 1, 17, new ushort[1]));
        Assert.Throws<ArgumentException>(() => new SamplePlanes(2, 1, 1, 8, new ushort[1]));
        Assert.Throws<ArgumentException>(() => new SamplePlanes(1, 1, 1, 8, [256]));
    }

    private static int ComesBack(SamplePlanes image)
    {
        byte[] coded = ImageEncoder.Encode(image);
        Assert.Equal(LinkErrorCode.None, ImageDecoder.Decode(coded, MediaLimits.Default, out SamplePlanes? decoded));
        Assert.Equal((image.Width, image.Height, image.Count, image.BitDepth),
            (decoded!.Width, decoded.Height, decoded.Count, decoded.BitDepth));
        Assert.True(decoded.Samples.AsSpan().SequenceEqual(image.Samples));
        return coded.Length;
    }
}
