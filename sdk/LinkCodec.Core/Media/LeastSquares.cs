using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.Media;

/// <summary>
/// Weighted least squares: sums of products of a few inputs and a target, and the weights that predict the target best
/// by them, from a Cholesky decomposition.
/// </summary>
/// <remarks>
/// <para>This is the one class of the room that computes in floating point. It is exact on every machine because each
/// element goes through the same IEEE double additions, multiplications, divisions and square roots in the same order:
/// vectors only hold several elements side by side, no sum is taken across a vector, and nothing is fused.</para>
/// <para>Sums are the packed rows of a lower triangle, each row padded to whole vectors; the last row holds the
/// products with the target. The padding holds numbers that nobody reads.</para>
/// </remarks>
internal sealed class LeastSquares
{
    private const int Lanes = 4;
    private const double LeastPivot = 1e-3;

    private readonly int _inputs;
    private readonly int _stride;
    private readonly double[] _matrix;
    private readonly double[] _column;
    private readonly double[] _inverses;
    private readonly double[] _solution;
    private readonly double[] _weights;
    private readonly double[] _values;

    /// <summary>Least squares over a number of inputs.</summary>
    internal LeastSquares(int inputs)
    {
        _inputs = inputs;
        _stride = Padded(inputs + 1);
        _matrix = new double[(inputs + 1) * _stride];
        _column = new double[_stride];
        _inverses = new double[_stride];
        _solution = new double[_stride];
        _weights = new double[_stride];
        _values = new double[_stride];
        SumLength = Start(inputs + 1);
    }

    /// <summary>The length of an array of sums.</summary>
    internal int SumLength { get; }

    /// <summary>Multiplies sums by <paramref name="numerator"/> / 65,536.</summary>
    internal static void Decay(Span<double> sums, int numerator)
    {
        double by = numerator / 65536.0;
        foreach (ref Vector256<double> part in MemoryMarshal.Cast<double, Vector256<double>>(sums))
        {
            part *= by;
        }
    }

    /// <summary>
    /// Makes <paramref name="running"/> the sums of all places up to one: what it was, decayed, and
    /// <paramref name="here"/>; and stores it in <paramref name="target"/>.
    /// </summary>
    internal static void RunForward(Span<double> running, ReadOnlySpan<double> here, Span<double> target, int numerator)
    {
        double by = numerator / 65536.0;
        Span<Vector256<double>> sums = MemoryMarshal.Cast<double, Vector256<double>>(running);
        ReadOnlySpan<Vector256<double>> added = MemoryMarshal.Cast<double, Vector256<double>>(here);
        Span<Vector256<double>> result = MemoryMarshal.Cast<double, Vector256<double>>(target);
        for (int i = 0; i < sums.Length; i++)
        {
            Vector256<double> sum = (sums[i] * by) + added[i];
            sums[i] = sum;
            result[i] = sum;
        }
    }

    /// <summary>
    /// Adds to <paramref name="target"/> the sums of all places after one, and takes the place itself into
    /// <paramref name="running"/>.
    /// </summary>
    internal static void RunBack(Span<double> running, ReadOnlySpan<double> here, Span<double> target, int numerator)
    {
        double by = numerator / 65536.0;
        Span<Vector256<double>> sums = MemoryMarshal.Cast<double, Vector256<double>>(running);
        ReadOnlySpan<Vector256<double>> added = MemoryMarshal.Cast<double, Vector256<double>>(here);
        Span<Vector256<double>> result = MemoryMarshal.Cast<double, Vector256<double>>(target);
        for (int i = 0; i < sums.Length; i++)
        {
            result[i] += sums[i];
            sums[i] = (sums[i] + added[i]) * by;
        }
    }

    /// <summary>Takes the inputs and the target whose products <see cref="Add"/> adds.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="target">What the inputs should have predicted.</param>
    internal void Load(ReadOnlySpan<int> inputs, int target)
    {
        for (int i = 0; i < _inputs; i++)
        {
            _values[i] = inputs[i];
        }

        _values[_inputs] = target;
    }

    /// <summary>Adds the products of the inputs and the target to sums.</summary>
    internal void Add(Span<double> sums) // spec 13.3-1
    {
        Span<Vector256<double>> values = MemoryMarshal.Cast<double, Vector256<double>>(_values.AsSpan());
        Span<Vector256<double>> rows = MemoryMarshal.Cast<double, Vector256<double>>(sums);
        int at = 0;
        for (int row = 0; row <= _inputs; row++)
        {
            double value = _values[row];
            int length = (row / Lanes) + 1;
            for (int i = 0; i < length; i++)
            {
                rows[at + i] += values[i] * value;
            }

            at += length;
        }
    }

