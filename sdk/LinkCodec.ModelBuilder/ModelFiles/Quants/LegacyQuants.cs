using System.Buffers.Binary;

namespace LinkCodec.ModelBuilder.ModelFiles.Quants;

/// <summary>
/// GGUF's blocks of 32 numbers: a scale in half precision, perhaps a least value, perhaps 32 fifth bits, then the low 4
/// bits (or 8) of each number.
/// </summary>
/// <remarks>
/// A byte of low bits holds number i below and number i + 16 above. Products and sums are rounded to single precision,
/// one after the other.
/// </remarks>
internal static class LegacyQuants
{
    private const int Count = 32;
    private const int Half = Count / 2;

    /// <summary>Q4_0: scale * (q - 8).</summary>
    internal static void Q4_0(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (; !numbers.IsEmpty; blocks = blocks[18..], numbers = numbers[Count..])
        {
            float scale = Number(blocks);
            for (int i = 0; i < Half; i++)
            {
                int pair = blocks[2 + i];
                numbers[i] = scale * ((pair & 15) - 8);
                numbers[i + Half] = scale * ((pair >> 4) - 8);
            }
        }
    }

    /// <summary>Q4_1: scale * q + least.</summary>
    internal static void Q4_1(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (; !numbers.IsEmpty; blocks = blocks[20..], numbers = numbers[Count..])
        {
            float scale = Number(blocks);
            float least = Number(blocks[2..]);
            for (int i = 0; i < Half; i++)
            {
                int pair = blocks[4 + i];
                numbers[i] = (scale * (pair & 15)) + least;
                numbers[i + Half] = (scale * (pair >> 4)) + least;
            }
        }
    }

    /// <summary>Q5_0: scale * (q - 16), where bit i of 32 is number i's fifth.</summary>
    internal static void Q5_0(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (; !numbers.IsEmpty; blocks = blocks[22..], numbers = numbers[Count..])
        {
            float scale = Number(blocks);
            uint fifths = BinaryPrimitives.ReadUInt32LittleEndian(blocks[2..]);
            for (int i = 0; i < Half; i++)
            {
                int pair = blocks[6 + i];
                numbers[i] = scale * (((pair & 15) | Fifth(fifths, i)) - 16);
                numbers[i + Half] = scale * (((pair >> 4) | Fifth(fifths, i + Half)) - 16);
            }
        }
    }

    /// <summary>Q5_1: scale * q + least.</summary>
    internal static void Q5_1(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (; !numbers.IsEmpty; blocks = blocks[24..], numbers = numbers[Count..])
        {
            float scale = Number(blocks);
            float least = Number(blocks[2..]);
            uint fifths = BinaryPrimitives.ReadUInt32LittleEndian(blocks[4..]);
            for (int i = 0; i < Half; i++)
            {
                int pair = blocks[8 + i];
                numbers[i] = (scale * ((pair & 15) | Fifth(fifths, i))) + least;
                numbers[i + Half] = (scale * ((pair >> 4) | Fifth(fifths, i + Half))) + least;
            }
        }
    }

    /// <summary>Q8_0: scale times a signed byte.</summary>
    internal static void Q8_0(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (; !numbers.IsEmpty; blocks = blocks[34..], numbers = numbers[Count..])
        {
            float scale = Number(blocks);
            for (int i = 0; i < Count; i++)
            {
                numbers[i] = scale * (sbyte)blocks[2 + i];
            }
        }
    }

    private static float Number(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    private static int Fifth(uint fifths, int i) => (int)((fifths >> i) & 1) << 4;
}
