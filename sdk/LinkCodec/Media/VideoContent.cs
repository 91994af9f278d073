using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>Frames as a carried form has them: where a frame is cut, strip after strip.</summary>
internal static class VideoContent
{
    /// <summary>The content of a message with the frames of a video.</summary>
    /// <param name="samples">The video.</param>
    /// <param name="group">Frames of a group.</param>
    /// <param name="wrapper">The wrapper.</param>
    public static byte[] Of(MediaSamples samples, int group, byte[] wrapper)
    {
        VideoFormat format = samples.Video;
        int frames = (int)(samples.Frames.Length / (format.Samples * format.SampleBytes));
        CarriedForm form = VideoParts.Choose(new CarriedForm
        {
            Kind = MediaKind.Video,
            Width = format.Width,
            Height = format.Height,
            Chroma = format.Chroma,
            BitDepth = format.BitDepth,
            Frames = frames,
            GroupFrames = Math.Min(group, frames),
        });
        byte[] header = form.Write(wrapper);
        byte[] content = new byte[header.Length + samples.Frames.Length];
        header.CopyTo(content, 0);
        Turn(form, samples.Frames, content.AsSpan(header.Length), isToContent: true);
        return content;
    }

    /// <summary>The frames of a message's content.</summary>
    public static byte[] FramesOf(CarriedForm form, ReadOnlySpan<byte> content)
    {
        byte[] frames = new byte[form.SamplesLength];
        Turn(form, content[form.Start..], frames, isToContent: false);
        return frames;
    }

    private static void Turn(CarriedForm form, ReadOnlySpan<byte> from, Span<byte> to, bool isToContent)
    {
        if (form.PartSize == form.Height)
        {
            from[..to.Length].CopyTo(to);
            return;
        }

        VideoFormat format = form.Video;
        int each = (int)format.Samples * format.SampleBytes;
        for (int at = 0; at < to.Length; at += each)
        {
            VideoFrame frame = VideoFrame.Read(format, isToContent ? form.Height : form.PartSize, from.Slice(at, each));
            if (!isToContent)
            {
                frame.Write(to.Slice(at, each));
                continue;
            }

            int start = at;
            for (int row = 0; row < form.Height; row += form.PartSize)
            {
                VideoFormat strip = format.Strip(row, form.PartSize);
                FrameMover.Cut(strip, row, frame).Write(to[start..]);
                start += (int)strip.Samples * format.SampleBytes;
            }
        }
    }
}
