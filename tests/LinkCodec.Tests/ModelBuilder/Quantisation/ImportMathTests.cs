using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.ModelFiles;
using LinkCodec.ModelBuilder.Quantisation;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.ModelBuilder.Quantisation;

/// <summary>The importer's arithmetic against plain loops.</summary>
public sealed class ImportMathTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 7)]
    [InlineData(4, 16, 16)]
    [InlineData(130, 33, 65)]
    public void A_product_is_that_of_the_textbook(int rows, int inner, int columns)
    {
        TestRandom random = new(3);
        float[] left = Numbers(random, rows * inner);
        float[] right = Numbers(random, inner * columns);
        float[] product = new float[rows * columns];
        new MatrixProduct(right, inner).Multiply(left, rows, product);
        for (int i = 0; i < product.Length; i++)
        {
            double expected = Enumerable.Range(0, inner)
                .Sum(k => (double)left[(i / columns * inner) + k] * right[(k * columns) + (i % columns)]);
            Assert.Equal(expected, product[i], 1e-5);
        }
    }

    [Fact]
    public void A_product_refuses_less_room_than_it_needs()
    {
        MatrixProduct product = new(new float[6], 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => product.Multiply(new float[3], 2, new float[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => product.Multiply(new float[4], 2, new float[5]));
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(70, 33)]
    public void A_transpose_swaps_rows_and_columns(int rows, int columns)
    {
        float[] matrix = Numbers(new TestRandom(4), rows * columns);
        float[] transposed = new float[matrix.Length];
        Matrices.Transpose(matrix, columns, transposed);
        Assert.All(Enumerable.Range(0, matrix.Length),
            i => Assert.Equal(matrix[i], transposed[(i % columns * rows) + (i / columns)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(64)]
    public void A_rotation_is_orthogonal_repeats_itself_and_mixes_everything(int size)
    {
        foreach (Func<int, RandomSource, float[]> make in (Func<int, RandomSource, float[]>[])[Rotations.Random,
            Rotations.ForHead])
        {
            float[] matrix = make(size, RandomSource.FromSeed(5));
            Assert.Equal(matrix, make(size, RandomSource.FromSeed(5)));
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++)
                {
                    double product = Enumerable.Range(0, size)
                        .Sum(k => (double)matrix[(i * size) + k] * matrix[(j * size) + k]);
                    Assert.Equal(i == j ? 1 : 0, product, 1e-5);
                }
            }

            Assert.True(size == 1 || matrix.Max(Math.Abs) < 0.9f);
        }
    }

    [Fact]
    public void A_head_of_a_power_of_two_is_rotated_by_equal_magnitudes() =>
        Assert.All(Rotations.ForHead(16, RandomSource.FromSeed(6)), number => Assert.Equal(0.25f, Math.Abs(number)));

    [Theory]
    [InlineData(1, 1, 127)]
    [InlineData(50, 13, 63)]
    [InlineData(300, 24, 127)]
    public void Columns_take_the_clip_of_least_squared_error(int rows, int columns, int limit)
    {
        float[] weights = Numbers(new TestRandom(7), rows * columns);
        weights[0] *= 5; // an outlier that is worth cutting
        sbyte[] bytes = new sbyte[weights.Length];
        float[] scales = new float[columns];
        WeightQuantiser.Columns(weights, columns, ..(columns / 2), limit, bytes, scales);
        WeightQuantiser.Columns(weights, columns, (columns / 2).., limit, bytes, scales);
        for (int column = 0; column < columns; column++)
        {
            float[] numbers = [.. Enumerable.Range(0, rows).Select(row => weights[(row * columns) + column])];
            double least = new[] { 1f, 0.95f, 0.9f, 0.85f, 0.8f, 0.75f, 0.7f }
                .Min(clip => Plain(numbers, numbers.Max(Math.Abs) * clip / limit, limit).Error);
            (int[] plain, double error) = Plain(numbers, scales[column], limit);
            Assert.Equal(least, error, (least * 1e-4) + 1e-12);
            Assert.All(Enumerable.Range(0, rows),
                row => Assert.InRange(bytes[(row * columns) + column] - plain[row], -1, 1));
            double own = numbers
                .Select((number, row) => Square((bytes[(row * columns) + column] * scales[column]) - number)).Sum();
            Assert.Equal(least, own, (least * 1e-4) + 1e-12);
        }
    }

    [Fact]
    public void Columns_of_zeros_and_of_one_large_number_stay_what_they_are()
    {
        float[] weights = new float[2 * 9];
        weights[4] = -3;
        sbyte[] bytes = new sbyte[weights.Length];
        float[] scales = new float[9];
        WeightQuantiser.Columns(weights, 9, .., 127, bytes, scales);
        Assert.Equal(-3, bytes[4] * scales[4], 1e-6);
        Assert.All(bytes.Where((_, i) => i != 4), value => Assert.Equal(0, value));
        Assert.All(scales, scale => Assert.True(scale > 0));
    }

    [Fact]
    public void Rows_keep_their_largest_number()
    {
        float[] weights = Numbers(new TestRandom(8), 40);
        Array.Clear(weights, 20, 20);
        sbyte[] bytes = new sbyte[40];
        float[] scales = new float[2];
        WeightQuantiser.Rows(weights, 20, bytes, scales);
        Assert.Equal(127, bytes.Max(value => Math.Abs((int)value)));
        Assert.All(Enumerable.Range(0, 20),
            i => Assert.Equal(weights[i], bytes[i] * scales[0], (scales[0] / 2) + 1e-6));
        Assert.All(bytes.Skip(20), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Tables_hold_their_functions()
    {
        float[] softmax = LookupTables.Softmax();
        Assert.Equal((127 * 128f, 5980f, 0f), (softmax[0], softmax[64], softmax[1023]));
        float[] silu = LookupTables.ActivationFactors(Activation.Silu, 12);
        Assert.Equal((1537, 0.5f, 1f), (silu.Length, silu[768], silu[0] + silu[^1]));
        Assert.Equal(0.841345, LookupTables.ActivationFactors(Activation.Gelu, 12)[768 + 64], 1e-6);
        Assert.Equal(0.841192, LookupTables.ActivationFactors(Activation.GeluTanh, 12)[768 + 64], 1e-6);
        (float[] cosines, float[] sines) = LookupTables.Rotary(3, 4, 100);
        Assert.Equal([1, 1, 1, 1], cosines[..4]);
        Assert.Equal(Math.Cos(2 * 0.1), cosines[2 * 4 + 1], 1e-6);
        Assert.Equal(Math.Sin(2), sines[(2 * 4) + 2], 1e-6);
        Assert.Equal(-Math.Sin(2), sines[2 * 4], 1e-6);
    }

    private static (int[] Bytes, double Error) Plain(float[] numbers, double scale, int limit)
    {
        int[] bytes = [.. numbers.Select(number => (int)Math.Clamp(Math.Round(number / scale), -limit, limit))];
        return (bytes, bytes.Select((value, i) => Square((value * scale) - numbers[i])).Sum());
    }

    private static double Square(double number) => number * number;

    private static float[] Numbers(TestRandom random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.Next(2001) - 1000) / 1000f)];
}
