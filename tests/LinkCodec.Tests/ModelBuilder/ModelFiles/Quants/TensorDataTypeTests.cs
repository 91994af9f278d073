using LinkCodec.ModelBuilder.ModelFiles.Quants;
using LinkCodec.ModelBuilder.Training;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.ModelFiles.Quants;

/// <summary>
/// Blocks that the test packs number by number, after the format's definition, are read as scale * q + shift.
/// </summary>
public sealed class TensorDataTypeTests
{
    private const float Scale = 0.375f;
    private const float Least = -2.5f;

    [Theory]
    [InlineData("F32", new byte[] { 0, 0, 0x20, 0xC0 }, -2.5f)]
    [InlineData("F16", new byte[] { 0x00, 0xC1 }, -2.5f)]
    [InlineData("F16", new byte[] { 0x01, 0x00 }, 5.9604645e-8f)]
    [InlineData("BF16", new byte[] { 0x20, 0xC0 }, -2.5f)]
    public void Plain_numbers_are_read_by_their_bits(string type, byte[] bytes, float expected)
    {
        TensorDataType format = TensorDataType.OfSafetensors(type)!;
        Assert.Equal(expected, Assert.Single(Read(format, bytes)));
        Assert.Equal([expected, expected], Read(format, [.. bytes, .. bytes]));
    }

    [Fact]
    public void A_hand_made_block_of_four_bits_has_the_low_halves_first()
    {
        // Scale 2 (0x4000), then 0x1F: number 0 is 15, number 16 is 1; all other bytes 0x88: 8.
        byte[] block = [0x00, 0x40, 0x1F, .. Enumerable.Repeat((byte)0x88, 15)];
        float[] expected = new float[32];
        (expected[0], expected[16]) = (14, -14);
        Assert.Equal(expected, Read(TensorDataType.OfGguf(2)!, block));
    }

    [Theory]
    [InlineData(2u, 4, 8, false)]
    [InlineData(3u, 4, 0, true)]
    [InlineData(6u, 5, 16, false)]
    [InlineData(7u, 5, 0, true)]
    public void Small_blocks_are_a_scale_times_an_integer_and_perhaps_a_least_value(uint type, int bits, int middle,
        bool hasLeast)
    {
        int[] q = Draw(64, 1 << bits);
        byte[] blocks = [.. q.Chunk(32).SelectMany(block => PackSmall(block, bits, hasLeast))];
        Assert.Equal(q.Select(value => (Scale * (value - middle)) + (hasLeast ? Least : 0)),
            Read(TensorDataType.OfGguf(type)!, blocks));
    }

    [Fact]
    public void Blocks_of_bytes_are_a_scale_times_a_signed_byte()
    {
        int[] q = Draw(64, 256);
        byte[] blocks = [.. q.Chunk(32)
            .SelectMany(block => (byte[])[.. Half(Scale), .. block.Select(value => (byte)value)])];
        Assert.Equal(q.Select(value => Scale * (sbyte)value), Read(TensorDataType.OfGguf(8)!, blocks));
    }

    [Theory]
    [InlineData(12u, 4)]
    [InlineData(13u, 5)]
    public void Super_blocks_have_a_scale_and_a_shift_for_each_part_of_32(uint type, int bits)
    {
        int[] q = Draw(512, 1 << bits);
        int[] scales = Draw(16, 64);
        int[] shifts = [.. Draw(17, 64).Skip(1)];
        byte[] blocks = [.. Pack(0), .. Pack(1)];
        Assert.Equal(q.Select((value, i) => (Scale * scales[i / 32] * value) - (0.25f * shifts[i / 32])),
            Read(TensorDataType.OfGguf(type)!, blocks));

        byte[] Pack(int block)
        {
            byte[] packed = new byte[12];
            for (int i = 0; i < 4; i++)
            {
                (int low, int high) = (scales[(8 * block) + i], scales[(8 * block) + i + 4]);
                (int lowShift, int highShift) = (shifts[(8 * block) + i], shifts[(8 * block) + i + 4]);
                packed[i] = (byte)(low + ((high >> 4) * 64));
                packed[i + 4] = (byte)(lowShift + ((highShift >> 4) * 64));
                packed[i + 8] = (byte)((high % 16) + (highShift % 16 * 16));
            }

            byte[] fifths = new byte[bits == 5 ? 32 : 0];
            byte[] fours = new byte[128];
            for (int i = 0; i < 256; i++)
            {
                int value = q[(256 * block) + i];
                fours[(i / 64 * 32) + (i % 32)] += (byte)(value % 16 * (i / 32 % 2 == 0 ? 1 : 16));
                if (bits == 5)
                {
                    fifths[i % 32] += (byte)((value >> 4) << (i / 32));
                }
            }

            return [.. Half(Scale), .. Half(0.25f), .. packed, .. fifths, .. fours];
        }
    }

    [Fact]
    public void Super_blocks_of_six_bits_have_a_signed_scale_for_each_part_of_16()
    {
        int[] q = Draw(512, 64);
        int[] scales = Draw(32, 256);
        byte[] blocks = [.. Pack(0), .. Pack(1)];
        Assert.Equal(q.Select((value, i) => Scale * (sbyte)scales[i / 16] * (value - 32)),
            Read(TensorDataType.OfGguf(14)!, blocks));

        byte[] Pack(int block)
        {
            byte[] low = new byte[128];
            byte[] high = new byte[64];
            for (int half = 0; half < 2; half++)
            {
                for (int i = 0; i < 32; i++)
                {
                    int first = (256 * block) + (128 * half) + i;
                    (int a, int b, int c, int d) = (q[first], q[first + 32], q[first + 64], q[first + 96]);
                    low[(64 * half) + i] = (byte)((a % 16) + (c % 16 * 16));
                    low[(64 * half) + i + 32] = (byte)((b % 16) + (d % 16 * 16));
                    high[(32 * half) + i] = (byte)((a / 16) + (b / 16 * 4) + (c / 16 * 16) + (d / 16 * 64));
                }
            }

            return [.. low, .. high, .. scales.Skip(16 * block).Take(16).Select(scale => (byte)scale), .. Half(Scale)];
        }
    }

    private static byte[] PackSmall(int[] block, int bits, bool hasLeast)
    {
        uint fifths = 0;
        byte[] pairs = new byte[16];
        for (int i = 0; i < 32; i++)
        {
            pairs[i % 16] += (byte)(block[i] % 16 * (i < 16 ? 1 : 16));
            fifths += (uint)(block[i] / 16) << i;
        }

        return [.. Half(Scale), .. hasLeast ? Half(Least) : [],
            .. bits == 5 ? BitConverter.GetBytes(fifths) : [], .. pairs];
    }

    private static byte[] Half(float number) => BitConverter.GetBytes((Half)number);

    private static int[] Draw(int count, int limit)
    {
        TestRandom random = new((ulong)count);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(limit))];
    }

    private static float[] Read(TensorDataType format, byte[] bytes)
    {
        float[] numbers = new float[bytes.Length / format.BlockLength * format.BlockCount];
        format.Read(bytes, numbers);
        return numbers;
    }
}
