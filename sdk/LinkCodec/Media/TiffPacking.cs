using System.IO.Compression;

namespace LinkCodec.Media;

/// <summary>Unpacks strips and tiles of a TIFF. Foreign bytes: never throws.</summary>
internal static class TiffPacking
{
    /// <summary>Nothing that is read here unpacks to more bytes for each of its own.</summary>
    public const long MostExpansion = 2048;

    private const int Clear = 256;
    private const int End = 257;
    private const int MostCodes = 4096;

    /// <summary>Unpacks a strip or tile to its last byte.</summary>
    public static bool TryUnpack(ReadOnlyMemory<byte> packed, int compression, Span<byte> to) => compression switch
    {
        TiffDirectory.Uncompressed => packed.Length >= to.Length && packed.Span[..to.Length].TryCopyTo(to),
        5 => TryUnpackLzw(packed.Span, to),
        32773 => TryUnpackBits(packed.Span, to),
        _ => TryInflate(packed, to),
    };

    /// <summary>Inflates a zlib stream until a room is full.</summary>
    public static bool TryInflate(ReadOnlyMemory<byte> packed, Span<byte> to)
    {
        try
        {
            using MemoryStream from = new(packed.ToArray(), writable: false);
            using ZLibStream inflate = new(from, CompressionMode.Decompress);
            return inflate.ReadAtLeast(to, to.Length, throwOnEndOfStream: false) == to.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool TryUnpackBits(ReadOnlySpan<byte> packed, Span<byte> to)
    {
        int at = 0;
        int from = 0;
        while (at < to.Length && from + 1 < packed.Length)
        {
            int count = (sbyte)packed[from++];
            if (count == -128)
            {
                continue;
            }

            int length = Math.Abs(count) + 1;
            if (length > to.Length - at || (count >= 0 && length > packed.Length - from))
            {
                return false;
            }

            if (count >= 0)
            {
                packed.Slice(from, length).CopyTo(to[at..]);
                from += length;
            }
            else
            {
                to.Slice(at, length).Fill(packed[from++]);
            }

            at += length;
        }

        return at == to.Length;
    }

    // Each entry of the table is a stretch of what was unpacked already.
    private static bool TryUnpackLzw(ReadOnlySpan<byte> packed, Span<byte> to)
    {
        (int Start, int Length)[] table = new (int, int)[MostCodes];
        int next = End + 1;
        int width = 9;
        int bits = 0;
        int held = 0;
        int at = 0;
        (int Start, int Length) last = default;
        foreach (byte value in packed)
        {
            held = (held << 8) | value;
            bits += 8;
            if (bits < width)
            {
                continue;
            }

            bits -= width;
            int code = (held >> bits) & ((1 << width) - 1);
            held &= (1 << bits) - 1;
            if (code == End || at == to.Length)
            {
                break;
            }

            if (code == Clear)
            {
                (next, width, last) = (End + 1, 9, default);
                continue;
            }

            bool isNew = code >= Clear && code == next && last.Length > 0;
            if (code > Clear && !isNew && code >= next)
            {
                return false;
            }

            int start = at;
            int length = code < Clear ? 1 : isNew ? last.Length + 1 : table[code].Length;
            if (length > to.Length - at)
            {
                return false;
            }

            int from = code < Clear ? -1 : isNew ? last.Start : table[code].Start;
            for (int i = 0; i < length; i++)
            {
                to[at++] = from < 0 ? (byte)code : to[from + i];
            }

            if (last.Length > 0 && next < MostCodes)
            {
                table[next++] = (last.Start, last.Length + 1);
            }

            width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
            last = (start, length);
        }

        return at == to.Length;
    }
}
