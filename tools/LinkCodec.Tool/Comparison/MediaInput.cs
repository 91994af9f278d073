using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Media;
using LinkCodec.Media;

namespace LinkCodec.Tool.Comparison;

/// <summary>A file of an image, a sound, or samples without a header that is compared.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="File">The file.</param>
/// <param name="Samples">Its samples, of a palette the numbers of colours.</param>
internal sealed record MediaInput(string Name, byte[] File, MediaSamples Samples)
{
    /// <summary>The same, of a palette the colours.</summary>
    public MediaSamples Colours { get; } = Samples.Kind == MediaKind.Image ? PixelColours.Of(Samples) : Samples;

    /// <summary>What the samples of a file without a header are; null of all other files.</summary>
    public SampleFormat? Format { get; private init; }

    /// <summary>Whether it is a sound, or samples that coders of sound take.</summary>
    public bool IsSound => Samples.IsInTime;

    /// <summary>The colours or samples as a portable map or a WAV, or the file of samples: what every coder has to give
    /// back.</summary>
    public byte[] Plain => Format is null ? Write(Colours) : File;

    /// <summary>What peers are given: a PNG, with its palette where it has one, or a WAV.</summary>
    public byte[] ForPeers => Format is not null ? ToWave() : IsSound ? WaveFormat.Write(Samples) : ToPng(Samples);

    /// <summary>Reads a file.</summary>
    public static bool TryRead(string name, byte[] file, [NotNullWhen(true)] out MediaInput? input,
        [NotNullWhen(false)] out string? problem)
    {
        input = null;
        problem = "it is no PNG, portable map, TIFF or WAV";
        if (MediaFormat.All.FirstOrDefault(one => one.Recognises(file)) is not { } format
            || !format.TryRead(file, out MediaSamples? samples, out problem))
        {
            problem ??= "it is damaged";
            return false;
        }

        input = new MediaInput(name, file, samples);
        return true;
    }

    /// <summary>Takes a file of samples without a header.</summary>
    /// <exception cref="ArgumentException">It is shorter than the samples of one time.</exception>
    public static MediaInput Of(string name, byte[] file, SampleFormat format) =>
        new(name, file, RawSamples.Read(file, format) ?? throw new ArgumentException("It has no samples.", nameof(file)))
        {
            Format = format,
        };

    /// <summary>The plain file that a peer's PNG or WAV holds; empty where it holds something else.</summary>
    public byte[] ToPlain(byte[] peerFile)
    {
        if (Format is not null)
        {
            // The data chunk as it was given, in whatever WAV: of many channels not every reader takes one.
            return peerFile.AsSpan().IndexOf(ToWave().AsSpan(WaveFormat.HeaderLength - 8)) >= 0 ? File : [];
        }

        if (!TryRead(Name, peerFile, out MediaInput? peer, out _) || peer.IsSound != IsSound)
        {
            return [];
        }

        MediaSamples? same = IsSound
            ? peer.Samples
            : PixelColours.In(peer.Samples, Colours.Planes, Colours.BitDepth);
        return same is null ? [] : Write(same);
    }

    /// <summary>A PNG of samples, with the palette where they have one; empty where no PNG has so many planes or
    /// bits.</summary>
    public static byte[] ToPng(MediaSamples samples)
    {
        ReadOnlySpan<byte> wrapper = samples.SamplesWrapper;
        bool hasPalette = wrapper.Length > 1 && wrapper[0] == (byte)WrapperKind.Png && wrapper[1] == 3;
        byte colour = samples.Planes switch { 2 => 4, 3 => 2, 4 => 6, _ => 0 };
        return PngFormat.Write(samples, hasPalette ? wrapper[1..] : [colour]) ?? [];
    }

    // With a rate that every coder takes.
    private byte[] ToWave() => WaveFormat.Write(Samples with
    {
        BitDepth = (Samples.BitDepth + 7) / 8 * 8,
        Rate = 48_000,
    });

    private static byte[] Write(MediaSamples samples) =>
        samples.Kind == MediaKind.Sound ? WaveFormat.Write(samples) : PortableMapFormat.Write(samples);
}
