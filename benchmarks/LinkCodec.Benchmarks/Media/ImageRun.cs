using LinkCodec.Core.Media;
using LinkCodec.Core.Primitives;
using StbImageSharp;

namespace LinkCodec.Benchmarks.Media;

/// <summary>Codes a PNG file in tiles, each of which decodes alone.</summary>
internal static class ImageRun
{
    /// <summary>Codes, decodes and compares a file.</summary>
    /// <exception cref="InvalidOperationException">A tile does not come back.</exception>
    public static void Measure(string path, int tile, MediaFigures figures)
    {
        ImageResult image = Load(path);
        int side = tile == 0 ? Math.Max(image.Width, image.Height) : tile;
        for (int top = 0; top < image.Height; top += side)
        {
            for (int left = 0; left < image.Width; left += side)
            {
                Measure(path, Cut(image, left, top, side), figures);
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

    private static void Measure(string path, SamplePlanes planes, MediaFigures figures)
    {
        TimeSpan start = MediaFigures.Now();
        byte[] coded = ImageEncoder.Encode(planes);
        TimeSpan encoded = MediaFigures.Now();
        LinkErrorCode error = ImageDecoder.Decode(coded, MediaLimits.Default, out SamplePlanes? decoded);
        TimeSpan end = MediaFigures.Now();
        if (error != LinkErrorCode.None || !decoded!.Samples.AsSpan().SequenceEqual(planes.Samples))
        {
            throw new InvalidOperationException($"{path} does not come back: {error}");
        }

        int samples = planes.Samples.Length;
        figures.Add(samples, samples, coded.Length, encoded - start, end - encoded);
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
