using LinkCodec.Core.Media;
using LinkCodec.Media;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>Files of images, sounds and video: whatever they are, the same bytes come out.</summary>
public sealed class MediaFormatTests
{
    private static readonly Dictionary<string, byte[]> Files = new()
    {
        ["PGM"] = MediaFiles.Map("P5 40 30 255\n", 1200),
        ["PGM of 16 bits, with a comment and a tail"] = MediaFiles.Map("P5\n# by hand\n40 30\n65535\n", 2400, "more"),
        ["PGM with samples beyond its maximum"] = MediaFiles.Map("P5 40 30 100\n", 1200),
        ["PPM of one sample"] = MediaFiles.Map("P6 1 1 255\n", 3),
        ["PPM of one row"] = MediaFiles.Map("P6 500 1 255\n", 1500),
        ["PAM"] = MediaFiles.Map("P7\nWIDTH 20\nHEIGHT 30\nDEPTH 5\nMAXVAL 1000\nTUPLTYPE X\nENDHDR\n", 6000),
        ["WAV of 8 bits"] = MediaFiles.Wave(1, 8, 3000, 3000),
        ["WAV of 16 bits with chunks"] =
            MediaFiles.Wave(2, 16, 4000, 4000, "JUNK\u0003\0\0\0abc\0", "LIST\u0002\0\0\0zz"),
        ["WAV of 24 bits"] = MediaFiles.Wave(3, 24, 900, 900),
        ["WAV that was broken off"] = MediaFiles.Wave(2, 16, 4001, uint.MaxValue),
        ["WAV with a size that is too small"] = MediaFiles.Wave(1, 16, 4000, 1999),
        ["TIFF"] = MediaFiles.Tiff(30, 21, 3, isBigEndian: false, isPlanar: false),
        ["TIFF, big-endian"] = MediaFiles.Tiff(30, 21, 3, isBigEndian: true, isPlanar: false),
        ["TIFF, planar, with gaps"] = MediaFiles.Tiff(30, 21, 4, isBigEndian: true, isPlanar: true, gap: 5),
        ["Y4M"] = MediaFiles.Video("W40 H30 F25:1 Ip A1:1 C420jpeg", 1800, ["FRAME", "FRAME", "FRAME"]),
        ["Y4M without a form"] = MediaFiles.Video("W40 H30", 1800, ["FRAME"]),
        ["Y4M with parameters of frames"] =
            MediaFiles.Video("H5 W7 C422 XYSCSS=422", 75, ["FRAME Ixyz", "FRAME", "FRAME XA=1", "FRAME XA=2"]),
        ["Y4M of 10 bits"] = MediaFiles.Video("W8 H6 C444p10", 288, ["FRAME", "FRAME"]), // Some are beyond 10 bits.
        ["Y4M of one plane"] = MediaFiles.Video("W9 H1 Cmono", 9, ["FRAME", "FRAME"]),
        ["Y4M of one plane of 12 bits"] = MediaFiles.Video("W9 H2 Cmono12", 36, ["FRAME"]),
        ["Y4M that was broken off"] = MediaFiles.Video("W4 H4 C420", 24, ["FRAME", "FRAME"], "FRAME\n12345"),
        ["Y4M whose frames are larger than a part"] = MediaFiles.Video("W640 H301 C420", 289280, ["FRAME", "FRAME"]),
    };

