using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>PNG of every type of colour and depth, interlaced or not; what zlib compressed is restored byte for
/// byte.</summary>
internal sealed class PngFormat : MediaFormat
{
    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <inheritdoc/>
    public override bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out MediaSamples? samples,
        [NotNullWhen(false)] out string? problem)
    {
        samples = null;
        if (!TryFindChunks(file.Span, out PngHeader header, out List<(int Start, int Length)> data,
            out List<byte> kept, out problem))
        {
            return false;
        }

        byte[] stream = new byte[data.Sum(chunk => chunk.Length)];
        int at = 0;
        foreach ((int start, int length) in data)
        {
            file.Span.Slice(start, length).CopyTo(stream.AsSpan(at));
            at += length;
        }

        problem = "its rows are damaged";
        PngRows rows = new(header);
        if (rows.Length > TiffPacking.MostExpansion * stream.Length)
        {
            return false;
        }

        byte[] packed = new byte[rows.Length];
        byte[] filters = new byte[rows.Count];
        ushort[] pixels = new ushort[header.Width * header.Height * header.Planes];
        if (!TiffPacking.TryInflate(stream, packed) || !rows.TryRead([.. packed], pixels, filters))
        {
            return false;
        }

        problem = null;
        samples = new MediaSamples
        {
            Kind = MediaKind.Image,
            Width = header.Width,
            Height = header.Height,
            Planes = header.Planes,
            BitDepth = header.BitDepth,
            Pixels = pixels,
            SamplesWrapper = [(byte)WrapperKind.Png, (byte)header.Colour, .. kept],
            FileWrapper = PngFile.ToWrapper(file.Span, header, data, stream, packed, filters),
        };
        return true;
    }

    /// <summary>A PNG with these samples; null where the wrapper does not suit them.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="wrapper">The type of colour, and chunks to be kept.</param>
    public static byte[]? Write(MediaSamples samples, ReadOnlySpan<byte> wrapper)
    {
        PngHeader header = new(samples.Width, samples.Height, samples.BitDepth, wrapper.IsEmpty ? -1 : wrapper[0],
            false);
        if (!header.IsValid || header.Planes != samples.Planes)
        {
            return null;
        }

        byte[] rows = new PngRows(header).Write(samples.Pixels, null);
        using MemoryStream stream = new();
        using (System.IO.Compression.ZLibStream deflate = new(stream,
            System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(rows);
        }

        return [.. Signature, .. Chunk("IHDR"u8, header.ToBytes()), .. wrapper[1..],
            .. Chunk("IDAT"u8, stream.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>A chunk with its length and check.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        byte[] chunk = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        name.CopyTo(chunk.AsSpan(4));
        body.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length),
            Checksums.Crc32(chunk.AsSpan(4, 4 + body.Length)));
        return chunk;
    }

    // Chunks that say how the samples are meant.
    private static bool SaysMeaning(ReadOnlySpan<byte> name) => name.SequenceEqual("PLTE"u8)
        || name.SequenceEqual("tRNS"u8) || name.SequenceEqual("gAMA"u8) || name.SequenceEqual("cHRM"u8)
        || name.SequenceEqual("sRGB"u8) || name.SequenceEqual("iCCP"u8) || name.SequenceEqual("cICP"u8)
        || name.SequenceEqual("sBIT"u8);

    private static bool TryFindChunks(ReadOnlySpan<byte> file, out PngHeader header,
        out List<(int Start, int Length)> data, out List<byte> kept, [NotNullWhen(false)] out string? problem)
    {
        (header, data, kept) = (default, [], []);
        problem = "its chunks are damaged";
        bool isWell = false;
        for (int at = Signature.Length; at <= file.Length - 12;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            ReadOnlySpan<byte> name = file.Slice(at + 4, 4);
            if (length > file.Length - at - 12 || Checksums.Crc32(file.Slice(at + 4, (int)length + 4))
                != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
            {
                return false;
            }

            if (name.SequenceEqual("acTL"u8))
            {
                problem = "it is animated";
                return false;
            }

            if (name.SequenceEqual("IHDR"u8))
            {
                PngHeader? read = PngHeader.Read(file.Slice(at + 8, (int)length));
                (header, isWell) = (read ?? default, read is not null);
                problem = isWell ? problem : "its size, depth or colour are none of a PNG that fits a message";
            }
            else if (name.SequenceEqual("IDAT"u8))
            {
                data.Add((at + 8, (int)length));
            }
            else if (data.Count == 0 && SaysMeaning(name))
            {
                kept.AddRange(file.Slice(at, 12 + (int)length));
            }

            if (!isWell || name.SequenceEqual("IEND"u8))
            {
                break;
            }

            at += 12 + (int)length;
        }

        return isWell && data.Count > 0;
    }
}
