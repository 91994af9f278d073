using LinkCodec.Core.Media;
using LinkCodec.Tests.Bytes;

namespace LinkCodec.Tests.Media;

/// <summary>
/// Images and sounds made by integer formulas, and hashes of their coded forms. The program for other processors has
/// this file too.
/// </summary>
internal static class MediaRun
{
    /// <summary>Samples that look like a picture: slopes, an edge, a texture and a little noise.</summary>
    internal static SamplePlanes Picture(int width, int height, int planes, int bitDepth)
    {
        ushort[] samples = new ushort[width * height * planes];
        uint noise = 12345;
        int most = (1 << bitDepth) - 1;
        for (int i = 0; i < samples.Length; i++)
        {
            int plane = i / (width * height);
            int y = i / width % height;
            int x = i % width;
            noise = (noise * 1664525) + 1013904223;
            long value = (x * 3) + (y * 2) + (plane * 9) + (x * y % 7);
            value += x + y > (width + height) / 2 ? 60 : 0;
            value = (value * (most + 1) / 512) + (noise >> 24) % (uint)Math.Max(2, most / 40);
            samples[i] = (ushort)Math.Clamp(value, 0, most);
        }

        return new SamplePlanes(width, height, planes, bitDepth, samples);
    }

    /// <summary>Samples that look like a voice: two slow waves, whose strength changes, and a little noise.</summary>
    internal static int[] Voice(int length, int channels, int bitDepth)
    {
        int[] samples = new int[length * channels];
        uint noise = 54321;
        int most = (1 << (bitDepth - 1)) - 1;
        for (int i = 0; i < samples.Length; i++)
        {
            int time = i / channels;
            int channel = i % channels;
            noise = (noise * 1664525) + 1013904223;
            long wave = Wave(time * 700) + (Wave((time * 1930) + (channel * 3000)) / 2);
            wave = wave * (512 + (time / 4 % 512)) / 1024;
            wave = (wave * most / 200000) + (noise >> 20) % (uint)Math.Max(2, most / 500);
            samples[i] = (int)Math.Clamp(wave, -most - 1, most);
        }

        return samples;
    }

    /// <summary>
    /// Frames that look like a film: a picture that moves by a fraction of a sample each time, and noise; as bytes.
    /// </summary>
    internal static byte[] Film(VideoFormat format, int frames)
    {
        int most = (1 << format.BitDepth) - 1;
        byte[] bytes = new byte[frames * format.Samples * format.SampleBytes];
        uint noise = 777;
        int at = 0;
        for (int time = 0; time < frames; time++)
        {
            VideoFrame frame = new(format);
            for (int plane = 0; plane < format.Planes; plane++)
            {
                ushort[] samples = frame.Plane(plane);
                for (int i = 0; i < samples.Length; i++)
                {
                    noise = (noise * 1664525) + 1013904223;
                    int x = (i % format.WidthOf(plane) * 4) + (time * 5);
                    int y = (i / format.WidthOf(plane) * 4) - (time * 3);
                    long value = (Wave(x * 900) / 1024) + (Wave(y * 1300) / 2048) + 100 + (plane * 9);
                    value = (value * (most + 1) / 256) + ((noise >> 24) % (uint)Math.Max(2, most / 60));
                    samples[i] = (ushort)Math.Clamp(value, 0, most);
                }
            }

            frame.Write(bytes.AsSpan(at));
            at += bytes.Length / frames;
        }

        return bytes;
    }

    /// <summary>The content of a message that is such a film.</summary>
    internal static byte[] FilmContent(VideoFormat format, int frames, int group)
    {
        byte[] bytes = Film(format, frames);
        return [.. FilmForm(format, frames, group).Write([]), .. bytes];
    }

    /// <summary>The layout of such a film, whose frames are not cut.</summary>
    internal static CarriedForm FilmForm(VideoFormat format, int frames, int group) =>
        VideoParts.Choose(new CarriedForm
        {
            Kind = MediaKind.Video,
            Width = format.Width,
            Height = format.Height,
            Chroma = format.Chroma,
            BitDepth = format.BitDepth,
            Frames = frames,
            GroupFrames = group,
        });

