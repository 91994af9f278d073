using LinkCodec.Core.Coding;

namespace LinkCodec.Core.Media;

/// <summary>Codes images without loss: a header, then all planes in one range code.</summary>
/// <remarks>Memory is that of <see cref="ImageDecoder"/>.</remarks>
internal static class ImageEncoder
{
    /// <summary>The coded form of an image.</summary>
    internal static byte[] Encode(SamplePlanes image) => Encode(image, new ImageMixers(image.BitDepth));

    /// <summary>The coded form by mixers that may have seen other images: for training.</summary>
    /// <exception cref="ArgumentException">It has more planes than an image.</exception>
    internal static byte[] Encode(SamplePlanes image, ImageMixers mixers)
    {
        if (image.Count > MediaLimits.MaxPlanes)
        {
            throw new ArgumentException("An image has 1 to 16 planes.", nameof(image));
        }

        ImageHeader header = new(image.Width, image.Height, image.Count, image.BitDepth);
        Span<byte> start = stackalloc byte[ImageHeader.MaxLength];
        int length = header.Write(start);
        RangeEncoder encoder = new();
        RangeBitWriter coder = new(encoder);
        PlaneCoder planes = new(image.Width, image.Height, image.BitDepth, mixers);
        ushort[] row = new ushort[image.Width];
        for (int i = 0; i < image.Count; i++)
        {
            planes.StartPlane();
            Span<ushort> plane = image.Plane(header.PlaneAt(i));
            for (int y = 0; y < image.Height; y++)
            {
                plane.Slice(y * image.Width, image.Width).CopyTo(row);
                planes.CodeRow(ref coder, y, row);
            }
        }

        return [.. start[..length], .. encoder.Finish()];
    }
}
