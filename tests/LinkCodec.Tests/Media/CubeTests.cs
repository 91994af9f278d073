using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Media;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>Images of many bands, which a cube carries.</summary>
public sealed class CubeTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(5, 4, 40, 8)]
    [InlineData(1, 30, 20, 16)]
    [InlineData(30, 1, 3, 12)]
    public void What_is_coded_comes_back(int width, int height, int bands, int bits) => ComesBack(
        new CubeHeader(width, height, bands, bits), MediaRun.Picture(width, height, bands, bits).Samples);

    [Fact]
    public void Noise_and_the_most_bands_come_back()
    {
        TestRandom random = new(4);
        ushort[] noise = [.. Enumerable.Range(0, 2 * 3 * 1024).Select(_ => (ushort)random.Next(65536))];
        ComesBack(new CubeHeader(2, 3, 1024, 16), noise);
    }

    [Fact]
    public void Bands_that_are_empty_cost_next_to_nothing_and_do_not_part_the_others()
    {
        ushort[] full = MediaRun.Picture(24, 24, 12, 12).Samples;
        int each = 24 * 24;
        ushort[] with = new ushort[24 * each];
        for (int band = 0; band < 12; band++)
        {
            full.AsSpan(band * each, each).CopyTo(with.AsSpan(2 * band * each));
        }

        int alone = ComesBack(new CubeHeader(24, 24, 12, 12), full);
        Assert.InRange(ComesBack(new CubeHeader(24, 24, 24, 12), with), alone, alone + (12 * 4));
    }

    [Fact]
    public void A_band_that_the_others_tell_costs_little()
    {
        TestRandom random = new(8);
        int each = 32 * 32;
        ushort[] apart = [.. Enumerable.Range(0, 6 * each).Select(_ => (ushort)random.Next(1000))];
        ushort[] alike = [.. apart];
        for (int i = 2 * each; i < alike.Length; i++)
        {
            alike[i] = (ushort)((alike[i - each] + alike[i - (2 * each)]) / 2);
        }

        int all = ComesBack(new CubeHeader(32, 32, 6, 10), apart);
        Assert.InRange(ComesBack(new CubeHeader(32, 32, 6, 10), alike), 0, all * 6 / 10);
    }

    [Fact]
    public void A_tiff_and_a_pam_of_many_bands_come_out_byte_for_byte()
    {
        byte[] tiff = MediaFiles.Tiff(12, 9, 40, isBigEndian: false, isPlanar: true);
        byte[] pam = MediaFiles.Map("P7\nWIDTH 6\nHEIGHT 5\nDEPTH 100\nMAXVAL 1000\nENDHDR\n", 6000);
        foreach ((byte[] file, int bands) in new[] { (tiff, 40), (pam, 100) })
        {
            ReadOnlyMemory<byte> content = MediaMessage.Carry(file);
            Assert.True(CarriedForm.TryRead(content.Span, out CarriedForm form));
            Assert.Equal((MediaKind.Cube, bands), (form.Kind, form.Planes));
            Assert.Equal(file, MediaMessage.Restore(content).ToArray());
            (int start, int end) = form.Part(0);
            byte[] code = MediaCode.Encode(form, 0, content.Span);
            Assert.Equal(LinkErrorCode.None, MediaCode.Decode(code, [], out byte[] samples));
            Assert.Equal(content.Span[start..end].ToArray(), samples);
        }
    }

    [Fact]
    public void A_raster_of_samples_of_224_bands_is_a_cube_in_tiles()
    {
        TestRandom random = new(2);
        byte[] raster = new byte[40 * 36 * 224 * 2];
        for (int i = 0; i < raster.Length; i += 2)
        {
            raster[i] = (byte)((i / 2 % 40 * 3) + random.Next(9));
        }

        Assert.True(SampleFormat.TryParse("u16le,40x36x224", out SampleFormat? format));
        ReadOnlyMemory<byte> content = MediaMessage.Carry(raster, new MediaOptions
        {
            Kind = MessageKind.Samples,
            Samples = format,
        });
        Assert.True(CarriedForm.TryRead(content.Span, out CarriedForm form));
        Assert.Equal((MediaKind.Cube, 224, 32, 4), (form.Kind, form.Planes, form.PartSize, form.PartCount));
        Assert.Equal(raster, MediaMessage.Restore(content).ToArray());
    }

    private static int ComesBack(CubeHeader header, ushort[] samples)
    {
        byte[] code = CubeTile.Encode(header, samples);
        Assert.Equal(LinkErrorCode.None, CubeTile.Decode(code, MediaLimits.Default, out CubeHeader read,
            out ushort[] decoded));
        Assert.Equal(header, read);
        Assert.Equal(samples, decoded);
        return code.Length;
    }
}
