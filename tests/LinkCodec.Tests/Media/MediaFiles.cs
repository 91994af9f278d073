using System.Buffers.Binary;
using System.Text;
using LinkCodec.Core.Media;
using LinkCodec.Media;
using LinkCodec.Tests.Coding;

namespace LinkCodec.Tests.Media;

/// <summary>Small images and sounds, as samples and as files.</summary>
internal static class MediaFiles
{
    /// <summary>A picture with slopes, edges and noise.</summary>
    public static MediaSamples Picture(int width, int height, int planes, int bits)
    {
        TestRandom random = new((ulong)((width * 31) + height + planes + bits));
        ushort[] pixels = new ushort[width * height * planes];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int x, int y, int plane) = (i % width, i / width % height, i / (width * height));
            int value = (x * 3) + (y * 2) + (plane * 20) + (x > y ? 60 : 0) + random.Next(6);
            pixels[i] = (ushort)((value << Math.Max(0, bits - 9)) & ((1 << bits) - 1));
        }

        return new MediaSamples
        {
            Kind = MediaKind.Image,
            Width = width,
            Height = height,
            Planes = planes,
            BitDepth = bits,
            Pixels = pixels,
        };
    }

    /// <summary>A carried form.</summary>
    public static byte[] Content(MediaSamples samples, int side) =>
        samples.ToContent(side, [(byte)WrapperKind.PortableMap]);

    /// <summary>A carried form of these samples.</summary>
    public static byte[] Content(ushort[] pixels, int width, int height, int planes, int bits, int side) =>
        Content(Picture(1, 1, planes, bits) with { Width = width, Height = height, Pixels = pixels }, side);

    /// <summary>A portable map.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="samples">Bytes of samples.</param>
    /// <param name="tail">What follows.</param>
    public static byte[] Map(string header, int samples, string tail = "") =>
        [.. Encoding.ASCII.GetBytes(header), .. Tones(samples), .. Encoding.ASCII.GetBytes(tail)];

    /// <summary>A Y4M.</summary>
    /// <param name="form">Its size and other parameters.</param>
    /// <param name="frame">Bytes of a frame.</param>
    /// <param name="lines">What stands before each frame.</param>
    /// <param name="tail">What follows.</param>
    public static byte[] Video(string form, int frame, string[] lines, string tail = "") =>
    [
        .. Encoding.ASCII.GetBytes($"YUV4MPEG2 {form}\n"),
        .. lines.SelectMany(line => (byte[])[.. Encoding.ASCII.GetBytes(line), 10, .. Tones(frame)]),
        .. Encoding.ASCII.GetBytes(tail),
    ];

    /// <summary>A WAV.</summary>
    /// <param name="channels">Channels.</param>
    /// <param name="bits">Bits a sample.</param>
    /// <param name="data">Bytes of samples.</param>
    /// <param name="said">Bytes of samples, as the file says.</param>
    /// <param name="chunks">Other chunks before the samples.</param>
    /// <param name="tail">What follows.</param>
    public static byte[] Wave(int channels, int bits, int data, uint said, string chunks = "", string tail = "")
    {
        byte[] format = new byte[24];
        "fmt "u8.CopyTo(format);
        format[4] = 16;
        format[8] = 1;
        format[10] = (byte)channels;
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(12), 8000);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(16), 8000 * channels * bits / 8);
        format[20] = (byte)(channels * bits / 8);
        format[22] = (byte)bits;
        byte[] size = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, said);
        return [.. "RIFF????WAVE"u8, .. format, .. Encoding.Latin1.GetBytes(chunks), .. "data"u8, .. size,
            .. Tones(data), .. Encoding.ASCII.GetBytes(tail)];
    }

    /// <summary>A TIFF of 16 bits in strips of two rows, or in tiles, whose directory stands behind them.</summary>
    public static byte[] Tiff(int width, int height, int planes, bool isBigEndian, bool isPlanar, int tile = 0,
        int gap = 0)
    {
        int across = tile > 0 ? (width + tile - 1) / tile : 1;
        int down = tile > 0 ? (height + tile - 1) / tile : (height + 1) / 2;
        int count = across * down * (isPlanar ? planes : 1);
        int each = isPlanar ? 2 : 2 * planes;
        int[] lengths = [.. Enumerable.Range(0, count).Select(i => tile > 0 ? tile * tile * each
            : width * each * Math.Min(2, height - (i % down * 2)))];
        List<byte> file = [.. isBigEndian ? "MM\0*"u8 : "II*\0"u8, 0, 0, 0, 0];
        List<int> offsets = [];
        foreach (int length in lengths)
        {
            file.AddRange(new byte[gap]);
            offsets.Add(file.Count);
            file.AddRange(Tones(length));
        }

        int table = file.Count;
        List<(int Tag, int[] Values)> tags =
        [
            (256, [width]), (257, [height]), (258, [16]), (259, [1]), (262, [1]), (277, [planes]),
            (284, [isPlanar ? 2 : 1]),
        ];
        tags.AddRange(tile > 0
            ? [(322, [tile]), (323, [tile]), (324, [.. offsets]), (325, lengths)]
            : [(273, [.. offsets]), (278, [2]), (279, lengths)]);
        tags.Sort((a, b) => a.Tag.CompareTo(b.Tag));
        byte[] directory = new byte[2 + (12 * tags.Count) + 4];
        List<byte> far = [];
        Put(directory, 0, 2, tags.Count, isBigEndian);
        for (int i = 0; i < tags.Count; i++)
        {
            (int tag, int[] values) = tags[i];
            int at = 2 + (12 * i);
            Put(directory, at, 2, tag, isBigEndian);
            Put(directory, at + 2, 2, 4, isBigEndian);
            Put(directory, at + 4, 4, values.Length, isBigEndian);
            Put(directory, at + 8, 4, values.Length == 1 ? values[0] : table + directory.Length + far.Count,
                isBigEndian);
            byte[] bytes = new byte[values.Length == 1 ? 0 : 4 * values.Length];
            for (int k = 0; k < bytes.Length / 4; k++)
            {
                Put(bytes, 4 * k, 4, values[k], isBigEndian);
            }

            far.AddRange(bytes);
        }

        byte[] whole = [.. file, .. directory, .. far];
        Put(whole, 4, 4, table, isBigEndian);
        return whole;
    }

    private static void Put(byte[] bytes, int at, int size, int value, bool isBigEndian)
    {
        for (int i = 0; i < size; i++)
        {
            bytes[at + (isBigEndian ? size - 1 - i : i)] = (byte)(value >> (8 * i));
        }
    }

    private static byte[] Tones(int length) =>
        [.. Enumerable.Range(0, length).Select(i => (byte)((i * i / 50) + (i % 7)))];
}
