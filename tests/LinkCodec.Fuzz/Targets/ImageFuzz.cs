using LinkCodec.Core.Media;

namespace LinkCodec.Fuzz.Targets;

/// <summary>Coded images: any bytes are refused or decode to an image that can be coded again.</summary>
internal static class ImageFuzz
{
    private static readonly MediaLimits Few = new(200);

    public static void Run(ReadOnlySpan<byte> data)
    {
        // A model is megabytes: of most inputs the header alone is read.
        ImageHeader.TryRead(data, out _, out _);
        if (!IsChosen(data))
        {
            return;
        }

        ImageDecoder.Decode(data, Few, out SamplePlanes? image);
        if (image is null)
        {
            return;
        }

        ImageDecoder.Decode(ImageEncoder.Encode(image), Few, out SamplePlanes? again);
        if (again is null || !again.Samples.AsSpan().SequenceEqual(image.Samples))
        {
            throw new InvalidOperationException("another image");
        }
    }

    private static bool IsChosen(ReadOnlySpan<byte> data)
    {
        int sum = 0;
        foreach (byte value in data)
        {
            sum += value;
        }

        return sum % 64 == 0;
    }
}
