using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>Decodes what <see cref="VideoEncoder"/> coded.</summary>
/// <remarks>
/// Memory: <see cref="MostBytes"/>. Time is bounded by the samples that the header declares.
/// </remarks>
internal static class VideoDecoder
{
    /// <summary>What decoding a part takes, at most: the kinds of planes that it has, as of images; two bytes a sample
    /// of the frames that it needs; and of each of its frames the planes that are predicted from.</summary>
    internal static long MostBytes(in VideoHeader header)
    {
        int kinds = header.Strip.Planes * (header.Frames > 1 && header.References == 0 ? 2 : 1);
        long planes = header.Strip.Planes * 5L * 4 * (header.Strip.Width + 8) * (header.Strip.Height + 5);
        return (kinds * (ImageDecoder.MostModelBytes + ((long)ImageDecoder.MostColumnBytes * header.Strip.Width)))
            + (2 * header.References * header.Format.Samples) + (header.Frames * (planes + (20 * header.Strip.Samples)))
            + (1 << 20);
    }

    /// <summary>Decodes a part.</summary>
    /// <param name="coded">The coded form.</param>
    /// <param name="limits">What to take at most.</param>
    /// <param name="references">The bytes of the whole frames that the part needs, as its header says.</param>
    /// <param name="samples">The part's bytes; empty where they are not whole.</param>
    /// <returns><see cref="LinkErrorCode.None"/>, <see cref="LinkErrorCode.LimitExceeded"/>, or
    /// <see cref="LinkErrorCode.Malformed"/>, also where the frames before are others than it needs. Altered bytes may
    /// give other samples and no error: a check over the result is the caller's.</returns>
    internal static LinkErrorCode Decode(ReadOnlySpan<byte> coded, MediaLimits limits, ReadOnlySpan<byte> references,
        out byte[] samples)
    {
        samples = [];
        if (!VideoHeader.TryRead(coded, out VideoHeader header, out int length))
        {
            return LinkErrorCode.Malformed;
        }

        if (header.Samples > limits.MaxSamples)
        {
            return LinkErrorCode.LimitExceeded;
        }

        if (references.Length != header.ReferenceBytes)
        {
            return LinkErrorCode.Malformed;
        }

        VideoFormat strip = header.Strip;
        RangeBitReader coder = new(coded[length..]);
        VideoHistory history = new(header, references);
        VideoCoder video = new(strip, header.FirstRow);
        int each = (int)strip.Samples * strip.SampleBytes;
        byte[] result = new byte[header.Frames * each];
        for (int i = 0; i < header.Frames; i++) // spec 14.1-1
        {
            VideoFrame frame = new(strip);
            video.StartFrame(ref coder, frame, history.Last, history.Before, finds: false);
            for (int plane = 0; plane < strip.Planes; plane++)
            {
                video.StartPlane(plane);
                for (int y = 0; y < strip.HeightOf(plane); y++)
                {
                    video.CodeRow(ref coder, y);
                    if (coder.IsPastEnd)
                    {
                        return LinkErrorCode.Malformed;
                    }
                }
            }

            frame.Write(result.AsSpan(i * each, each));
            history.Add(frame);
        }

        if (coder.HasMore)
        {
            return LinkErrorCode.Malformed;
        }

        samples = result;
        return LinkErrorCode.None;
    }
}
