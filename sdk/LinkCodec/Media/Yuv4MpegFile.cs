using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>The wrapper of a Y4M: its header, the lines of frames that are not the plain one, and what follows the last
/// frame. Spec: protocol-spec/12-media.md, section 12.4.</summary>
internal static class Yuv4MpegFile
{
    /// <summary>The wrapper of a file.</summary>
    /// <param name="header">The first line, with its end.</param>
    /// <param name="lines">The lines of frames that are not the plain one, with their ends.</param>
    /// <param name="tail">What follows the last whole frame.</param>
    public static byte[] ToWrapper(ReadOnlySpan<byte> header, IReadOnlyList<(int Frame, byte[] Line)> lines,
        ReadOnlySpan<byte> tail)
    {
        List<byte> wrapper = [(byte)WrapperKind.Yuv4Mpeg];
        WrapperReader.Add(wrapper, header.Length);
        wrapper.AddRange(header);
        WrapperReader.Add(wrapper, lines.Count);
        int last = 0;
        foreach ((int frame, byte[] line) in lines)
        {
            WrapperReader.Add(wrapper, frame - last);
            WrapperReader.Add(wrapper, line.Length);
            wrapper.AddRange(line);
            last = frame;
        }

        wrapper.AddRange(tail);
        return [.. wrapper];
    }

    /// <summary>Restores a file; null where the wrapper does not suit the samples. Peer bytes: never throws.</summary>
    public static byte[]? Restore(MediaSamples samples, ReadOnlySpan<byte> wrapper)
    {
        VideoFormat format = samples.Video;
        int each = (int)format.Samples * format.SampleBytes;
        int frames = samples.Frames.Length / each;
        WrapperReader reader = new(wrapper);
        long length = samples.Frames.Length + (long)wrapper.Length + ((long)frames * Yuv4MpegFormat.PlainLine.Length);
        if (length > int.MaxValue)
        {
            return null;
        }

        using MemoryStream file = new((int)length);
        file.Write(reader.Bytes(reader.Number()));
        int left = reader.Number();
        int next = left > 0 ? reader.Number() : frames;
        for (int i = 0; i < frames && reader.IsWell; i++)
        {
            if (i == next)
            {
                file.Write(reader.Bytes(reader.Number()));
                left--;
                int step = left > 0 ? reader.Number() : frames;
                next = step > 0 && step <= frames - i ? i + step : frames;
            }
            else
            {
                file.Write(Yuv4MpegFormat.PlainLine);
            }

            file.Write(samples.Frames, i * each, each);
        }

        file.Write(reader.Rest);
        return reader.IsWell && left == 0 ? file.ToArray() : null;
    }
}