    private static readonly Dictionary<string, byte[]> Others = new()
    {
        ["empty"] = [],
        ["text"] = "P5 is a text"u8.ToArray(),
        ["PGM that ends early"] = MediaFiles.Map("P5 40 30 255\n", 1199),
        ["PGM without columns"] = MediaFiles.Map("P5 0 30 255\n", 1200),
        ["WAV without samples"] = MediaFiles.Wave(2, 16, 0, 0),
        ["WAV of 12 bits"] = MediaFiles.Wave(2, 12, 600, 600),
        ["WAV whose last chunk is cut"] = MediaFiles.Wave(2, 16, 600, 600)[..40],
        ["TIFF that ends early"] = MediaFiles.Tiff(30, 21, 3, false, false)[..^9],
        ["Y4M in a form that is not read"] = MediaFiles.Video("W4 H4 C411", 24, ["FRAME"]),
        ["Y4M with another plane"] = MediaFiles.Video("W4 H4 C444alpha", 64, ["FRAME"]),
        ["Y4M without a whole frame"] = MediaFiles.Video("W4 H4 C420", 23, ["FRAME"]),
        ["Y4M without a size"] = MediaFiles.Video("C420", 24, ["FRAME"]),
        ["Y4M whose first line has no end"] = "YUV4MPEG2 W4 H4"u8.ToArray(),
        ["PNG with nothing"] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
        ["PNG that is animated"] =
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            .. PngFormat.Chunk("IHDR"u8, new PngHeader(1, 1, 8, 0, false).ToBytes()),
            .. PngFormat.Chunk("acTL"u8, new byte[8]),
        ],
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    public static TheoryData<string> OtherNames => [.. Others.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    [Spec("12.4-1")]
    public void A_file_is_carried_by_its_samples_and_restored(string name)
    {
        byte[] file = Files[name];
        ReadOnlyMemory<byte> content = MediaMessage.Carry(file);
        Assert.True(CarriedForm.TryRead(content.Span, out CarriedForm form));
        Assert.NotEqual(MediaKind.Bytes, form.Kind);
        Assert.Equal(file, MediaMessage.Restore(content).ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Samples_alone_come_out_as_a_file_with_the_same_samples(string name)
    {
        MediaOptions options = new() { Preserve = Preservation.Samples };
        ReadOnlyMemory<byte> content = MediaMessage.Carry(Files[name], options);
        ReadOnlyMemory<byte> other = MediaMessage.Restore(content);
        Assert.False(CarriedForm.IsMarked(other.Span));
        Assert.Equal(content.ToArray(), MediaMessage.Carry(other, options).ToArray());
    }

    [Theory]
    [MemberData(nameof(OtherNames))]
    public void What_is_not_read_crosses_as_it_is_and_a_line_says_so(string name)
    {
        List<string> lines = [];
        MediaOptions options = new() { Kind = MessageKind.Image, OnNotice = lines.Add };
        Assert.Equal(Others[name], MediaMessage.Carry(Others[name], options).ToArray());
        Assert.Single(lines);
        Assert.Equal(name.Contains("animated", StringComparison.Ordinal),
            lines[0].Contains("animated", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tiled_image_is_read()
    {
        byte[] tiled = MediaFiles.Tiff(30, 21, 2, isBigEndian: false, isPlanar: true, tile: 16);
        Assert.True(new TiffFormat().TryRead(tiled, out MediaSamples? samples, out _));
        Assert.Null(samples.FileWrapper);
        byte[] plain = TiffPieces.Write(samples, 1, isSigned: false);
        Assert.True(new TiffFormat().TryRead(plain, out MediaSamples? again, out _));
        Assert.Equal(samples.Pixels, again.Pixels);
        Assert.Equal(tiled, MediaMessage.Carry(tiled).ToArray());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    [InlineData(2, 16)]
    [InlineData(3, 4)]
    [InlineData(4, 16)]
    [InlineData(6, 8)]
    public void Every_colour_of_PNG_is_read_interlaced_or_not(int colour, int bits)
    {
        foreach ((int width, int height) in new[] { (1, 1), (3, 7), (33, 20) })
        {
            PngHeader header = new(width, height, bits, colour, false);
            MediaSamples samples = MediaFiles.Picture(width, height, header.Planes, bits);
            byte[] file = PngFormat.Write(samples, [(byte)colour])!;
            Assert.True(new PngFormat().TryRead(file, out MediaSamples? read, out _));
            Assert.Equal(samples.Pixels, read.Pixels);

            PngRows rows = new(header with { IsInterlaced = true });
            byte[] filters = [.. Enumerable.Range(0, rows.Count).Select(i => (byte)(i % 5))];
            byte[] filtered = rows.Write(samples.Pixels, filters);
            ushort[] pixels = new ushort[samples.Pixels.Length];
            byte[] found = new byte[filters.Length];
            Assert.True(rows.TryRead(filtered, pixels, found));
            Assert.Equal(samples.Pixels, pixels);
            Assert.Equal(filters, found);
        }
    }

    [Fact]
    public void Damaged_files_cross_as_they_are()
    {
        TestRandom random = new(77);
        foreach (byte[] file in Files.Values)
        {
            for (int i = 0; i < 40; i++)
            {
                byte[] damaged = [.. file.AsSpan(0, 1 + random.Next(file.Length))];
                damaged[random.Next(Math.Min(damaged.Length, 60))] = (byte)random.Next(256);
                Assert.Equal(damaged, MediaMessage.Restore(MediaMessage.Carry(damaged)).ToArray());
            }
        }
    }
}
