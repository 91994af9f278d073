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

    // A parabola a half period, which is close to a sine; a period is 65,536, the height 65,536.
    private static int Wave(int phase)
    {
        int at = phase & 32767;
        int height = (int)((long)at * (32768 - at) / 4096);
        return (phase & 32768) == 0 ? height : -height;
    }

    private static string Hash(byte[][] codes) => PortableSha256.Hash([.. codes.SelectMany(code => code)]);
}
