using System.Buffers.Binary;
using LinkCodec.Core.Media;
using LinkCodec.Media;

namespace LinkCodec.Tool.Comparison;

/// <summary>
/// The colours of an image, whatever a file keeps them as: other coders' files may have palettes, fewer bits or fewer
/// planes where nothing is lost by it.
/// </summary>
internal static class PixelColours
{
    private const int Palette = 3;

    /// <summary>The samples with the colours of their palette, if they have one: 3 planes, or 4 where one of the
    /// colours is transparent.</summary>
    public static MediaSamples Of(MediaSamples samples)
    {
        ReadOnlySpan<byte> wrapper = samples.SamplesWrapper;
        if (wrapper.Length < 2 || wrapper[0] != (byte)WrapperKind.Png || wrapper[1] != Palette)
        {
            return samples;
        }

        ReadOnlySpan<byte> colours = Chunk(wrapper[2..], "PLTE"u8);
        ReadOnlySpan<byte> opacities = Chunk(wrapper[2..], "tRNS"u8);
        int count = samples.Pixels.Length;
        int planes = opacities.IsEmpty ? 3 : 4;
        ushort[] pixels = new ushort[planes * count];
        for (int i = 0; i < count; i++)
        {
            int index = samples.Pixels[i];
            for (int plane = 0; plane < 3; plane++)
            {
                int at = (3 * index) + plane;
                pixels[(plane * count) + i] = at < colours.Length ? colours[at] : (ushort)0;
            }

            if (planes == 4)
            {
                pixels[(3 * count) + i] = index < opacities.Length ? opacities[index] : (ushort)255;
            }
        }

        return new MediaSamples
        {
            Kind = MediaKind.Image,
            Width = samples.Width,
            Height = samples.Height,
            Planes = planes,
            BitDepth = 8,
            Pixels = pixels,
            SamplesWrapper = [(byte)WrapperKind.PortableMap],
        };
    }

    /// <summary>The same colours in as many planes and bits; null where they cannot be had without loss.</summary>
    public static MediaSamples? In(MediaSamples samples, int planes, int bits)
    {
        MediaSamples given = Of(samples);
        int most = (1 << bits) - 1;
        int fromMost = (1 << given.BitDepth) - 1;
        int count = given.Width * given.Height;
        if ((most % fromMost != 0 && fromMost % most != 0) || Loses(given, planes, Math.Max(1, fromMost / most)))
        {
            return null;
        }

        ushort[] pixels = new ushort[planes * count];
        for (int plane = 0; plane < planes; plane++)
        {
            Span<ushort> target = pixels.AsSpan(plane * count, count);
            int source = SourceOf(plane, planes, given.Planes);
            if (source < 0)
            {
                target.Fill((ushort)most);
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                int value = given.Pixels[(source * count) + i];
                target[i] = (ushort)(most >= fromMost ? value * (most / fromMost) : value / (fromMost / most));
            }
        }

        return given with { Planes = planes, BitDepth = bits, Pixels = pixels };
    }

    // Whether a plane that would be left out says something, or a value lies between those of fewer bits.
    private static bool Loses(MediaSamples given, int planes, int unit)
    {
        int count = given.Width * given.Height;
        for (int plane = 0; plane < given.Planes; plane++)
        {
            ReadOnlySpan<ushort> samples = given.Pixels.AsSpan(plane * count, count);
            bool isOpacity = given.Planes is 2 or 4 && plane == given.Planes - 1;
            bool loses = isOpacity
                ? planes is not (2 or 4) && samples.ContainsAnyExcept((ushort)((1 << given.BitDepth) - 1))
                : planes <= 2 && !samples.SequenceEqual(given.Pixels.AsSpan(0, count));
            foreach (ushort value in unit > 1 ? samples : [])
            {
                loses |= value % unit != 0;
            }

            if (loses)
            {
                return true;
            }
        }

        return false;
    }

    // Grey stands for each colour; opaque, -1, is what an image without transparency is.
    private static int SourceOf(int plane, int planes, int fromPlanes)
    {
        bool isOpacity = planes is 2 or 4 && plane == planes - 1;
        return isOpacity
            ? fromPlanes is 2 or 4 ? fromPlanes - 1 : -1
            : fromPlanes <= 2 ? 0 : plane;
    }

    private static ReadOnlySpan<byte> Chunk(ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> name)
    {
        while (chunks.Length >= 12)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(chunks);
            if (chunks.Slice(4, 4).SequenceEqual(name))
            {
                return chunks.Slice(8, length);
            }

            chunks = chunks[(12 + length)..];
        }

        return [];
    }
}
