using System.Diagnostics.CodeAnalysis;

namespace LinkCodec.Media;

/// <summary>A format of files with samples: from a file to samples, and back.</summary>
internal abstract class MediaFormat
{
    /// <summary>All formats that are known.</summary>
    public static IReadOnlyList<MediaFormat> All { get; } =
        [new PngFormat(), new PortableMapFormat(), new WaveFormat(), new TiffFormat(), new Yuv4MpegFormat()];

    /// <summary>Whether a file looks like one of the format.</summary>
    public abstract bool Recognises(ReadOnlySpan<byte> file);

    /// <summary>Reads a file. Foreign bytes: never throws.</summary>
    /// <param name="file">The file.</param>
    /// <param name="samples">Its samples, with what restores the file; null when false.</param>
    /// <param name="problem">Why it is not read; null when true.</param>
    public abstract bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out MediaSamples? samples,
        [NotNullWhen(false)] out string? problem);
}
