using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>The strips or tiles of a TIFF: unpacks them to samples, and writes a plain TIFF of samples.</summary>
internal static class TiffPieces
{
    /// <summary>Reads the samples of a file. Foreign bytes: never throws.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> file, TiffDirectory tags, MediaSamples shape,
        [NotNullWhen(true)] out MediaSamples? samples, [NotNullWhen(false)] out string? problem)
    {
        samples = null;
        problem = "it is larger than a message may be, or its strips or tiles are damaged";
        int each = tags.BitDepth / 8;
        int planes = tags.IsPlanar ? 1 : tags.Planes;
        long size = (long)tags.PieceWidth * tags.PieceHeight * planes * each;
        if (size > int.MaxValue / 4 || shape.Length > int.MaxValue / 4
            || Math.Max(size, shape.Length) > TiffPacking.MostExpansion * file.Length)
        {
            return false;
        }

        ushort[] pixels = new ushort[shape.Length / each];
        ushort[] row = new ushort[tags.PieceWidth * planes];
        byte[] piece = new byte[size];
        for (int i = 0; i < tags.Offsets.Count; i++)
        {
            int inPlane = i % (tags.PiecesAcross * tags.PiecesDown);
            int plane = i / (tags.PiecesAcross * tags.PiecesDown);
            int left = inPlane % tags.PiecesAcross * tags.PieceWidth;
            int top = inPlane / tags.PiecesAcross * tags.PieceHeight;
            int rows = Math.Min(tags.PieceHeight, tags.Height - top);
            Span<byte> used = piece.AsSpan(0, tags.IsTiled ? piece.Length : rows * row.Length * each);
            if (tags.Offsets[i] > file.Length || tags.Lengths[i] > file.Length - tags.Offsets[i]
                || !TiffPacking.TryUnpack(file.Slice((int)tags.Offsets[i], (int)tags.Lengths[i]), tags.Compression,
                    used))
            {
                return false;
            }

            for (int y = 0; y < rows; y++)
            {
                ReadRow(used.Slice(y * row.Length * each, row.Length * each), tags, planes, row);
                for (int x = 0; x < Math.Min(tags.PieceWidth, tags.Width - left) * planes; x++)
                {
                    int target = tags.IsPlanar ? plane : x % planes;
                    pixels[((((long)target * tags.Height) + top + y) * tags.Width) + left + (x / planes)] = row[x];
                }
            }
        }

        problem = null;
        samples = shape with { Pixels = pixels };
        return true;
    }

    private static void ReadRow(Span<byte> bytes, TiffDirectory tags, int planes, ushort[] row)
    {
        int each = tags.BitDepth / 8;
        if (tags.IsBigEndian && each > 1)
        {
            for (int at = 0; at < bytes.Length; at += each)
            {
                bytes.Slice(at, each).Reverse();
            }
        }

        SampleBytes.Read(bytes, each, row);
        int mask = (1 << tags.BitDepth) - 1;
        for (int x = planes; tags.IsDifferenced && x < row.Length; x++)
        {
            row[x] = (ushort)((row[x] + row[x - planes]) & mask);
        }

        for (int x = 0; tags.IsSigned && x < row.Length; x++)
        {
            row[x] ^= (ushort)(1 << (tags.BitDepth - 1));
        }
    }

    /// <summary>An uncompressed TIFF with these samples: one strip, pixel by pixel.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="photometric">What they stand for, as TIFF says it.</param>
    /// <param name="isSigned">Whether the highest bit of each is turned.</param>
    public static byte[] Write(MediaSamples samples, int photometric, bool isSigned)
    {
        int each = (samples.BitDepth + 7) / 8;
        ushort[] pixels = Planes.Join(samples.Pixels, samples.Planes);
        byte[] strip = new byte[samples.Length];
        SampleBytes.Write(pixels, each, strip);
        for (int at = each - 1; isSigned && at < strip.Length; at += each)
        {
            strip[at] ^= 0x80;
        }

        int extra = samples.Planes - (photometric == 2 ? 3 : 1);
        List<(int Tag, int Type, uint[] Values)> entries =
        [
            (256, 4, [(uint)samples.Width]),
            (257, 4, [(uint)samples.Height]),
            (258, 3, [.. Enumerable.Repeat((uint)(8 * each), samples.Planes)]),
            (259, 3, [1]),
            (262, 3, [(uint)photometric]),
            (273, 4, [0]),
            (277, 3, [(uint)samples.Planes]),
            (278, 4, [(uint)samples.Height]),
            (279, 4, [(uint)strip.Length]),
            (284, 3, [1]),
        ];
        if (extra > 0)
        {
            entries.Add((338, 3, new uint[extra]));
        }

        entries.Add((339, 3, [.. Enumerable.Repeat(isSigned ? 2u : 1u, samples.Planes)]));
        return [.. Directory(entries), .. strip];
    }

    private static byte[] Directory(List<(int Tag, int Type, uint[] Values)> entries)
    {
        int table = 8 + 2 + (12 * entries.Count) + 4;
        int far = table + entries.Sum(entry => LengthOf(entry) > 4 ? LengthOf(entry) : 0);
        byte[] bytes = new byte[far];
        "II*\0"u8.CopyTo(bytes);
        Put(bytes, 4, 4, 8);
        Put(bytes, 8, 2, (uint)entries.Count);
        int at = 10;
        int next = table;
        foreach ((int tag, int type, uint[] values) in entries)
        {
            uint[] said = tag == 273 ? [(uint)far] : values;
            int each = type == 3 ? 2 : 4;
            Put(bytes, at, 2, (uint)tag);
            Put(bytes, at + 2, 2, (uint)type);
            Put(bytes, at + 4, 4, (uint)said.Length);
            int to = at + 8;
            if (said.Length * each > 4)
            {
                Put(bytes, to, 4, (uint)next);
                (to, next) = (next, next + (said.Length * each));
            }

            for (int i = 0; i < said.Length; i++)
            {
                Put(bytes, to + (i * each), each, said[i]);
            }

            at += 12;
        }

        return bytes;
    }

    private static int LengthOf((int Tag, int Type, uint[] Values) entry) =>
        entry.Values.Length * (entry.Type == 3 ? 2 : 4);

    private static void Put(byte[] bytes, int at, int size, uint value)
    {
        for (int i = 0; i < size; i++)
        {
            bytes[at + i] = (byte)(value >> (8 * i));
        }
    }
}
