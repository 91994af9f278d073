using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using StbImageSharp;

namespace LinkCodec.Benchmarks.Media;

/// <summary>Codes a PNG file in tiles, each of which decodes alone.</summary>
internal static class ImageRun
{
    /// <summary>Codes, decodes and compares a file.</summary>
    /// <exception cref="InvalidOperationException">A tile does not come back.</exception>
    public static void Measure(string path, int tile, bool isFast, MediaFigures figures)
    {
        ImageResult image = Load(path);
        int side = tile == 0 ? Math.Max(image.Width, image.Height) : tile;
        for (int top = 0; top < image.Height; top += side)
        {
            for (int left = 0; left < image.Width; left += side)
            {
                Measure(path, Cut(image, left, top, side), isFast, figures);
            }
        }
    }

    /// <summary>One tile of a file; its place wraps around within the image.</summary>
    public static SamplePlanes Read(string path, int left, int top, int side)
    {
        ImageResult image = Load(path);
        return Cut(image, left % Math.Max(1, image.Width - side), top % Math.Max(1, image.Height - side), side);
    }

    private static ImageResult Load(string path) =>
        ImageResult.FromMemory(File.ReadAllBytes(path), ColorComponents.RedGreenBlue);

    private static void Measure(string path, SamplePlanes planes, bool isFast, MediaFigures figures)
    {
        CubeHeader header = new(planes.Width, planes.Height, planes.Count, planes.BitDepth);
        TimeSpan start = MediaFigures.Now();
        byte[] coded = isFast ? FastTile.Encode(header, planes.Samples) : ImageEncoder.Encode(planes);
        TimeSpan encoded = MediaFigures.Now();
        LinkErrorCode error = Decode(coded, isFast, out ushort[] decoded);
        TimeSpan end = MediaFigures.Now();
        if (error != LinkErrorCode.None || !decoded.AsSpan().SequenceEqual(planes.Samples))
        {
            throw new InvalidOperationException($"{path} does not come back: {error}");
        }

        int samples = planes.Samples.Length;
        figures.Add(samples, samples, coded.Length, encoded - start, end - encoded);
    }

    private static LinkErrorCode Decode(byte[] coded, bool isFast, out ushort[] samples)
    {
        if (isFast)
        {
            return FastTile.Decode(coded, MediaLimits.Default, out _, out samples);
        }

        LinkErrorCode error = ImageDecoder.Decode(coded, MediaLimits.Default, out SamplePlanes? image);
        samples = image?.Samples ?? [];
        return error;
    }

    private static SamplePlanes Cut(ImageResult image, int left, int top, int side)
    {
        int width = Math.Min(side, image.Width - left);
        int height = Math.Min(side, image.Height - top);
        ushort[] samples = new ushort[width * height * 3];
        for (int i = 0; i < samples.Length; i++)
        {
            int plane = i / (width * height);
            int y = top + (i / width % height);
            int x = left + (i % width);
            samples[i] = image.Data[(((y * image.Width) + x) * 3) + plane];
        }

        return new SamplePlanes(width, height, 3, 8, samples);
    }
}
