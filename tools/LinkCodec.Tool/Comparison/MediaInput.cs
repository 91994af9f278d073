using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Media;
using LinkCodec.Media;

namespace LinkCodec.Tool.Comparison;

/// <summary>A file of an image or a sound that is compared.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="File">The file.</param>
/// <param name="Samples">Its samples, of a palette the numbers of colours.</param>
internal sealed record MediaInput(string Name, byte[] File, MediaSamples Samples)
{
    /// <summary>The same, of a palette the colours.</summary>
    public MediaSamples Colours { get; } = Samples.Kind == MediaKind.Image ? PixelColours.Of(Samples) : Samples;

    /// <summary>Whether it is a sound.</summary>
    public bool IsSound => Samples.Kind == MediaKind.Sound;

    /// <summary>The colours or samples as a portable map or a WAV: what every coder has to give back.</summary>
    public byte[] Plain => Write(Colours);

    /// <summary>What peers are given: a PNG, with its palette where it has one, or a WAV.</summary>
    public byte[] ForPeers => IsSound ? WaveFormat.Write(Samples) : ToPng(Samples);

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

    /// <summary>The plain file that a peer's PNG or WAV holds; empty where it holds something else.</summary>
    public byte[] ToPlain(byte[] peerFile)
    {
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

    private static byte[] Write(MediaSamples samples) =>
        samples.Kind == MediaKind.Sound ? WaveFormat.Write(samples) : PortableMapFormat.Write(samples);
}
