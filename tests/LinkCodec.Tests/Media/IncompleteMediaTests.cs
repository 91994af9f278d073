using System.Buffers.Binary;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Media;
using LinkCodec.Media;
using LinkCodec.Media.Deflate;
using Xunit;

namespace LinkCodec.Tests.Media;

/// <summary>What came of an image or a sound becomes a file that names what is missing.</summary>
public sealed class IncompleteMediaTests
{
    private const int Most = 64 << 20;

    [Theory]
    [InlineData(1, 8)]
    [InlineData(3, 8)]
    [InlineData(2, 12)]
    public void Tiles_that_came_are_identical_and_the_others_are_grey_and_named(int planes, int bits)
    {
        MediaSamples picture = MediaFiles.Picture(100, 70, planes, bits);
        byte[] content = picture.ToContent(32, [(byte)WrapperKind.PortableMap]);
        IncompleteMedia got = IncompleteMedia.Of(Without(content, 5, 11), Most)!;
        Assert.Equal((7UL, MessageKind.Image, 12), (got.Number, got.Kind, got.PartCount));
        Assert.Equal([new MissingPart(1, 1, 32, 32, 32, 32), new MissingPart(3, 2, 96, 64, 4, 6)], got.Missing);
        Assert.True(new PortableMapFormat().TryRead(got.File, out MediaSamples? read, out string? problem), problem);
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            (int x, int y) = (i % 100, i / 100 % 70);
            bool isMissing = (x is >= 32 and < 64 && y is >= 32 and < 64) || (x >= 96 && y >= 64);
            Assert.Equal(isMissing ? 1 << (bits - 1) : picture.Pixels[i], read.Pixels[i]);
        }
    }

    [Fact]
    public void Segments_that_are_missing_are_silence()
    {
        byte[] wave = MediaFiles.Wave(2, 16, 8_000, 8_000);
        ReadOnlyMemory<byte> content = MediaMessage.Carry(wave, new MediaOptions
        {
            SegmentLength = TimeSpan.FromMilliseconds(50),
        });
        IncompleteMedia got = IncompleteMedia.Of(Without(content, 0, 4), Most)!;
        Assert.Equal((MessageKind.Audio, 5), (got.Kind, got.PartCount));
        Assert.Equal([new MissingPart(0, 0, 0, 0, 400, 1), new MissingPart(4, 0, 1600, 0, 400, 1)], got.Missing);
        wave.AsSpan(44, 1600).Clear();
        wave.AsSpan(44 + (4 * 1600), 1600).Clear();
        Assert.Equal(wave, got.File.ToArray());
    }

    [Fact]
    public void A_png_that_would_be_restored_byte_for_byte_is_a_png_still()
    {
        MediaSamples picture = MediaFiles.Picture(64, 64, 3, 8);
        byte[] png = PngOfZlib(picture);
        ReadOnlyMemory<byte> content = MediaMessage.Carry(png, new MediaOptions { TileSize = 32 });
        Assert.Equal(png, MediaMessage.Restore(content).ToArray());
        Assert.NotEqual(png.Length, content.Length);
        IncompleteMedia got = IncompleteMedia.Of(Without(content, 2), Most)!;
        Assert.True(new PngFormat().TryRead(got.File, out MediaSamples? read, out string? problem), problem);
        Assert.Equal(picture.Pixels[..(32 * 64)], read.Pixels[..(32 * 64)]);
        Assert.Equal(128, read.Pixels[40 * 64]);
        Assert.Equal(picture.Pixels[(40 * 64) + 32], read.Pixels[(40 * 64) + 32]);
    }

    [Fact]
    public void What_is_missing_of_a_palette_is_its_first_colour()
    {
        byte[] content = MediaFiles.Picture(64, 32, 1, 4).ToContent(32, [(byte)WrapperKind.Png, 3]);
        IncompleteMedia got = IncompleteMedia.Of(Without(content, 1), Most)!;
        Assert.True(new PngFormat().TryRead(got.File, out MediaSamples? read, out string? problem), problem);
        Assert.Equal(0, read.Pixels[40]);
    }

    [Fact]
    public void Frames_of_a_lost_group_are_grey_and_named()
    {
        byte[] film = MediaFiles.Video("W40 H30 C420", 1800, ["FRAME", "FRAME X=1", "FRAME", "FRAME", "FRAME"]);
        ReadOnlyMemory<byte> content = MediaMessage.Carry(film, new MediaOptions { GroupLength = 2 });
        IncompleteMedia got = IncompleteMedia.Of(Without(content, 1), Most)!;
        Assert.Equal((MessageKind.Video, 5), (got.Kind, got.PartCount));
        Assert.Equal([new MissingPart(2, 0, 0, 0, 40, 30), new MissingPart(3, 0, 0, 0, 40, 30)], got.Missing);
        Assert.True(new Yuv4MpegFormat().TryRead(film, out MediaSamples? sent, out _));
        Assert.True(new Yuv4MpegFormat().TryRead(got.File, out MediaSamples? read, out string? problem), problem);
        sent.Frames.AsSpan(2 * 1800, 2 * 1800).Fill(128);
        Assert.Equal(sent.Frames, read.Frames);
    }

    [Fact]
    public void Strips_of_a_frame_that_are_missing_are_named()
    {
        byte[] film = MediaFiles.Video("W640 H301 C420", 289280, ["FRAME", "FRAME"]);
        ReadOnlyMemory<byte> content = MediaMessage.Carry(film);
        Assert.True(CarriedForm.TryRead(content.Span, out CarriedForm form));
        Assert.Equal((1, 4), (form.PartFrames, form.PartCount));
        IncompleteMedia got = IncompleteMedia.Of(Without(content, 1), Most)!;
        Assert.Equal([new MissingPart(0, 1, 0, form.PartSize, 640, 301 - form.PartSize)], got.Missing);
        Assert.Equal(4, got.PartCount);
        Assert.True(new Yuv4MpegFormat().TryRead(film, out MediaSamples? sent, out _));
        Assert.True(new Yuv4MpegFormat().TryRead(got.File, out MediaSamples? read, out string? problem), problem);
        int rows = form.PartSize * 640;
        Assert.Equal(sent.Frames[..rows], read.Frames[..rows]);
        Assert.Equal(128, read.Frames[rows]);
        Assert.Equal(sent.Frames[289280..], read.Frames[289280..]);
    }

    [Theory]
    [InlineData(352, 288, 1)]
    [InlineData(320, 192, 1)]
    [InlineData(176, 144, 3)]
    [InlineData(80, 44, 8)]
    public void A_part_of_video_is_a_frame_unless_frames_are_small(int width, int height, int frames)
    {
        CarriedForm form = VideoParts.Choose(new CarriedForm
        {
            Kind = MediaKind.Video,
            Width = width,
            Height = height,
            Chroma = ChromaForm.Half,
            BitDepth = 8,
            Frames = 40,
            GroupFrames = 8,
        });
        Assert.Equal((frames, height), (form.PartFrames, form.PartSize));
    }

    [Fact]
    public void Segments_of_samples_that_are_missing_are_named()
    {
        byte[] samples = [.. MediaRun.Voice(1000, 2, 16).SelectMany(value => BitConverter.GetBytes((short)value)), 9];
        ReadOnlyMemory<byte> content = MediaMessage.Carry(samples, new MediaOptions
        {
            Kind = MessageKind.Samples,
            Samples = new SampleFormat(16, true) { Channels = 2, SegmentLength = 300 },
        });
        IncompleteMedia got = IncompleteMedia.Of(Without(content, 1), Most)!;
        Assert.Equal((MessageKind.Samples, 4), (got.Kind, got.PartCount));
        Assert.Equal([new MissingPart(1, 0, 300, 0, 300, 1)], got.Missing);
        samples.AsSpan(1200, 1200).Clear();
        Assert.Equal(samples, got.File.ToArray());
    }

    [Fact]
    public void Nothing_is_made_of_a_message_without_its_beginning_or_its_samples()
    {
        byte[] content = MediaFiles.Content(MediaFiles.Picture(64, 64, 1, 8), 32);
        IncompleteMessage whole = Without(content);
        Assert.Null(IncompleteMedia.Of(whole with { Parts = [.. whole.Parts.Skip(1)] }, Most));
        Assert.Null(IncompleteMedia.Of(whole with { Parts = [whole.Parts[0]] }, Most));
        Assert.Null(IncompleteMedia.Of(whole with { Parts = [(0, content.AsMemory(0, 7))] }, Most));
        Assert.Null(IncompleteMedia.Of(whole, Most)); // Nothing is missing.
        Assert.Null(IncompleteMedia.Of(Without(content, 1), content.Length - 1));
        Assert.Null(IncompleteMedia.Of(new IncompleteMessage(0, []), Most));
    }

    // A tile of which a piece came is missing all the same.
    [Fact]
    public void A_piece_of_a_tile_is_no_tile()
    {
        byte[] content = MediaFiles.Content(MediaFiles.Picture(64, 64, 1, 8), 32);
        IncompleteMessage message = Without(content, 3);
        int start = content.Length - 1024;
        IncompleteMedia got = IncompleteMedia.Of(message with
        {
            Parts = [.. message.Parts, (start + 100, content.AsMemory(start + 100, 924))],
        }, Most)!;
        Assert.Equal([new MissingPart(1, 1, 32, 32, 32, 32)], got.Missing);
        Assert.Equal(128, got.File.Span[^1]);
    }

    private static byte[] PngOfZlib(MediaSamples picture)
    {
        PngHeader header = new(picture.Width, picture.Height, 8, 2, IsInterlaced: false);
        byte[] rows = new PngRows(header).Write(picture.Pixels, null);
        byte[] stream = [0x78, 0x9C, .. Deflater.Compress(rows, DeflateSettings.Candidates(0x78, 0x9C).First(),
            default)!, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(stream.AsSpan(stream.Length - 4), Checksums.Adler32(rows));
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. PngFormat.Chunk("IHDR"u8, header.ToBytes()),
            .. PngFormat.Chunk("IDAT"u8, stream), .. PngFormat.Chunk("IEND"u8, [])];
    }

    // The header and the parts of a content, but for some.
    private static IncompleteMessage Without(ReadOnlyMemory<byte> content, params int[] missing)
    {
        Assert.True(CarriedForm.TryRead(content.Span, out CarriedForm form));
        List<(int, ReadOnlyMemory<byte>)> parts = [(0, content[..form.Start])];
        for (int part = 0; part < form.PartCount; part++)
        {
            (int start, int end) = form.Part(part);
            if (!missing.Contains(part))
            {
                parts.Add((start, content[start..end]));
            }
        }

        return new IncompleteMessage(7, parts);
    }
}
