using System.IO.Compression;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>Messages that are samples without a header, as the contents that carry them.</summary>
internal static class RawSamples
{
    // Samples of all channels together that are coded on trial.
    private const int Trial = 1 << 14;

    /// <summary>The content of a message that carries samples; the other end gives out the same bytes.</summary>
    /// <param name="message">The samples; bytes behind the last that are no whole time, or no whole raster, are kept
    /// beside them.</param>
    /// <param name="format">What they are.</param>
    /// <param name="tileSize">The side of a raster's tiles, in samples.</param>
    /// <param name="problem">Why it is null.</param>
    /// <returns>Null where the message crosses in fewer bytes as it is.</returns>
    public static byte[]? TryCarry(ReadOnlySpan<byte> message, SampleFormat format, int tileSize, out string problem)
    {
        problem = "it is shorter than the samples of one time, or than the raster";
        int length = LengthOf(message, format);
        if (length == 0)
        {
            return null;
        }

        MediaSamples samples = Read(message, format, length, out byte[] wrapper);
        int part = format.IsRaster ? tileSize : CarriedForm.MaxPartSamples / format.Channels;
        part = format.SegmentLength > 0 ? Math.Min(part, format.SegmentLength) : part;
        byte[] content = samples.ToContent(part, wrapper);
        problem = "it does not look like samples of this format: as bytes it is shorter";
        return IsWorthwhile(samples) ? content : null;
    }

    /// <summary>The samples of a message; null where it has none.</summary>
    public static MediaSamples? Read(ReadOnlySpan<byte> message, SampleFormat format) =>
        LengthOf(message, format) is var length and > 0 ? Read(message, format, length, out _) : null;

    // Bytes of the samples of whole times, or of the raster; 0 where there are none, or more than a message holds.
    private static int LengthOf(ReadOnlySpan<byte> message, SampleFormat format)
    {
        long times = format.IsRaster ? 1 : message.Length / format.FrameLength;
        long length = times * format.FrameLength;
        return length > Math.Min(message.Length, CarriedForm.MaxSamplesLength) ? 0 : (int)length;
    }

    private static MediaSamples Read(ReadOnlySpan<byte> message, SampleFormat format, int length, out byte[] wrapper)
    {
        int each = format.BitDepth / 8;
        Skeleton skeleton = new()
        {
            IsBigEndian = format.IsBigEndian && each > 1,
            IsTurned = format.IsSigned == format.IsRaster,
            IsPlanar = format.IsRaster && !format.IsInterleaved,
            Runs = [(0, length)],
        };
        MediaSamples shape = new()
        {
            Kind = format.IsRaster ? MediaKind.Image : format.BitDepth > 16 ? MediaKind.Sound : MediaKind.Signal,
            Width = format.IsRaster ? format.Width : length / each / format.Channels,
            Height = format.IsRaster ? format.Height : 1,
            Planes = format.Channels,
            BitDepth = format.BitDepth,
        };
        MediaSamples samples = skeleton.Read(message, shape);

        // Where no sample's highest bit is set it does not matter whether there is a sign: as it stands it is simpler.
        if (skeleton.IsTurned && HasNoHighestBit(samples))
        {
            skeleton = new Skeleton
            {
                IsBigEndian = skeleton.IsBigEndian,
                IsPlanar = skeleton.IsPlanar,
                Runs = skeleton.Runs,
            };
            samples = skeleton.Read(message, shape);
        }

        wrapper = skeleton.ToWrapper(message);
        return samples with { BitDepth = DepthOf(samples) };
    }

    // The samples are turned: a highest bit that was not set is set.
    private static bool HasNoHighestBit(MediaSamples samples) => samples.Kind == MediaKind.Image
        ? !samples.Pixels.AsSpan().ContainsAnyInRange((ushort)0, (ushort)((1 << (samples.BitDepth - 1)) - 1))
        : !samples.Sound.AsSpan().ContainsAnyInRange(0, int.MaxValue);

    // As few bits as hold every sample, and as take as many bytes.
    private static int DepthOf(MediaSamples samples)
    {
        int all = 0;
        foreach (ushort pixel in samples.Pixels)
        {
            all |= pixel;
        }

        foreach (int value in samples.Sound)
        {
            all |= value < 0 ? ~value : value;
        }

        int bits = 32 - int.LeadingZeroCount(all) + (samples.Kind == MediaKind.Image ? 0 : 1);
        int least = samples.BitDepth - 7;
        return Math.Clamp(bits, samples.Kind == MediaKind.Image ? least : Math.Max(8, least), samples.BitDepth);
    }

    // Whether the first samples are coded in fewer bytes than Deflate takes for them: what was not what it was said to
    // be, text for example, crosses as other messages do.
    private static bool IsWorthwhile(MediaSamples samples)
    {
        int times = (int)Math.Min(samples.Width, Trial / samples.Planes);
        MediaSamples first = samples.Kind == MediaKind.Image ? FirstRows(samples) : samples with
        {
            Width = times,
            Sound = samples.Sound[..(times * samples.Planes)],
        };
        byte[] content = first.ToContent(first.Kind == MediaKind.Image ? CarriedForm.MaxPartSamples : times, []);
        if (!CarriedForm.TryRead(content, out CarriedForm form) || form.PartCount != 1)
        {
            return true;
        }

        int code = MediaCode.Encode(form, 0, content).Length;
        using MemoryStream deflated = new();
        using (ZLibStream stream = new(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(content.AsSpan(form.Start));
        }

        int plain = Math.Min((int)deflated.Length, content.Length - form.Start);
        return code > 0 && code <= plain;
    }

    // A block in the upper left corner.
    private static MediaSamples FirstRows(MediaSamples samples)
    {
        int side = Math.Max(1, (int)Math.Sqrt((double)Trial / samples.Planes));
        int width = Math.Min(samples.Width, side);
        int height = Math.Min(samples.Height, Math.Max(1, Trial / samples.Planes / width));
        ushort[] pixels = new ushort[width * height * samples.Planes];
        for (int row = 0; row < height * samples.Planes; row++)
        {
            long at = (((long)(row / height) * samples.Height) + (row % height)) * samples.Width;
            samples.Pixels.AsSpan((int)at, width).CopyTo(pixels.AsSpan(row * width));
        }

        return samples with { Width = width, Height = height, Pixels = pixels };
    }
}
