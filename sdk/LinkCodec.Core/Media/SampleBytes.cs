using System.Buffers.Binary;

namespace LinkCodec.Core.Media;

/// <summary>
/// Samples as the bytes of a carried form: as few whole bytes each as hold the bit depth, little-endian, those of
/// images unsigned and those of sound signed.
/// </summary>
internal static class SampleBytes
{
    /// <summary>The bytes of an image.</summary>
    internal static byte[] Of(SamplePlanes image)
    {
        int each = (image.BitDepth + 7) / 8;
        byte[] bytes = new byte[image.Samples.Length * each];
        Write(image.Samples, each, bytes);
        return bytes;
    }

    /// <summary>The bytes of sound.</summary>
    internal static byte[] Of(ReadOnlySpan<int> samples, int bitDepth)
    {
        int each = (bitDepth + 7) / 8;
        byte[] bytes = new byte[samples.Length * each];
        for (int i = 0; i < samples.Length; i++)
        {
            int value = samples[i];
            for (int at = i * each; at < (i + 1) * each; at++, value >>= 8)
            {
                bytes[at] = (byte)value;
            }
        }

        return bytes;
    }

    /// <summary>Writes samples of an image.</summary>
    internal static void Write(ReadOnlySpan<ushort> samples, int each, Span<byte> bytes)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (each == 1)
            {
                bytes[i] = (byte)samples[i];
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], samples[i]);
            }
        }
    }

    /// <summary>Reads samples of an image.</summary>
    internal static void Read(ReadOnlySpan<byte> bytes, int each, Span<ushort> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = each == 1 ? bytes[i] : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
        }
    }

    /// <summary>Reads samples of sound.</summary>
    internal static void Read(ReadOnlySpan<byte> bytes, int each, Span<int> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            int value = (sbyte)bytes[(i * each) + each - 1];
            for (int at = (i * each) + each - 2; at >= i * each; at--)
            {
                value = (value << 8) | bytes[at];
            }

            samples[i] = value;
        }
    }
}
