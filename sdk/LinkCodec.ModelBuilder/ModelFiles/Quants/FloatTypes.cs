using System.Buffers.Binary;

namespace LinkCodec.ModelBuilder.ModelFiles.Quants;

/// <summary>Numbers that stand alone.</summary>
internal static class FloatTypes
{
    /// <summary>IEEE 754 single precision.</summary>
    internal static void Float32(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(blocks[(4 * i)..]);
        }
    }

    /// <summary>IEEE 754 half precision.</summary>
    internal static void Float16(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(blocks[(2 * i)..]);
        }
    }

    /// <summary>The upper half of a single.</summary>
    internal static void BFloat16(ReadOnlySpan<byte> blocks, Span<float> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BitConverter.UInt32BitsToSingle(
                (uint)BinaryPrimitives.ReadUInt16LittleEndian(blocks[(2 * i)..]) << 16);
        }
    }
}
