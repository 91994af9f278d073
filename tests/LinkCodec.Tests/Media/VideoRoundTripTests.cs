using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.Media;

public sealed class VideoRoundTripTests
{
    [Theory]
    [InlineData(1, 1, 1, 8, 3)]
    [InlineData(1, 1, 0, 16, 2)]
    [InlineData(1, 33, 1, 8, 3)]
    [InlineData(33, 1, 2, 8, 3)]
    [InlineData(17, 19, 3, 8, 4)]
    [InlineData(40, 24, 1, 8, 5)]
    [InlineData(23, 21, 1, 10, 3)]
    [InlineData(20, 18, 2, 10, 3)]
    [InlineData(35, 17, 0, 10, 3)]
    [InlineData(18, 34, 3, 16, 2)]
    [InlineData(9, 8, 0, 1, 3)]
    public void A_film_comes_back(int width, int height, int chroma, int bitDepth, int frames)
    {
        VideoFormat format = new(width, height, (ChromaForm)chroma, bitDepth);
        ComesBack(format, frames, MediaRun.Film(format, frames));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void Noise_comes_back_and_hardly_grows(int bitDepth)
    {
        VideoFormat format = new(48, 32, ChromaForm.Half, bitDepth);
        byte[] noise = new TestRandom(5).Bytes(3 * (int)format.Samples * format.SampleBytes);
        Assert.InRange(ComesBack(format, 3, noise), 0, noise.Length * 112 / 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void Plain_frames_take_a_few_bytes(byte value)
    {
        VideoFormat format = new(80, 64, ChromaForm.Half, 8);
        byte[] plain = new byte[4 * format.Samples];
        Array.Fill(plain, value);
        Assert.InRange(ComesBack(format, 4, plain), 0, 100);
    }

    [Fact]
    public void A_frame_that_stands_still_takes_a_few_bytes()
    {
        VideoFormat format = new(64, 48, ChromaForm.Half, 8);
        byte[] frame = new TestRandom(1).Bytes((int)format.Samples);
        byte[] code = VideoEncoder.Encode(
            new VideoHeader { Format = format, References = 2, Frames = 1, StripRows = 48 }, [.. frame, .. frame],
            frame);
        Assert.InRange(code.Length, 0, frame.Length / 40);
    }

    [Fact]
    public void Motion_is_found_and_saves_bytes()
    {
        VideoFormat format = new(64, 48, ChromaForm.Half, 8);
        byte[] noise = new TestRandom(2).Bytes(100 * 100);
        byte[] film = new byte[2 * (int)format.Samples];
        for (int time = 0; time < 2; time++)
        {
            for (int y = 0; y < 48; y++)
            {
                // Seven to the left and nine down.
                noise.AsSpan(((y + 20 - (9 * time)) * 100) + 20 + (7 * time), 64)
                    .CopyTo(film.AsSpan((time * (int)format.Samples) + (y * 64)));
            }
        }

        int frame = (int)format.Samples;
        byte[] code = VideoEncoder.Encode(
            new VideoHeader { Format = format, References = 1, Frames = 1, StripRows = 48 }, film.AsSpan(0, frame),
            film.AsSpan(frame));
        Assert.InRange(code.Length, 0, frame / 2);
    }

    [Fact]
    public void Strips_come_back_in_any_order()
    {
        VideoFormat format = new(30, 46, ChromaForm.Half, 8);
        byte[] film = MediaRun.Film(format, 3);
        int frame = film.Length / 3;
        byte[] last = film[(2 * frame)..]; // Taken for strips, its bytes are another frame: none the less a frame.
        int at = 0;
        for (int index = 0; index < 3; index++)
        {
            VideoHeader header = new()
            {
                Format = format,
                References = 2,
                Frames = 1,
                StripRows = 18,
                StripIndex = index,
            };
            int length = (int)header.Samples;
            Assert.Equal((2 * frame) + at, header.Back);
            byte[] code = VideoEncoder.Encode(header, film.AsSpan(0, 2 * frame), last.AsSpan(at, length));
            Assert.Equal(LinkErrorCode.None, VideoDecoder.Decode(code, MediaLimits.Default, film.AsSpan(0, 2 * frame),
                out byte[] samples));
            Assert.Equal(last[at..(at + length)], samples);
            at += length;
        }

        Assert.Equal(frame, at);
    }

    private static int ComesBack(VideoFormat format, int frames, byte[] film)
    {
        int frame = film.Length / frames;
        int total = 0;
        for (int first = 0; first < frames; first += 2)
        {
            VideoHeader header = new()
            {
                Format = format,
                References = Math.Min(first, 2),
                Frames = Math.Min(2, frames - first),
                StripRows = format.Height,
            };
            ReadOnlySpan<byte> before = film.AsSpan((first - header.References) * frame, header.References * frame);
            byte[] samples = film[(first * frame)..((first + header.Frames) * frame)];
            byte[] code = VideoEncoder.Encode(header, before, samples);
            Assert.True(VideoHeader.TryRead(code, out VideoHeader read, out _));
            Assert.Equal(header, read);
            Assert.Equal(LinkErrorCode.None, VideoDecoder.Decode(code, MediaLimits.Default, before, out byte[] same));
            Assert.Equal(samples, same);
            total += code.Length;
        }

        return total;
    }
}
