using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Media;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>The fast code of images and cubes.</summary>
public sealed class FastTileTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 70, 3, 8)]
    [InlineData(300, 1, 4, 8)]
    [InlineData(37, 29, 1, 16)]
    [InlineData(21, 13, 2, 3)]
    [InlineData(9, 11, 40, 12)]
    [InlineData(16, 16, 3, 13)]
    public void What_is_coded_comes_back(int width, int height, int planes, int bits) => ComesBack(
        new CubeHeader(width, height, planes, bits), MediaRun.Picture(width, height, planes, bits).Samples);

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Noise_the_ends_of_the_scale_and_nothing_come_back(int bits)
    {
        TestRandom random = new(5);
        CubeHeader header = new(31, 23, 3, bits);
        int most = (1 << bits) - 1;
        ushort[] samples = new ushort[header.Samples];
        int nothing = ComesBack(header, samples);
        Assert.InRange(nothing, 1, 60);
        ComesBack(header, [.. samples.Select(_ => (ushort)random.Next(most + 1))]);
        ComesBack(header, [.. samples.Select((_, i) => (ushort)(i % 3 == 0 ? most : 0))]);
        ComesBack(header, [.. samples.Select((_, i) => (ushort)(i < samples.Length / 2 ? 0 : random.Next(2) * most))]);
    }

    [Fact]
    public void A_picture_costs_little_more_than_in_the_strong_code()
    {
        SamplePlanes picture = MediaRun.Picture(96, 96, 3, 8);
        int strong = ImageEncoder.Encode(picture).Length;
        Assert.InRange(ComesBack(new CubeHeader(96, 96, 3, 8), picture.Samples), strong * 8 / 10, strong * 13 / 10);
    }

    [Fact]
    public void Altered_and_shortened_codes_are_refused_or_decode_to_other_samples()
    {
        SamplePlanes picture = MediaRun.Picture(24, 18, 3, 8);
        byte[] code = FastTile.Encode(new CubeHeader(24, 18, 3, 8), picture.Samples);
        TestRandom random = new(6);
        for (int i = 0; i < 60; i++)
        {
            byte[] other = code[..(i % 2 == 0 ? code.Length : random.Next(code.Length))];
            for (int k = 0; other.Length > 0 && k < 3; k++)
            {
                other[random.Next(other.Length)] ^= (byte)(1 << random.Next(8));
            }

            LinkErrorCode error = FastTile.Decode(other, new MediaLimits(20_000), out CubeHeader header,
                out ushort[] samples);
            Assert.Equal(error == LinkErrorCode.None ? (int)header.Samples : 0, samples.Length);
            Assert.DoesNotContain(samples, sample => sample >> header.BitDepth != 0);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void A_part_says_which_code_it_took(int planes)
    {
        ReadOnlyMemory<byte> content = MediaMessage.Carry(planes == 3
            ? PortableMapFormat.Write(MediaFiles.Picture(50, 40, 3, 8))
            : MediaFiles.Tiff(12, 9, planes, isBigEndian: false, isPlanar: true));
        Assert.True(CarriedForm.TryRead(content.Span, out CarriedForm form));
        (int start, int end) = form.Part(0);
        foreach (bool isFast in new[] { false, true })
        {
            byte[] code = MediaCode.Encode(form, 0, content.Span, isFast);
            Assert.Equal(isFast ? MediaKind.Fast : form.Kind, (MediaKind)code[0]);
            Assert.Equal(LinkErrorCode.None, MediaCode.Decode(code, [], out byte[] samples));
            Assert.Equal(content.Span[start..end].ToArray(), samples);
        }
    }

    private static int ComesBack(CubeHeader header, ushort[] samples)
    {
        byte[] code = FastTile.Encode(header, samples);
        Assert.Equal(LinkErrorCode.None, FastTile.Decode(code, MediaLimits.Default, out CubeHeader read,
            out ushort[] decoded));
        Assert.Equal(header, read);
        Assert.Equal(samples, decoded);
        return code.Length;
    }
}
