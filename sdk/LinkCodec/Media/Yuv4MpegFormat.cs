using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>Y4M (YUV4MPEG2): a line of text for the whole, and one before each frame, whose planes follow.</summary>
internal sealed class Yuv4MpegFormat : MediaFormat
{
    /// <summary>What stands before each frame, unless it has parameters of its own.</summary>
    public static ReadOnlySpan<byte> PlainLine => "FRAME\n"u8;

    private const int MaxLine = 4096;

    private static ReadOnlySpan<byte> Magic => "YUV4MPEG2 "u8;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith(Magic);

    /// <inheritdoc/>
    public override bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out MediaSamples? samples,
        [NotNullWhen(false)] out string? problem)
    {
        samples = null;
        ReadOnlySpan<byte> bytes = file.Span;
        int header = LineLength(bytes);
        if (header == 0 || !TryParse(Encoding.Latin1.GetString(bytes[..(header - 1)]), out VideoFormat format))
        {
            problem = "its header is not that of a Y4M in 4:2:0, 4:2:2, 4:4:4 or mono of 8 to 16 bits, or its frames "
                + "are too large";
            return false;
        }

        int each = (int)format.Samples * format.SampleBytes;
        List<(int Line, int Start)> frames = [];
        int at = header;
        while (bytes[at..].StartsWith("FRAME"u8) && LineLength(bytes[at..]) is int line and > 0
            && each <= bytes.Length - at - line)
        {
            frames.Add((at, at + line));
            at += line + each;
        }

        if (frames.Count == 0)
        {
            problem = "it has no whole frame";
            return false;
        }

        if (frames.Count * (long)each > int.MaxValue / 2)
        {
            problem = "its frames come to more than a message holds";
            return false;
        }

        byte[] all = new byte[frames.Count * each];
        for (int i = 0; i < frames.Count; i++)
        {
            bytes.Slice(frames[i].Start, each).CopyTo(all.AsSpan(i * each));
        }

        if (!FitsDepth(all, format))
        {
            format = format with { BitDepth = 8 * format.SampleBytes }; // Some are beyond what the header says.
        }

        problem = null;
        samples = new MediaSamples
        {
            Kind = MediaKind.Video,
            Width = format.Width,
            Height = format.Height,
            Planes = 0,
            Chroma = format.Chroma,
            BitDepth = format.BitDepth,
            Frames = all,
            SamplesWrapper = Yuv4MpegFile.ToWrapper(bytes[..header], [], []),
            FileWrapper = Yuv4MpegFile.ToWrapper(bytes[..header], LinesOf(bytes, frames), bytes[at..]),
        };
        return true;
    }

    // With its end; 0 where there is none.
    private static int LineLength(ReadOnlySpan<byte> bytes) =>
        bytes[..Math.Min(bytes.Length, MaxLine)].IndexOf((byte)'\n') + 1;

    private static List<(int Frame, byte[] Line)> LinesOf(ReadOnlySpan<byte> file, List<(int Line, int Start)> frames)
    {
        List<(int, byte[])> lines = [];
        for (int i = 0; i < frames.Count; i++)
        {
            ReadOnlySpan<byte> line = file[frames[i].Line..frames[i].Start];
            if (!line.SequenceEqual(PlainLine))
            {
                lines.Add((i, line.ToArray()));
            }
        }

        return lines;
    }

    private static bool TryParse(string header, out VideoFormat format)
    {
        (int width, int height) = (0, 0);
        string form = "420";
        foreach (string word in header.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            bool isNumber = int.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture,
                out int number);
            switch (word[0])
            {
                case 'W' when isNumber: width = number; break;
                case 'H' when isNumber: height = number; break;
                case 'C': form = word[1..]; break;
            }
        }

        (ChromaForm? chroma, int depth) = form switch
        {
            "420" or "420jpeg" or "420mpeg2" or "420paldv" => (ChromaForm.Half, 8),
            "422" => (ChromaForm.HalfAcross, 8),
            "444" => (ChromaForm.Full, 8),
            "mono" => (ChromaForm.Mono, 8),
            _ when form.StartsWith("mono", StringComparison.Ordinal) => (ChromaForm.Mono, DepthOf(form[4..])),
            _ when form.StartsWith("420p", StringComparison.Ordinal) => (ChromaForm.Half, DepthOf(form[4..])),
            _ when form.StartsWith("422p", StringComparison.Ordinal) => (ChromaForm.HalfAcross, DepthOf(form[4..])),
            _ when form.StartsWith("444p", StringComparison.Ordinal) => (ChromaForm.Full, DepthOf(form[4..])),
            _ => ((ChromaForm?)null, 0),
        };
        format = new VideoFormat(width, height, chroma ?? ChromaForm.Mono, depth);
        return chroma is not null && depth is >= 8 and <= 16 && format.IsValid;
    }

    private static int DepthOf(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int depth) ? depth : 0;

    private static bool FitsDepth(ReadOnlySpan<byte> frames, VideoFormat format)
    {
        int most = (1 << format.BitDepth) - 1;
        for (int i = 1; format.SampleBytes > 1 && i < frames.Length; i += 2)
        {
            if (((frames[i] << 8) | frames[i - 1]) > most)
            {
                return false;
            }
        }

        return true;
    }
}
