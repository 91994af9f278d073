using LinkCodec.Core.Coding;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>The code of a tile of a cube, which decodes alone, and back.</summary>
/// <remarks>Memory: that of a <see cref="CubeCoder"/>, and 2 bytes a sample. Time is bounded by the samples that the
/// header declares.</remarks>
internal static class CubeTile
{
    /// <summary>The coded form of a tile.</summary>
    /// <param name="header">What it is, within its limits.</param>
    /// <param name="samples">Samples within the bit depth, band by band, each row by row.</param>
    internal static byte[] Encode(CubeHeader header, ReadOnlySpan<ushort> samples)
    {
        Span<byte> start = stackalloc byte[CubeHeader.MaxLength];
        int length = header.Write(start);
        RangeEncoder encoder = new();
        RangeBitWriter writer = new(encoder);
        CubeCoder coder = new(header.Width, header.Height, header.BitDepth);
        ushort[] plane = new ushort[header.Width * header.Height];
        for (int band = 0; band < header.Bands; band++)
        {
            samples.Slice(band * plane.Length, plane.Length).CopyTo(plane);
            coder.CodePlane(ref writer, plane);
        }

        return [.. start[..length], .. encoder.Finish()];
    }

    /// <summary>Decodes a tile.</summary>
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
        CubeCoder coder = new(header.Width, header.Height, header.BitDepth);
        ushort[] result = new ushort[header.Samples];
        int size = header.Width * header.Height;
        for (int band = 0; band < header.Bands; band++)
        {
            coder.CodePlane(ref reader, result.AsSpan(band * size, size));
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
}
