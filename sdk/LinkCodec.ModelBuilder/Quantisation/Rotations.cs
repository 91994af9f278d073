using System.Numerics;
using LinkCodec.Core.Primitives;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace LinkCodec.ModelBuilder.Quantisation;

/// <summary>
/// Orthogonal matrices that spread a few large numbers of a row over all of it, so that few bits do for each.
/// </summary>
/// <remarks>
/// The rotations follow QuaRot (Ashkboos et al., 2024, arXiv:2404.00456) and SpinQuant (Liu et al., 2024,
/// arXiv:2405.16406).
/// </remarks>
internal static class Rotations
{
    /// <summary>
    /// A random orthogonal matrix, row after row. Takes time with the cube of its size: 0.3 s for 576 rows, some 10 s
    /// for 2,048.
    /// </summary>
    internal static float[] Random(int size, RandomSource random)
    {
        // A normal distribution would make every orthogonal matrix equally likely. Sums of a few uniform numbers come
        // near enough.
        DenseMatrix matrix = DenseMatrix.Create(size, size,
            (_, _) => Uniform(random) + Uniform(random) + Uniform(random) + Uniform(random));
        double[] columns = matrix.QR(QRMethod.Full).Q.ToColumnMajorArray();
        float[] result = new float[size * size];
        for (int i = 0; i < columns.Length; i++)
        {
            result[i] = (float)columns[i]; // this stores the transpose, which is as orthogonal and as random
        }

        return result;
    }

    /// <summary>
    /// A matrix for the values of a layer's heads, row after row: Hadamard's with random signs where there is one of
    /// that size (a power of two), otherwise any.
    /// </summary>
    internal static float[] ForHead(int width, RandomSource random)
    {
        if (!BitOperations.IsPow2(width))
        {
            return Random(width, random);
        }

        float[] result = new float[width * width];
        float size = 1 / (float)Math.Sqrt(width);
        for (int column = 0; column < width; column++)
        {
            float signed = (random.NextUInt64() & 1) == 0 ? size : -size;
            for (int row = 0; row < width; row++)
            {
                // Sylvester's construction: the sign is the parity of the bits that both indices have.
                result[(row * width) + column] =
                    (BitOperations.PopCount((uint)(row & column)) & 1) == 0 ? signed : -signed;
            }
        }

        return result;
    }

    // -0.5 to 0.5
    private static double Uniform(RandomSource random) => (random.NextUInt64() >> 11) * (1.0 / (1L << 53)) - 0.5;
}