    /// <summary>Solves for the weights by the sum of two sums. Where it has no stable solution, the former weights
    /// stay.</summary>
    /// <param name="first">Sums.</param>
    /// <param name="second">Other sums, or an array of zeros.</param>
    /// <param name="ridge">What is added to the diagonal.</param>
    internal void Solve(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int ridge) // spec 13.3-2
    {
        Unpack(first, second, ridge);
        Span<double> column = _column;
        for (int k = 0; k < _inputs; k++)
        {
            double pivot = _matrix[(k * _stride) + k];
            if (!(pivot > LeastPivot))
            {
                return;
            }

            double inverse = 1 / Math.Sqrt(pivot);
            _inverses[k] = inverse;
            // Zeros before the diagonal leave the finished columns of a vector as they are.
            column[..(k + 1)].Clear();
            for (int row = k + 1; row <= _inputs; row++)
            {
                column[row] = _matrix[(row * _stride) + k] * inverse;
            }

            Eliminate(k);
        }

        Substitute();
    }

    /// <summary>What the weights predict for these inputs.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="scale">Units of the result for one unit of the input.</param>
    /// <param name="least">The least result.</param>
    /// <param name="most">The largest result.</param>
    internal int Predict(ReadOnlySpan<int> inputs, int scale, int least, int most) // spec 13.3-3
    {
        double sum = 0;
        for (int i = 0; i < _inputs; i++)
        {
            sum += _weights[i] * inputs[i];
        }

        sum = Math.Floor((sum * scale) + 0.5);
        if (!(sum > least))
        {
            return least;
        }

        return sum < most ? (int)sum : most;
    }

    private static int Padded(int length) => (length + Lanes - 1) / Lanes * Lanes;

    // Where a packed row starts, in elements.
    private static int Start(int row)
    {
        int whole = row / Lanes;
        return Lanes * ((Lanes * whole * (whole + 1) / 2) + (row % Lanes * (whole + 1)));
    }

    private void Unpack(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int ridge)
    {
        ReadOnlySpan<Vector256<double>> a = MemoryMarshal.Cast<double, Vector256<double>>(first);
        ReadOnlySpan<Vector256<double>> b = MemoryMarshal.Cast<double, Vector256<double>>(second);
        Span<Vector256<double>> matrix = MemoryMarshal.Cast<double, Vector256<double>>(_matrix.AsSpan());
        int at = 0;
        for (int row = 0; row <= _inputs; row++)
        {
            Span<Vector256<double>> target = matrix.Slice(row * (_stride / Lanes), (row / Lanes) + 1);
            for (int i = 0; i < target.Length; i++, at++)
            {
                target[i] = a[at] + b[at];
            }
        }

        for (int i = 0; i < _inputs; i++)
        {
            _matrix[(i * _stride) + i] += ridge;
        }
    }

    // Takes column k out of the rows below it.
    private void Eliminate(int k)
    {
        Span<Vector256<double>> column = MemoryMarshal.Cast<double, Vector256<double>>(_column.AsSpan());
        Span<Vector256<double>> matrix = MemoryMarshal.Cast<double, Vector256<double>>(_matrix.AsSpan());
        int first = (k + 1) / Lanes;
        for (int row = k + 1; row <= _inputs; row++)
        {
            double factor = _column[row];
            _matrix[(row * _stride) + k] = factor;
            Span<Vector256<double>> target = matrix.Slice((row * (_stride / Lanes)) + first, (row / Lanes) + 1 - first);
            Span<Vector256<double>> taken = column.Slice(first, target.Length);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] -= taken[i] * factor;
            }
        }
    }

    // The last row of the matrix has become the solution of the lower triangle.
    private void Substitute()
    {
        _matrix.AsSpan(_inputs * _stride, _inputs).CopyTo(_solution);
        for (int row = _inputs - 1; row >= 0; row--)
        {
            double weight = _solution[row] * _inverses[row];
            _weights[row] = weight;
            ReadOnlySpan<double> factors = _matrix.AsSpan(row * _stride, row);
            for (int i = 0; i < factors.Length; i++)
            {
                _solution[i] -= factors[i] * weight;
            }
        }
    }
}
