using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>Decodes what <see cref="ImageEncoder"/> coded.</summary>
/// <remarks>
/// Memory for an image of w times h samples a plane: 2 bytes a sample of the result, 14 bytes times w + 8 times h + 5,
/// and for each of three kinds of planes <see cref="MostModelBytes"/> and w times <see cref="MostColumnBytes"/>, of
/// which one is needed at a time. Time is bounded by the samples that the header declares.
/// </remarks>
internal static class ImageDecoder
{
    /// <summary>What the planes of one kind teach, at most.</summary>
    internal const int MostModelBytes = 42 << 20;

    /// <summary>What they teach for each column, at most.</summary>
    internal const int MostColumnBytes = 10 << 10;

    /// <summary>Decodes an image.</summary>
    /// <param name="coded">The coded form.</param>
    /// <param name="limits">What to take at most.</param>
    /// <param name="image">The image, where it is whole.</param>
    /// <returns><see cref="LinkErrorCode.None"/>, <see cref="LinkErrorCode.Malformed"/>, or
    /// <see cref="LinkErrorCode.LimitExceeded"/>. Altered bytes may give other samples and no error: a check over the
    /// result is the caller's.</returns>
    internal static LinkErrorCode Decode(ReadOnlySpan<byte> coded, MediaLimits limits, out SamplePlanes? image)
    {
        image = null;
        if (!ImageHeader.TryRead(coded, out ImageHeader header, out int length))
        {
            return LinkErrorCode.Malformed;
        }

        if (header.Samples > limits.MaxSamples)
        {
            return LinkErrorCode.LimitExceeded;
        }

        RangeBitReader coder = new(coded[length..]);
        SamplePlanes result = new(header.Width, header.Height, header.Planes, header.BitDepth,
            new ushort[header.Samples]);
        PlaneCoder planes = new(header.Width, header.Height, header.BitDepth,
            new ImageMixers(header.BitDepth));
        for (int i = 0; i < header.Planes; i++)
        {
            planes.StartPlane();
            Span<ushort> plane = result.Plane(header.PlaneAt(i));
            for (int y = 0; y < header.Height; y++)
            {
                planes.CodeRow(ref coder, y, plane.Slice(y * header.Width, header.Width));
                if (coder.IsPastEnd)
                {
                    return LinkErrorCode.Malformed;
                }
            }
        }

        if (coder.HasMore)
        {
            return LinkErrorCode.Malformed;
        }

        image = result;
        return LinkErrorCode.None;
    }
}