    /// <summary>The hash of the coded forms of several films: whole frames, several a part, and strips.</summary>
    internal static string VideoHash()
    {
        VideoFormat large = new(36, 22, ChromaForm.Half, 8);
        byte[] film = Film(large, 4);
        int frame = film.Length / 4;
        byte[] mono = Film(new VideoFormat(20, 17, ChromaForm.Mono, 10), 3);
        VideoHeader strip = new() { Format = large, References = 2, Frames = 1, StripRows = 16, StripIndex = 1 };
        return Hash([
            VideoEncoder.Encode(new VideoHeader { Format = large, Frames = 2, StripRows = 22 }, [],
                film.AsSpan(0, 2 * frame)),
            VideoEncoder.Encode(new VideoHeader { Format = large, References = 1, Frames = 1, StripRows = 22 },
                film.AsSpan(0, frame), film.AsSpan(frame, frame)),
            VideoEncoder.Encode(strip, film.AsSpan(0, 2 * frame),
                film.AsSpan((3 * frame) - (int)strip.Samples, (int)strip.Samples)),
            VideoEncoder.Encode(new VideoHeader
            {
                Format = new VideoFormat(20, 17, ChromaForm.Mono, 10),
                Frames = 3,
                StripRows = 17,
            }, [], mono),
            .. new[] { ChromaForm.HalfAcross, ChromaForm.Full }.Select(chroma => VideoEncoder.Encode(
                new VideoHeader { Format = new VideoFormat(19, 15, chroma, 12), Frames = 2, StripRows = 15 }, [],
                Film(new VideoFormat(19, 15, chroma, 12), 2))),
        ]);
    }

    /// <summary>The hash of the coded forms of several pictures.</summary>
    internal static string ImageHash() => Hash([
        ImageEncoder.Encode(Picture(40, 30, 3, 8)),
        ImageEncoder.Encode(Picture(33, 17, 1, 16)),
        ImageEncoder.Encode(Picture(20, 20, 5, 12)),
    ]);

    /// <summary>The hash of the coded forms of several sounds, one of which goes on.</summary>
    internal static string AudioHash()
    {
        AudioEncoder encoder = new(new AudioFormat(2, 16));
        int[] voice = Voice(3000, 2, 16);
        return Hash([
            encoder.Encode(voice.AsSpan(0, 4000)),
            encoder.Encode(voice.AsSpan(4000), goesOn: true),
            new AudioEncoder(new AudioFormat(1, 8)).Encode(Voice(1500, 1, 8)),
            new AudioEncoder(new AudioFormat(3, 24)).Encode(Voice(300, 3, 24)),
        ]);
    }

    /// <summary>The hash of the coded forms of several signals and cubes.</summary>
    internal static string SignalHash() => Hash([
        CubeTile.Encode(new CubeHeader(20, 14, 18, 12), Picture(20, 14, 18, 12).Samples),
        CubeTile.Encode(new CubeHeader(17, 9, 6, 16), Picture(17, 9, 6, 16).Samples),
        SignalSegment.Encode(new SignalFormat(1, 16), Voice(1500, 1, 16)),
        SignalSegment.Encode(new SignalFormat(2, 8), Voice(1000, 2, 8)),
        SignalSegment.Encode(new SignalFormat(5, 12), Voice(300, 5, 12)),
    ]);

    /// <summary>The hash of the fast codes of several pictures.</summary>
    internal static string FastHash() => Hash([
        FastTile.Encode(new CubeHeader(40, 30, 3, 8), Picture(40, 30, 3, 8).Samples),
        FastTile.Encode(new CubeHeader(33, 17, 1, 16), Picture(33, 17, 1, 16).Samples),
        FastTile.Encode(new CubeHeader(20, 20, 7, 12), Picture(20, 20, 7, 12).Samples),
        FastTile.Encode(new CubeHeader(25, 6, 2, 1), Picture(25, 6, 2, 1).Samples),
    ]);

    // A parabola a half period, which is close to a sine; a period is 65,536, the height 65,536.
    private static int Wave(int phase)
    {
        int at = phase & 32767;
        int height = (int)((long)at * (32768 - at) / 4096);
        return (phase & 32768) == 0 ? height : -height;
    }

    private static string Hash(byte[][] codes) => PortableSha256.Hash([.. codes.SelectMany(code => code)]);
}
