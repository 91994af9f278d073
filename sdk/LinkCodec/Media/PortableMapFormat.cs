using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>PGM and PPM (P5, P6), and PAM (P7): a header in text, then samples pixel by pixel.</summary>
internal sealed class PortableMapFormat : MediaFormat
{
    private const int MaxHeader = 4096;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file) => file.Length > 3 && file[0] == 'P'
        && file[1] is (byte)'5' or (byte)'6' or (byte)'7' && (IsSpace(file[2]) || file[2] == '#');

    /// <inheritdoc/>
    public override bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out MediaSamples? samples,
        [NotNullWhen(false)] out string? problem)
    {
        samples = null;
        problem = "its header is not that of a portable map";
        ReadOnlySpan<byte> bytes = file.Span;
        string header = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, MaxHeader)]);
        if (!(header[1] == '7' ? TryReadArbitrary(header, out int width, out int height, out int planes, out int most,
                out int start)
            : TryReadPlain(header, out width, out height, out planes, out most, out start)))
        {
            return false;
        }

        int depth = int.Log2(most) + 1;
        int each = (depth + 7) / 8;
        long length = (long)width * height * planes * each;
        if (length > bytes.Length - start)
        {
            problem = "it ends before its last row";
            return false;
        }

        Skeleton skeleton = new() { IsBigEndian = each > 1, Runs = [(start, (int)length)] };
        MediaSamples shape = new()
        {
            Kind = MediaKind.Image,
            Width = width,
            Height = height,
            Planes = planes,
            BitDepth = depth,
            SamplesWrapper = [(byte)WrapperKind.PortableMap],
            FileWrapper = skeleton.ToWrapper(bytes),
        };
        samples = skeleton.Read(bytes, shape);
        if (samples.Pixels.AsSpan().ContainsAnyExceptInRange((ushort)0, (ushort)((1 << depth) - 1)))
        {
            samples = samples with { BitDepth = 8 * each }; // Some are beyond what the header says.
        }

        return true;
    }

    /// <summary>A portable map with these samples.</summary>
    public static byte[] Write(MediaSamples samples)
    {
        int most = (1 << samples.BitDepth) - 1;
        string size = string.Create(CultureInfo.InvariantCulture, $"{samples.Width} {samples.Height}\n{most}\n");
        string header = samples.Planes switch
        {
            1 => "P5\n" + size,
            3 => "P6\n" + size,
            _ => string.Create(CultureInfo.InvariantCulture, $"P7\nWIDTH {samples.Width}\nHEIGHT {samples.Height}\n")
                + string.Create(CultureInfo.InvariantCulture, $"DEPTH {samples.Planes}\nMAXVAL {most}\nENDHDR\n"),
        };
        ushort[] pixels = Planes.Join(samples.Pixels, samples.Planes);
        byte[] bytes = new byte[samples.Length];
        int each = (samples.BitDepth + 7) / 8;
        for (int i = 0; i < pixels.Length; i++)
        {
            if (each == 1)
            {
                bytes[i] = (byte)pixels[i];
            }
            else
            {
                (bytes[2 * i], bytes[(2 * i) + 1]) = ((byte)(pixels[i] >> 8), (byte)pixels[i]);
            }
        }

        return [.. Encoding.ASCII.GetBytes(header), .. bytes];
    }

    private static bool IsSpace(byte value) => value is 9 or 10 or 11 or 12 or 13 or 32;

    private static bool IsValid(int width, int height, int planes, int most) => width is >= 1 and <= 65536
        && height is >= 1 and <= 65536 && planes is >= 1 and <= MediaLimits.MaxBands && most is >= 1 and <= 65535;

    private static bool TryReadPlain(string header, out int width, out int height, out int planes, out int most,
        out int start)
    {
        (planes, start) = (header[1] == '5' ? 1 : 3, 2);
        bool isWell = TryNumber(header, ref start, out width);
        isWell &= TryNumber(header, ref start, out height);
        isWell &= TryNumber(header, ref start, out most);
        start++; // One space ends the header.
        return isWell && IsValid(width, height, planes, most);
    }

    private static bool TryNumber(string header, ref int at, out int number)
    {
        while (at < header.Length && (char.IsWhiteSpace(header[at]) || header[at] == '#'))
        {
            int end = header[at] == '#' ? header.IndexOf('\n', at) : at;
            at = end < 0 ? header.Length : end + 1;
        }

        int from = at;
        while (at < header.Length && char.IsAsciiDigit(header[at]))
        {
            at++;
        }

        return int.TryParse(header.AsSpan(from, at - from), NumberStyles.None, CultureInfo.InvariantCulture,
            out number);
    }

    private static bool TryReadArbitrary(string header, out int width, out int height, out int planes, out int most,
        out int start)
    {
        (width, height, planes, most) = (0, 0, 0, 0);
        int end = header.IndexOf("\nENDHDR\n", StringComparison.Ordinal);
        start = end + 8;
        if (end < 0)
        {
            return false;
        }

        foreach (string line in header[..end].Split('\n').Where(line => !line.StartsWith('#')))
        {
            string[] words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture,
                out int value))
            {
                switch (words[0])
                {
                    case "WIDTH": width = value; break;
                    case "HEIGHT": height = value; break;
                    case "DEPTH": planes = value; break;
                    case "MAXVAL": most = value; break;
                }
            }
        }

        return IsValid(width, height, planes, most);
    }
}
