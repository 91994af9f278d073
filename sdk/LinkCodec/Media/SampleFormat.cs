using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>
/// Messages that are samples without a header: integers one after the other, those of one time or one pixel together.
/// Immutable.
/// </summary>
/// <param name="BitDepth">Bits a sample takes: 8, 16, or 24.</param>
/// <param name="IsSigned">Whether samples are signed, in two's complement.</param>
public sealed record SampleFormat(int BitDepth, bool IsSigned)
{
    /// <summary>Whether a sample's highest byte comes first. Default: its lowest.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>Channels, 1 to 16, of 24 bits 1 to 8; of a raster its bands, 1 to 1,024. Default
    /// 1.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>
    /// Samples a channel of a segment, which decodes alone and is lost as a whole; 0 (default) for as many as a segment
    /// holds, 262,144 of all channels together. Segments of a quarter of that cost about a hundredth more bytes.
    /// </summary>
    public int SegmentLength { get; init; }

    /// <summary>Samples a row of a raster, 1 to 65,536, which is coded as an image is; 0 (default) for none.</summary>
    public int Width { get; init; }

    /// <summary>Rows of a raster, 1 to 65,536; 0 (default) for none.</summary>
    public int Height { get; init; }

    /// <summary>Whether the bands of a pixel stand together (BIP). Default: one band stands after the other
    /// (BSQ).</summary>
    public bool IsInterleaved { get; init; }

    /// <summary>Whether it is a raster: an image without a header.</summary>
    public bool IsRaster => Width != 0 || Height != 0;

    /// <summary>Whether the numbers are within their limits.</summary>
    public bool IsValid => IsRaster
        ? BitDepth is 8 or 16 && Width is >= 1 and <= MediaLimits.MaxWidth && Height is >= 1 and <= MediaLimits.MaxWidth
            && Channels is >= 1 and <= MediaLimits.MaxBands
        : BitDepth is 8 or 16 or 24 && SegmentLength >= 0 && !IsInterleaved && Channels is >= 1
            && Channels <= (BitDepth == 24 ? MediaLimits.MaxChannels : MediaLimits.MaxSignalChannels);

    /// <summary>Bytes of the samples of one time, or of a whole raster.</summary>
    internal long FrameLength => (long)Channels * (BitDepth / 8) * (IsRaster ? (long)Width * Height : 1);

    /// <summary>
    /// Reads a format as the commands take it: a type, <c>u8</c>, <c>s8</c>, or <c>u</c> or <c>s</c> with 16 or 24 and
    /// <c>le</c> or <c>be</c>; then, each behind a comma, the channels and samples a channel of a segment, or
    /// WIDTHxHEIGHTxBANDS and <c>bsq</c> or <c>bip</c>. What is left out has its default.
    /// </summary>
    /// <param name="text">The text, such as <c>s16le,2</c> or <c>u16be,512x512x4,bip</c>.</param>
    /// <param name="format">The format; null when false.</param>
    /// <returns>Whether it is one, within its limits.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out SampleFormat? format)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(',');
        format = TypeOf(words[0]);
        if (format is null || words.Length > 3)
        {
            format = null;
            return false;
        }

        string[] sizes = words.Length > 1 ? words[1].Split('x') : ["1"];
        int[] numbers = [.. sizes.Select(Number)];
        format = numbers.Length == 1
            ? format with { Channels = numbers[0], SegmentLength = words.Length > 2 ? Number(words[2]) : 0 }
            : format with
            {
                Width = numbers[0],
                Height = numbers[1],
                Channels = numbers.Length > 2 ? numbers[2] : 1,
                IsInterleaved = words.Length > 2 && words[2] == "bip",
            };
        bool isKnown = numbers.Length <= 3 && (words.Length < 3
            || (format.IsRaster ? words[2] is "bsq" or "bip" : format.SegmentLength > 0));
        format = isKnown && format.IsValid ? format : null;
        return format is not null;
    }

    private static SampleFormat? TypeOf(string word) => word switch
    {
        "u8" or "s8" => new SampleFormat(8, word[0] == 's'),
        "u16le" or "s16le" => new SampleFormat(16, word[0] == 's'),
        "u16be" or "s16be" => new SampleFormat(16, word[0] == 's') { IsBigEndian = true },
        "u24le" or "s24le" => new SampleFormat(24, word[0] == 's'),
        "u24be" or "s24be" => new SampleFormat(24, word[0] == 's') { IsBigEndian = true },
        _ => null,
    };

    // -1 where it is none, which no field takes.
    private static int Number(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
}
