using LinkCodec.Core.Erasure;
using LinkCodec.Core.Primitives;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace LinkCodec.Tests.Erasure;

public sealed class GaloisFieldTests
{
    private delegate int Kernel(Span<byte> target, ReadOnlySpan<byte> source, byte factor);

    [Fact]
    public void Products_are_those_of_polynomials()
    {
        for (int a = 0; a < 256; a++)
        {
            for (int b = 0; b < 256; b++)
            {
                Assert.Equal(Slow(a, b), GaloisField.Multiply((byte)a, (byte)b));
            }

            Assert.True(a == 0 || GaloisField.Multiply((byte)a, GaloisField.Invert((byte)a)) == 1);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(100)]
    [InlineData(1201)]
    public void Rows_of_this_length_are_multiplied_alike_whatever_the_processor_has(int length)
    {
        RandomSource random = RandomSource.FromSeed(0xE1);
        byte[] source = new byte[length], start = new byte[length];
        for (int factor = 0; factor < 256; factor++)
        {
            random.Fill(source);
            random.Fill(start);
            byte[] expected = [.. start.Select((t, i) => (byte)(t ^ Slow(factor, source[i])))];
            byte[] added = [.. start];
            GaloisField.AddProduct(added, source, (byte)factor);
            Assert.Equal(expected, added);
            AssertKernel(Vector256.IsHardwareAccelerated, GaloisField.AddByWideShuffle);
            AssertKernel(Vector128.IsHardwareAccelerated, GaloisField.AddByShuffle);
            AssertKernel(Gfni.V256.IsSupported, GaloisField.AddByMatrix);
            void AssertKernel(bool isThere, Kernel kernel)
            {
                byte[] target = [.. start];
                int done = isThere ? kernel(target, source, (byte)factor) : 0;
                GaloisField.AddByTable(target.AsSpan(done), source.AsSpan(done), (byte)factor);
                Assert.Equal(expected, target);
            }
        }
    }

    [Fact]
    public void A_row_is_scaled_in_its_place()
    {
        byte[] row = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        GaloisField.Scale(row, 0x53);
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (byte)Slow(0x53, i)), row);
    }

    [Fact]
    [Spec("15.2-3")]
    public void The_generator_gives_the_values_of_RFC_8682()
    {
        TinyMersenneTwister generator = new(1);
        uint[] values = [generator.Next(), generator.Next(), generator.Next(), generator.Next(), generator.Next()];
        Assert.Equal([2545341989, 981918433, 3715302833, 2387538352, 3591001365], values);
    }

    private static int Slow(int a, int b)
    {
        int product = 0;
        for (; b > 0; b >>= 1)
        {
            product ^= (b & 1) != 0 ? a : 0;
            a = (a << 1) ^ ((a & 0x80) != 0 ? 0x11D : 0);
        }

        return product;
    }
}
