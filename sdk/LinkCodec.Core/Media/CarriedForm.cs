using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>
/// The form in which an image, a sound or a video is the content of a message: a header, whatever else restores its
/// file, and the samples, part by part. A part is a tile or a segment, which decodes alone; of video it is some frames
/// or a strip of one, and decodes with what is before it in its group. Spec: protocol-spec/12-media.md, section 12.1.
/// </summary>
/// <remarks>This is the layout; the samples stay where they are.</remarks>
internal sealed record CarriedForm
{
    /// <summary>The most samples of a part, all planes or channels together.</summary>
    internal const int MaxPartSamples = MediaCode.MaxSamples;

    /// <summary>The most bytes of all samples.</summary>
    internal const int MaxSamplesLength = int.MaxValue / 2;

    /// <summary>The longest header, without the wrapper.</summary>
    internal const int MaxHeader = 5 + 1 + (7 * 8);

    /// <summary>What the message holds.</summary>
    internal required MediaKind Kind { get; init; }

    /// <summary>Samples a row, of video of luma; of sound, samples a channel.</summary>
    internal int Width { get; init; }

    /// <summary>Rows; 1 for sound.</summary>
    internal int Height { get; init; } = 1;

    /// <summary>Planes, or channels.</summary>
    internal int Planes { get; init; }

    /// <summary>Bits a sample.</summary>
    internal int BitDepth { get; init; }

    /// <summary>Samples a channel in a second; of sound.</summary>
    internal int Rate { get; init; }

    /// <summary>The side of a tile, the samples a channel of a segment, or the rows of a strip.</summary>
    internal int PartSize { get; init; }

    /// <summary>How much chroma there is; of video.</summary>
    internal ChromaForm Chroma { get; init; }

    /// <summary>Frames; of video.</summary>
    internal int Frames { get; init; }

    /// <summary>Frames of a group, of which the first is predicted from no other; of video.</summary>
    internal int GroupFrames { get; init; }

    /// <summary>Frames of a part; of video, 1 where parts are strips.</summary>
    internal int PartFrames { get; init; }

    /// <summary>Bytes of whatever else restores the file.</summary>
    internal int WrapperLength { get; init; }

    /// <summary>Bytes before the samples, the wrapper among them.</summary>
    internal int Start { get; private init; }

    /// <summary>Bytes a sample.</summary>
    internal int SampleBytes => (BitDepth + 7) / 8;

    /// <summary>Bytes of all samples.</summary>
    internal long SamplesLength => Kind == MediaKind.Video
        ? Frames * Video.Samples * SampleBytes
        : (long)Width * Height * Planes * SampleBytes;

    /// <summary>Whether it is samples of channels, those of one time together.</summary>
    internal bool IsInTime => Kind is MediaKind.Sound or MediaKind.Signal;

    /// <summary>What the samples of a signal are.</summary>
    internal SignalFormat Signal => new(Planes, BitDepth);

    /// <summary>What the samples of a sound are.</summary>
    internal AudioFormat Audio => new(Planes, BitDepth);

    /// <summary>What the frames of a video are.</summary>
    internal VideoFormat Video => new(Width, Height, Chroma, BitDepth);

    /// <summary>The number of parts; 0 for bytes.</summary>
    internal int PartCount => Kind switch
    {
        MediaKind.Image or MediaKind.Cube => Parts(Width) * Parts(Height),
        MediaKind.Sound or MediaKind.Signal => Parts(Width),
        MediaKind.Video => VideoParts.CountOf(this),
        _ => 0,
    };

    private static ReadOnlySpan<byte> Magic => "\nLCM"u8;

    /// <summary>Whether a content begins as carried forms do.</summary>
    internal static bool IsMarked(ReadOnlySpan<byte> content) => content.StartsWith(Magic);

    /// <summary>Reads the header of a content that is a carried form to its last byte.</summary>
    /// <remarks>Peer bytes: never throws, takes no memory.</remarks>
    internal static bool TryRead(ReadOnlySpan<byte> content, out CarriedForm form) => TryReadHeader(content, out form)
        && (form.Kind == MediaKind.Bytes || content.Length - form.SamplesLength == form.Start);

    /// <summary>Reads the header of a content of which more may be missing than there is.</summary>
    /// <remarks>Peer bytes: never throws, takes no memory.</remarks>
    internal static bool TryReadHeader(ReadOnlySpan<byte> content, out CarriedForm form)
    {
        form = new CarriedForm { Kind = MediaKind.Bytes, Start = Magic.Length + 1 };
        if (!IsMarked(content) || content.Length < form.Start)
        {
            return false;
        }

        MediaKind kind = (MediaKind)content[Magic.Length];
        if (kind == MediaKind.Bytes)
        {
            return true;
        }

        Cursor from = new(content[form.Start..]);
        int format = from.Byte();
        form = kind switch
        {
            MediaKind.Sound => new CarriedForm
            {
                Kind = kind,
                Planes = (format >> 5) + 1,
                BitDepth = (format & 31) + 1,
                Width = from.Number(),
                Rate = from.Number(),
                PartSize = from.Number(),
            },
            MediaKind.Video => new CarriedForm
            {
                Kind = kind,
                Chroma = (ChromaForm)(format >> 4),
                BitDepth = (format & 15) + 1,
                Width = from.Number(),
                Height = from.Number(),
                Frames = from.Number(),
                GroupFrames = from.Number(),
                PartFrames = from.Number(),
                PartSize = from.Number(),
            },
            MediaKind.Signal => new CarriedForm
            {
                Kind = kind,
                Planes = (format >> 4) + 1,
                BitDepth = (format & 15) + 1,
                Width = from.Number(),
                PartSize = from.Number(),
            },
            MediaKind.Cube => new CarriedForm
            {
                Kind = kind,
                BitDepth = format + 1,
                Planes = from.Number(),
                Width = from.Number(),
                Height = from.Number(),
                PartSize = from.Number(),
            },
            _ => new CarriedForm
            {
                Kind = kind,
                Planes = (format >> 4) + 1,
                BitDepth = (format & 15) + 1,
                Width = from.Number(),
                Height = from.Number(),
                PartSize = from.Number(),
            },
        };
        form = form with { WrapperLength = from.Number() };
        form = form with { Start = Magic.Length + 1 + from.Taken + form.WrapperLength };
        return from.IsWell && form.IsValid;
    }

