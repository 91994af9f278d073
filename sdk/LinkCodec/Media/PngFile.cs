using System.Buffers.Binary;
using LinkCodec.Media.Deflate;

namespace LinkCodec.Media;

/// <summary>
/// What restores a PNG from its samples byte for byte: everything outside of the IDAT chunks, their lengths, the
/// filters, and the settings of zlib. Spec: protocol-spec/12-media.md, section 12.4.
/// </summary>
internal static class PngFile
{
    private const int Check = 4;

    /// <summary>The wrapper of a file; null where other software than zlib compressed it.</summary>
    public static byte[]? ToWrapper(ReadOnlySpan<byte> file, PngHeader header,
        List<(int Start, int Length)> data, byte[] stream, byte[] rows, byte[] filters)
    {
        if (stream.Length < 2 + Check || !AreTogether(data)
            || BinaryPrimitives.ReadUInt32BigEndian(stream.AsSpan(stream.Length - Check)) != Checksums.Adler32(rows))
        {
            return null;
        }

        foreach (DeflateSettings settings in DeflateSettings.Candidates(stream[0], stream[1]))
        {
            if (Deflater.Compress(rows, settings, stream.AsMemory(2)) is { } deflated
                && deflated.AsSpan().SequenceEqual(stream.AsSpan(2, stream.Length - 2 - Check)))
            {
                return ToWrapper(file, header, data, stream, filters, settings);
            }
        }

        return null;
    }

    /// <summary>Restores a file; null where the wrapper does not suit the samples. Peer bytes: never throws.</summary>
    public static byte[]? Restore(MediaSamples samples, ReadOnlySpan<byte> wrapper)
    {
        WrapperReader reader = new(wrapper);
        PngHeader header = new(samples.Width, samples.Height, samples.BitDepth, reader.Byte(), reader.Byte() != 0);
        DeflateSettings settings = new(reader.Byte(), reader.Byte() != 0, reader.Byte(), reader.Byte());
        ReadOnlySpan<byte> start = reader.Bytes(2);
        int least = reader.Number();
        if (!reader.IsWell || !header.IsValid || header.Planes != samples.Planes || !settings.IsValid || least == 0)
        {
            return null;
        }

        PngRows rows = new(header);
        ReadOnlySpan<byte> filters = reader.Bytes(rows.Count);
        ReadOnlySpan<byte> before = reader.Bytes(reader.Number());
        if (!reader.IsWell || filters.ContainsAnyExceptInRange((byte)0, (byte)4))
        {
            return null;
        }

        byte[] bytes = rows.Write(samples.Pixels, filters.ToArray());
        byte[] check = new byte[Check];
        BinaryPrimitives.WriteUInt32BigEndian(check, Checksums.Adler32(bytes));
        byte[] stream = [.. start, .. Deflater.Compress(bytes, settings, default)!, .. check];
        List<byte> file = [.. before];
        for (int at = 0; at < stream.Length; at += least)
        {
            file.AddRange(PngFormat.Chunk("IDAT"u8, stream.AsSpan(at, Math.Min(least, stream.Length - at))));
        }

        file.AddRange(reader.Rest);
        return [.. file];
    }

    // One behind the other, and all but the last of the same length.
    private static bool AreTogether(List<(int Start, int Length)> data)
    {
        for (int i = 1; i < data.Count; i++)
        {
            if (data[i].Start != data[i - 1].Start + data[i - 1].Length + 12
                || data[i - 1].Length != data[0].Length || data[i].Length > data[0].Length || data[i].Length == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] ToWrapper(ReadOnlySpan<byte> file, PngHeader header, List<(int Start, int Length)> data,
        byte[] stream, byte[] filters, DeflateSettings settings)
    {
        ReadOnlySpan<byte> before = file[..(data[0].Start - 8)];
        ReadOnlySpan<byte> after = file[(data[^1].Start + data[^1].Length + 4)..];
        List<byte> wrapper =
        [
            (byte)WrapperKind.PngFile, (byte)header.Colour, (byte)(header.IsInterlaced ? 1 : 0), (byte)settings.Level,
            (byte)(settings.IsFiltered ? 1 : 0), (byte)settings.MemoryLevel, (byte)settings.WindowBits, stream[0],
            stream[1],
        ];
        WrapperReader.Add(wrapper, data[0].Length);
        wrapper.AddRange(filters);
        WrapperReader.Add(wrapper, before.Length);
        wrapper.AddRange(before);
        wrapper.AddRange(after);
        return [.. wrapper];
    }
}
