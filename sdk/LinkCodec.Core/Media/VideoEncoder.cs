using LinkCodec.Core.Coding;

namespace LinkCodec.Core.Media;

/// <summary>Codes a part of a group of frames without loss: some frames, or a strip of one.</summary>
/// <remarks>Memory is that of <see cref="VideoDecoder"/>.</remarks>
internal static class VideoEncoder
{
    /// <summary>The coded form of a part.</summary>
    /// <param name="header">What the part is.</param>
    /// <param name="references">The bytes of the whole frames that it needs, the earliest first.</param>
    /// <param name="samples">The part's bytes.</param>
    /// <returns>The coded form; empty where a sample does not fit the bit depth.</returns>
    internal static byte[] Encode(in VideoHeader header, ReadOnlySpan<byte> references, ReadOnlySpan<byte> samples)
    {
        RangeEncoder encoder = new();
        RangeBitWriter coder = new(encoder);
        Span<byte> start = stackalloc byte[VideoHeader.MaxLength];
        int length = header.Write(start);
        VideoFormat strip = header.Strip;
        VideoCoder video = new(strip, header.FirstRow);
        VideoHistory history = new(header, references);
        int each = samples.Length / header.Frames;
        for (int i = 0; i < header.Frames; i++)
        {
            VideoFrame frame = VideoFrame.Read(strip, strip.Height, samples.Slice(i * each, each));
            if (!frame.IsInRange())
            {
                return [];
            }

            video.StartFrame(ref coder, frame, history.Last, history.Before, finds: true);
            for (int plane = 0; plane < strip.Planes; plane++)
            {
                video.StartPlane(plane);
                for (int y = 0; y < strip.HeightOf(plane); y++)
                {
                    video.CodeRow(ref coder, y);
                }
            }

            history.Add(frame);
        }

        return [.. start[..length], .. encoder.Finish()];
    }
}