    /// <summary>The header with its wrapper.</summary>
    /// <exception cref="ArgumentException">A number is outside its limits.</exception>
    internal byte[] Write(ReadOnlySpan<byte> wrapper)
    {
        Span<byte> header = stackalloc byte[MaxHeader];
        Magic.CopyTo(header);
        int at = Magic.Length;
        header[at++] = (byte)Kind;
        if (Kind != MediaKind.Bytes)
        {
            if (!IsValid)
            {
                throw new ArgumentException("No carried form has these numbers.");
            }

            (int format, int[] numbers) = Kind switch
            {
                MediaKind.Sound => (((Planes - 1) << 5) | (BitDepth - 1), new[] { Width, Rate, PartSize }),
                MediaKind.Video => (((int)Chroma << 4) | (BitDepth - 1),
                    [Width, Height, Frames, GroupFrames, PartFrames, PartSize]),
                MediaKind.Signal => (((Planes - 1) << 4) | (BitDepth - 1), [Width, PartSize]),
                MediaKind.Cube => (BitDepth - 1, [Planes, Width, Height, PartSize]),
                _ => (((Planes - 1) << 4) | (BitDepth - 1), [Width, Height, PartSize]),
            };
            header[at++] = (byte)format;
            foreach (int number in numbers)
            {
                at += VarInt.Write(header[at..], (ulong)number);
            }

            at += VarInt.Write(header[at..], (ulong)wrapper.Length);
        }

        return [.. header[..at], .. wrapper];
    }

    /// <summary>Where a tile stands in its image: columns and rows.</summary>
    internal (int X, int Y, int Width, int Height) Tile(int part)
    {
        int across = Parts(Width);
        (int x, int y) = (part % across * PartSize, part / across * PartSize);
        return (x, y, Math.Min(PartSize, Width - x), Math.Min(PartSize, Height - y));
    }

    /// <summary>Where a part begins and ends, in bytes of the content.</summary>
    internal (int Start, int End) Part(int part)
    {
        long before;
        long samples;
        if (Kind == MediaKind.Video)
        {
            return VideoParts.Find(this, part);
        }

        if (IsInTime)
        {
            before = (long)part * PartSize;
            samples = Math.Min(PartSize, Width - before);
        }
        else
        {
            (int x, int y, int width, int height) = Tile(part);
            before = ((long)y * Width) + ((long)x * height);
            samples = (long)width * height;
        }

        int each = Planes * SampleBytes;
        return ((int)(Start + (before * each)), (int)(Start + ((before + samples) * each)));
    }

    // spec 12.1-2: nothing is larger than an array, and no part larger than a decoder takes.
    private bool IsValid => Kind switch
    {
        MediaKind.Image or MediaKind.Cube => BitDepth is >= 1 and <= 16 && Planes >= 1
            && Planes <= (Kind == MediaKind.Cube ? MediaLimits.MaxBands : MediaLimits.MaxPlanes)
            && Width is >= 1 and <= MediaLimits.MaxWidth && Height is >= 1 and <= MediaLimits.MaxWidth
            && PartSize is >= 1 and <= MaxPartSamples && Fits((long)Math.Min(PartSize, Width)
                * Math.Min(PartSize, Height)),
        MediaKind.Sound => Audio.IsValid && Width >= 1 && PartSize >= 1 && Fits(PartSize),
        MediaKind.Video => VideoParts.IsValid(this) && Fits(0),
        MediaKind.Signal => Signal.IsValid && Width >= 1 && PartSize >= 1 && Fits(PartSize),
        _ => false,
    };

    private bool Fits(long part) => part * Planes <= MaxPartSamples
        && SamplesLength <= MaxSamplesLength && WrapperLength <= int.MaxValue / 2;

    private int Parts(int size) => (int)(((long)size + PartSize - 1) / PartSize);

    private ref struct Cursor(ReadOnlySpan<byte> from)
    {
        private readonly ReadOnlySpan<byte> _from = from;

        internal int Taken { get; private set; }

        internal bool IsWell { get; private set; } = true;

        internal int Byte()
        {
            IsWell &= Taken < _from.Length;
            return IsWell ? _from[Taken++] : 0;
        }

        internal int Number()
        {
            IsWell &= VarInt.TryRead(_from[Taken..], out ulong value, out int length) && value <= int.MaxValue;
            Taken += IsWell ? length : 0;
            return IsWell ? (int)value : 0;
        }
    }
}
