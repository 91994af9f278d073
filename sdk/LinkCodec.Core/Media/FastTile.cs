using LinkCodec.Core.Coding;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>The fast code of a tile of an image or a cube, which decodes alone, and back.</summary>
/// <remarks>Memory: that of a <see cref="FastCoder"/>, and 2 bytes a sample. Time is bounded by the samples that the
/// header declares. The header is that of a cube's tile.</remarks>
internal static class FastTile
{
    /// <summary>The coded form of a tile.</summary>
    /// <param name="header">What it is, within its limits.</param>
    /// <param name="samples">Samples within the bit depth, plane by plane, each row by row.</param>
    internal static byte[] Encode(CubeHeader header, ReadOnlySpan<ushort> samples)
    {
        Span<byte> start = stackalloc byte[CubeHeader.MaxLength];
        int length = header.Write(start);
        RangeEncoder encoder = new();
        RangeBitWriter writer = new(encoder);
        FastCoder coder = new(header.Width, header.Height, header.BitDepth);
        ushort[] plane = new ushort[header.Width * header.Height];
        for (int i = 0; i < header.Bands; i++)
        {
            samples.Slice(PlaneAt(header, i) * plane.Length, plane.Length).CopyTo(plane);
            coder.CodePlane(ref writer, plane);
        }

        return [.. start[..length], .. encoder.Finish()];
    }

    /// <summary>Decodes a tile. Peer bytes: never throws.</summary>
    /// <param name="coded">The coded form.</param>
    /// <param name="limits">What to take at most.</param>
    /// <param name="header">What it is, where it is whole.</param>
    /// <param name="samples">The samples; empty where they are not whole.</param>
    /// <returns><see cref="LinkErrorCode.None"/>, <see cref="LinkErrorCode.Malformed"/>, or
    /// <see cref="LinkErrorCode.LimitExceeded"/>. Altered bytes may give other samples and no error: a check over the
    /// result is the caller's.</returns>
    internal static LinkErrorCode Decode(ReadOnlySpan<byte> coded, MediaLimits limits, out CubeHeader header,
        out ushort[] samples)
    {
        samples = [];
        if (!CubeHeader.TryRead(coded, out header, out int length))
        {
            return LinkErrorCode.Malformed;
        }

        if (header.Samples > limits.MaxSamples)
        {
            return LinkErrorCode.LimitExceeded;
        }

        RangeBitReader reader = new(coded[length..]);
        FastCoder coder = new(header.Width, header.Height, header.BitDepth);
        ushort[] result = new ushort[header.Samples];
        int size = header.Width * header.Height;
        for (int i = 0; i < header.Bands; i++)
        {
            coder.CodePlane(ref reader, result.AsSpan(PlaneAt(header, i) * size, size));
            if (reader.IsPastEnd)
            {
                return LinkErrorCode.Malformed;
            }
        }

        if (reader.HasMore)
        {
            return LinkErrorCode.Malformed;
        }

        samples = result;
        return LinkErrorCode.None;
    }

    // As of images: green says most about red and blue.
    private static int PlaneAt(CubeHeader header, int place) =>
        header.Bands is 3 or 4 && place < 2 ? 1 - place : place; // spec 13.4-1
}
