using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>The samples of a file: of an image plane by plane, of a sound or a signal channel by channel at each time,
/// of a video frame by frame and plane by plane.</summary>
internal sealed record MediaSamples
{
    public required MediaKind Kind { get; init; } // An image of many planes, which a cube carries, is an image.

    /// <summary>Samples a row; of sound, samples a channel.</summary>
    public required int Width { get; init; }

    /// <summary>Rows; 1 for sound.</summary>
    public int Height { get; init; } = 1;

    /// <summary>Planes or channels; of video, 0.</summary>
    public required int Planes { get; init; }

    /// <summary>How much chroma there is; of video.</summary>
    public ChromaForm Chroma { get; init; }

    /// <summary>Bits a sample, 1 to 16 in images and 8 to 24 in sound.</summary>
    public required int BitDepth { get; init; }

    /// <summary>Samples a channel in a second; of sound.</summary>
    public int Rate { get; init; }

    /// <summary>The samples of an image, unsigned.</summary>
    public ushort[] Pixels { get; init; } = [];

    /// <summary>The samples of a sound or a signal, signed.</summary>
    public int[] Sound { get; init; } = [];

    /// <summary>The samples of a video, unsigned, as bytes: little-endian, of 9 bits and more two bytes each.</summary>
    public byte[] Frames { get; init; } = [];

    /// <summary>Whether they are samples of channels, those of one time together.</summary>
    public bool IsInTime => Kind is MediaKind.Sound or MediaKind.Signal;

    /// <summary>What the frames of a video are.</summary>
    public VideoFormat Video => new(Width, Height, Chroma, BitDepth);

    /// <summary>What else restores the file byte for byte; null where nothing does.</summary>
    public byte[]? FileWrapper { get; init; }

    /// <summary>What else says how the samples are meant.</summary>
    public byte[] SamplesWrapper { get; init; } = [];

    /// <summary>Bytes of the samples.</summary>
    public long Length => Kind == MediaKind.Video
        ? Frames.Length
        : (long)Width * Height * Planes * ((BitDepth + 7) / 8);

    /// <summary>The content of a message with these samples.</summary>
    /// <param name="partSize">The side of a tile, the samples a channel of a segment, or the frames of a group.</param>
    /// <param name="wrapper">The wrapper.</param>
    public byte[] ToContent(int partSize, byte[] wrapper)
    {
        if (Kind == MediaKind.Video)
        {
            return VideoContent.Of(this, partSize, wrapper);
        }

        CarriedForm form = new()
        {
            Kind = Kind == MediaKind.Image && Planes > MediaLimits.MaxPlanes ? MediaKind.Cube : Kind,
            Width = Width,
            Height = Height,
            Planes = Planes,
            BitDepth = BitDepth,
            Rate = Rate,
            PartSize = partSize,
        };
        byte[] header = form.Write(wrapper);
        byte[] content = new byte[header.Length + Length];
        header.CopyTo(content, 0);
        if (IsInTime)
        {
            SampleBytes.Of(Sound, BitDepth).CopyTo(content, header.Length);
            return content;
        }

        int at = header.Length;
        foreach ((int from, int width) in Rows(form))
        {
            SampleBytes.Write(Pixels.AsSpan(from, width), form.SampleBytes, content.AsSpan(at));
            at += width * form.SampleBytes;
        }

        return content;
    }

    /// <summary>The samples of a message's content.</summary>
    public static MediaSamples Of(CarriedForm form, ReadOnlySpan<byte> content)
    {
        MediaSamples samples = new()
        {
            Kind = form.Kind == MediaKind.Cube ? MediaKind.Image : form.Kind,
            Width = form.Width,
            Height = form.Height,
            Planes = form.Planes,
            BitDepth = form.BitDepth,
            Chroma = form.Chroma,
            Rate = form.Rate,
        };
        if (form.Kind == MediaKind.Video)
        {
            return samples with { Frames = VideoContent.FramesOf(form, content) };
        }

        if (form.IsInTime)
        {
            int[] sound = new int[form.Width * form.Planes];
            SampleBytes.Read(content[form.Start..], form.SampleBytes, sound);
            return samples with { Sound = sound };
        }

        ushort[] pixels = new ushort[(long)form.Width * form.Height * form.Planes];
        int at = form.Start;
        foreach ((int to, int width) in Rows(form))
        {
            SampleBytes.Read(content[at..], form.SampleBytes, pixels.AsSpan(to, width));
            at += width * form.SampleBytes;
        }

        return samples with { Pixels = pixels };
    }

    // The rows of an image's tiles in the order in which a content has them: where each begins in the planes, and its
    // samples.
    private static IEnumerable<(int At, int Width)> Rows(CarriedForm form)
    {
        for (int part = 0; part < form.PartCount; part++)
        {
            (int x, int y, int width, int height) = form.Tile(part);
            for (int row = 0; row < form.Planes * height; row++)
            {
                yield return ((((row / height * form.Height) + y + (row % height)) * form.Width) + x, width);
            }
        }
    }
}
