using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using LinkCodec.Core.Media;

namespace LinkCodec.Media;

/// <summary>WAV, RIFF and RF64, with PCM of 8, 16 or 24 bits; its other chunks and a wrong size are kept.</summary>
internal sealed class WaveFormat : MediaFormat
{
    /// <summary>Bytes of a file before its samples.</summary>
    public const int HeaderLength = 44;

    private const int FormatLength = 16;
    private const ushort Pcm = 1;
    private const ushort Extensible = 0xFFFE;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file) => file.Length >= 12
        && (file.StartsWith("RIFF"u8) || file.StartsWith("RF64"u8)) && file[8..].StartsWith("WAVE"u8);

    /// <inheritdoc/>
    public override bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out MediaSamples? samples,
        [NotNullWhen(false)] out string? problem)
    {
        samples = null;
        ReadOnlySpan<byte> bytes = file.Span;
        ReadOnlySpan<byte> format = [];
        problem = "it has no format chunk before its data";
        for (int at = 12; at <= bytes.Length - 8;)
        {
            ReadOnlySpan<byte> name = bytes.Slice(at, 4);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            int start = at + 8;
            if (name.SequenceEqual("data"u8))
            {
                return format.Length >= FormatLength && TryReadData(bytes, format, start, size, out samples,
                    out problem);
            }

            if (size > bytes.Length - start)
            {
                break;
            }

            format = name.SequenceEqual("fmt "u8) ? bytes.Slice(start, (int)size) : format;
            at = start + (int)size + (int)(size & 1);
        }

        problem = "it has no data chunk";
        return false;
    }

    /// <summary>A WAV with these samples.</summary>
    public static byte[] Write(MediaSamples samples)
    {
        int each = (samples.BitDepth + 7) / 8;
        byte[] data = SampleBytes.Of(samples.Sound, samples.BitDepth);
        for (int i = 0; each == 1 && i < data.Length; i++)
        {
            data[i] ^= 0x80;
        }

        byte[] file = new byte[HeaderLength + data.Length + (data.Length & 1)];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), FormatLength);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(20), Pcm);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(22), (ushort)samples.Planes);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), samples.Rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), samples.Rate * samples.Planes * each);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(32), (ushort)(samples.Planes * each));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(34), (ushort)(8 * each));
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), data.Length);
        data.CopyTo(file, HeaderLength);
        return file;
    }

    private static bool TryReadData(ReadOnlySpan<byte> file, ReadOnlySpan<byte> format, int start, uint size,
        [NotNullWhen(true)] out MediaSamples? samples, [NotNullWhen(false)] out string? problem)
    {
        samples = null;
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(format);
        tag = tag == Extensible && format.Length >= 26 ? BinaryPrimitives.ReadUInt16LittleEndian(format[24..]) : tag;
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int frame = BinaryPrimitives.ReadUInt16LittleEndian(format[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (tag != Pcm || bits is not (8 or 16 or 24) || channels is < 1 or > MediaLimits.MaxChannels
            || frame != channels * bits / 8 || rate > int.MaxValue)
        {
            problem = "it is not PCM of 8, 16 or 24 bits with up to 8 channels";
            return false;
        }

        // A size that says more than there is, as of a recording that was broken off, means the rest of the file.
        int length = (int)Math.Min(size, file.Length - start) / frame * frame;
        if (length == 0)
        {
            problem = "it has no samples";
            return false;
        }

        problem = null;
        Skeleton skeleton = new() { IsBigEndian = false, IsTurned = bits == 8, Runs = [(start, length)] };
        samples = skeleton.Read(file, new MediaSamples
        {
            Kind = MediaKind.Sound,
            Width = length / frame,
            Planes = channels,
            BitDepth = bits,
            Rate = (int)rate,
            SamplesWrapper = [(byte)WrapperKind.Wave],
            FileWrapper = skeleton.ToWrapper(file),
        });
        return true;
    }
}
