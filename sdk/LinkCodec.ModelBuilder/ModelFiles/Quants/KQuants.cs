using System.Buffers.Binary;

namespace LinkCodec.ModelBuilder.ModelFiles.Quants;

/// <summary>GGUF's blocks of 256 numbers, whose parts have small integer scales of their own ("K quants").</summary>
internal static class KQuants
{
    private const int Count = 256;
    private const int PartCount = 32;
    private const int ScalesAt = 4;
    private const int BitsAt = 16;

    /// <summary>Q4_K: scale * scale of the part * q - step * shift of the part; 8 parts of 32.</summary>
    internal static void Q4_K(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (; !numbers.IsEmpty; blocks = blocks[144..], numbers = numbers[Count..])
        {
            Parts(blocks, [], blocks[BitsAt..], numbers);
        }
    }

    /// <summary>Q5_K: as Q4_K, with 256 fifth bits: bit p of byte i belongs to number i of part p.</summary>
    internal static void Q5_K(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (; !numbers.IsEmpty; blocks = blocks[176..], numbers = numbers[Count..])
        {
            Parts(blocks, blocks.Slice(BitsAt, PartCount), blocks[(BitsAt + PartCount)..], numbers);
        }
    }

    /// <summary>
    /// Q6_K: scale * signed scale of 16 numbers * (q - 32); first the low 4 bits, then the high 2, then 16 scales, then
    /// the scale of all.
    /// </summary>
    internal static void Q6_K(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (; !numbers.IsEmpty; blocks = blocks[210..], numbers = numbers[Count..])
        {
            ReadOnlySpan<byte> scales = blocks[192..208];
            float scale = Number(blocks[208..]);
            for (int i = 0; i < Count; i++)
            {
                // Each half of 128 has 64 bytes of low bits and 32 of high bits; a byte holds numbers 64 apart (low)
                // and 32 apart (high).
                int half = i / 128;
                int inHalf = i % 128;
                int low = (blocks[(64 * half) + (inHalf % 64)] >> (4 * (inHalf / 64))) & 15;
                int high = (blocks[128 + (32 * half) + (inHalf % 32)] >> (2 * (inHalf / 32))) & 3;
                numbers[i] = scale * (sbyte)scales[i / 16] * ((low | (high << 4)) - 32);
            }
        }
    }

    private static void Parts(ReadOnlySpan<byte> block, ReadOnlySpan<byte> fifths, ReadOnlySpan<byte> fours,
        Span<float> numbers)
    {
        float scale = Number(block);
        float step = Number(block[2..]);
        ReadOnlySpan<byte> packed = block.Slice(ScalesAt, 12);
        for (int part = 0; part < Count / PartCount; part++)
        {
            (int partScale, int partShift) = Unpack(packed, part);
            float factor = scale * partScale;
            float shift = step * partShift;

            // Two parts share 32 bytes: the even one has the low halves.
            ReadOnlySpan<byte> pairs = fours.Slice(part / 2 * PartCount, PartCount);
            int by = 4 * (part % 2);
            for (int i = 0; i < PartCount; i++)
            {
                int fifth = fifths.IsEmpty ? 0 : ((fifths[i] >> part) & 1) << 4;
                numbers[(part * PartCount) + i] = (factor * (((pairs[i] >> by) & 15) | fifth)) - shift;
            }
        }
    }

    // Twelve bytes hold 8 scales and 8 shifts of 6 bits: the first four of each in the low bits of bytes 0-3 and 4-7,
    // whose upper two bits complete the last four, in bytes 8-11.
    private static (int Scale, int Shift) Unpack(ReadOnlySpan<byte> packed, int part) => part < 4
        ? (packed[part] & 63, packed[part + 4] & 63)
        : ((packed[part + 4] & 15) | (packed[part - 4] >> 6 << 4), (packed[part + 4] >> 4) | (packed[part] >> 6 << 4));

    private static float Number(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);
}
