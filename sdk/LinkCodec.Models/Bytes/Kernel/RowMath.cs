using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>
/// The byte net's arithmetic on the values of one row, in float32 exactly as the graph's nodes do it, one after the
/// other.
/// </summary>
/// <remarks>
/// Each operation is one correctly rounded IEEE addition, subtraction, multiplication, division, root or rounding to
/// even; the compiler never joins two into one. The only sums are of integers that their type holds exactly, so that
/// vectors of any length add them up alike. Rows are padded with zeros to a multiple of <see cref="Pad"/>, and every
/// pass keeps those zero that a later pass reads. Spans are as long as the padded row, or longer.
/// </remarks>
internal static class RowMath
{
    /// <summary>
    /// Rows are padded to a multiple of this: four of the largest vectors of floats, which is one vector of bytes.
    /// </summary>
    internal const int Pad = 64;

    /// <summary>Levels on each side of 0 in rows of both signs.</summary>
    internal const float SignedLevels = 127;

    /// <summary>Levels above 0 in rows that are never negative.</summary>
    internal const float UnsignedLevels = 254;

    /// <summary>The least that counts as a row's largest magnitude.</summary>
    internal const float Tiny = 1e-6f;

    /// <summary>Logits are cut at this magnitude.</summary>
    internal const float LogitLimit = 131068;

    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization;

    /// <summary>A padded row's length.</summary>
    internal static int Padded(int length) => (length + Pad - 1) / Pad * Pad;

    /// <summary>Adds the product to x: its sums times the row's scale times the columns'.</summary>
    [MethodImpl(Hot)]
    internal static void AddProduct(Span<float> x, ReadOnlySpan<int> sums, float top, ReadOnlySpan<float> scale)
    {
        Check(x.Length, sums.Length, scale.Length);
        ref float values = ref MemoryMarshal.GetReference(x);
        ref int products = ref MemoryMarshal.GetReference(sums);
        ref float scales = ref MemoryMarshal.GetReference(scale);
        var tops = new Vector<float>(top);
        for (nuint i = 0; i < (nuint)x.Length; i += (nuint)Vector<float>.Count)
        {
            Vector<float> y = Vector.ConvertToSingle(Vector.LoadUnsafe(ref products, i)) * tops
                * Vector.LoadUnsafe(ref scales, i);
            (Vector.LoadUnsafe(ref values, i) + y).StoreUnsafe(ref values, i);
        }
    }

    /// <summary>
    /// The unit vector of x takes the place of the one before, and the values between both, by
    /// <paramref name="share"/>, are put out.
    /// </summary>
    /// <returns>The largest magnitude put out.</returns>
    [MethodImpl(Hot)]
    internal static float Shift(ReadOnlySpan<float> x, Span<float> before, ReadOnlySpan<float> share,
        Span<float> output)
    {
        Check(x.Length, before.Length, share.Length, output.Length);
        ref float values = ref MemoryMarshal.GetReference(x);
        ref float units = ref MemoryMarshal.GetReference(before);
        ref float shares = ref MemoryMarshal.GetReference(share);
        ref float outputs = ref MemoryMarshal.GetReference(output);
        Vector<double> lower = Vector<double>.Zero, upper = Vector<double>.Zero;
        for (nuint i = 0; i < (nuint)x.Length; i += (nuint)Vector<float>.Count)
        {
            Vector<float> v = Vector.LoadUnsafe(ref values, i);
            Vector.Widen(Vector.Round(v * v), out Vector<double> first, out Vector<double> second);
            lower += first;
            upper += second;
        }

        // Squares are whole numbers and their sum stays below 2^53: no order of adding them shows.
        var root = new Vector<float>((float)Math.Sqrt(Vector.Sum(lower + upper)));
        Vector<float> most = Vector<float>.Zero;
        for (nuint i = 0; i < (nuint)x.Length; i += (nuint)Vector<float>.Count)
        {
            Vector<float> unit = Vector.LoadUnsafe(ref values, i) / root;
            Vector<float> old = Vector.LoadUnsafe(ref units, i);
            Vector<float> y = old + ((unit - old) * Vector.LoadUnsafe(ref shares, i));
            unit.StoreUnsafe(ref units, i);
            y.StoreUnsafe(ref outputs, i);
            most = Vector.Max(most, Vector.Abs(y));
        }

        return Largest(most);
    }

    /// <summary>
    /// The gates: of three rows of sums z, c and g, the state moves by z of the way to c, and what g lets through is
    /// put out.
    /// </summary>
    /// <param name="sums">Three padded rows, one after the other.</param>
    /// <param name="top">The row's scale.</param>
    /// <param name="scale">The scale of each column of <paramref name="sums"/>.</param>
    /// <param name="bias">The bias of each column of <paramref name="sums"/>.</param>
    /// <param name="state">The state before, and then after.</param>
    /// <param name="output">Takes what is let through.</param>
    /// <returns>The largest magnitude put out.</returns>
    [MethodImpl(Hot)]
    internal static float Gate(ReadOnlySpan<int> sums, float top, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias,
        Span<float> state, Span<float> output)
    {
        Check(3 * state.Length, sums.Length, scale.Length, bias.Length);
        Check(state.Length, output.Length);
        ref int products = ref MemoryMarshal.GetReference(sums);
        ref float scales = ref MemoryMarshal.GetReference(scale);
        ref float biases = ref MemoryMarshal.GetReference(bias);
        ref float states = ref MemoryMarshal.GetReference(state);
        ref float outputs = ref MemoryMarshal.GetReference(output);
        nuint width = (nuint)state.Length;
        var tops = new Vector<float>(top);
        var half = new Vector<float>(.5f);
        Vector<float> most = Vector<float>.Zero;
        for (nuint i = 0; i < width; i += (nuint)Vector<float>.Count)
        {
            // here z is in 0..1, c in -1..1, g in 0..2
            Vector<float> z = (Squashed(ref products, ref scales, ref biases, tops, i) * half) + half;
            Vector<float> c = Squashed(ref products, ref scales, ref biases, tops, i + width) + Vector<float>.Zero;
            Vector<float> g = Squashed(ref products, ref scales, ref biases, tops, i + (2 * width)) + Vector<float>.One;
            Vector<float> h = Vector.LoadUnsafe(ref states, i);
            h += (c - h) * z;
            h.StoreUnsafe(ref states, i);
            Vector<float> y = h * g;
            y.StoreUnsafe(ref outputs, i);
            most = Vector.Max(most, Vector.Abs(y));
        }

        return Largest(most);
    }

    /// <summary>The squares of the positive ones among the product's values.</summary>
    /// <returns>The largest value put out.</returns>
    [MethodImpl(Hot)]
    internal static float SquareOfPositive(ReadOnlySpan<int> sums, float top, ReadOnlySpan<float> scale,
        Span<float> output)
    {
        Check(output.Length, sums.Length, scale.Length);
        ref int products = ref MemoryMarshal.GetReference(sums);
        ref float scales = ref MemoryMarshal.GetReference(scale);
        ref float outputs = ref MemoryMarshal.GetReference(output);
        var tops = new Vector<float>(top);
        Vector<float> most = Vector<float>.Zero;
        for (nuint i = 0; i < (nuint)output.Length; i += (nuint)Vector<float>.Count)
        {
            Vector<float> v = Vector.ConvertToSingle(Vector.LoadUnsafe(ref products, i)) * tops
                * Vector.LoadUnsafe(ref scales, i);
            v = Vector.Max(v, Vector<float>.Zero);
            v *= v;
            v.StoreUnsafe(ref outputs, i);
            most = Vector.Max(most, v);
        }

        return Largest(most);
    }

    /// <summary>The largest magnitude of a row.</summary>
    [MethodImpl(Hot)]
    internal static float LargestMagnitude(ReadOnlySpan<float> x)
    {
        Check(x.Length);
        ref float values = ref MemoryMarshal.GetReference(x);
        Vector<float> most = Vector<float>.Zero;
        for (nuint i = 0; i < (nuint)x.Length; i += (nuint)Vector<float>.Count)
        {
            most = Vector.Max(most, Vector.Abs(Vector.LoadUnsafe(ref values, i)));
        }

        return Largest(most);
    }

    /// <summary>A row as whole numbers of top / levels, and <paramref name="zero"/> more, in bytes.</summary>
    /// <returns>The sum of the whole numbers' squares, which is exact for rows of up to 1,040 values of up to
    /// 127.</returns>
    [MethodImpl(Hot)]
    internal static int Quantise(ReadOnlySpan<float> x, float top, float levels, int zero, Span<byte> output)
    {
        Check(x.Length, output.Length);
        ref float values = ref MemoryMarshal.GetReference(x);
        ref sbyte bytes = ref Unsafe.As<byte, sbyte>(ref MemoryMarshal.GetReference(output));
        var factor = new Vector<float>(levels / top);
        var zeros = new Vector<int>(zero);
        Vector<int> squares = Vector<int>.Zero;
        nuint count = (nuint)Vector<float>.Count;
        for (nuint i = 0; i < (nuint)x.Length; i += 4 * count)
        {
            Vector<int> a = Rounded(ref values, i, factor);
            Vector<int> b = Rounded(ref values, i + count, factor);
            Vector<int> c = Rounded(ref values, i + (2 * count), factor);
            Vector<int> d = Rounded(ref values, i + (3 * count), factor);
            squares += (a * a) + (b * b) + (c * c) + (d * d);
            Vector<short> first = Vector.Narrow(a + zeros, b + zeros), second = Vector.Narrow(c + zeros, d + zeros);
            Vector.Narrow(first, second).StoreUnsafe(ref bytes, i);
        }

        return Vector.Sum(squares);
    }

    /// <summary>
    /// The head: the product over the root, by the columns' scales, to the nearest whole steps within the limit.
    /// </summary>
    /// <param name="sums">The sum of each column.</param>
    /// <param name="root">Root of the sum of the row's squares.</param>
    /// <param name="scale">The scale of each column.</param>
    /// <param name="bias">The bias of each column.</param>
    /// <param name="output">Takes the logit of each column, padded as the others are.</param>
    [MethodImpl(Hot)]
    internal static void Logits(ReadOnlySpan<int> sums, float root, ReadOnlySpan<float> scale, ReadOnlySpan<float> bias,
        Span<int> output)
    {
        Check(output.Length, sums.Length, scale.Length, bias.Length);
        ref int products = ref MemoryMarshal.GetReference(sums);
        ref float scales = ref MemoryMarshal.GetReference(scale);
        ref float biases = ref MemoryMarshal.GetReference(bias);
        ref int outputs = ref MemoryMarshal.GetReference(output);
        var roots = new Vector<float>(root);
        var limit = new Vector<float>(LogitLimit);
        for (nuint i = 0; i < (nuint)output.Length; i += (nuint)Vector<float>.Count)
        {
            Vector<float> y = Vector.ConvertToSingle(Vector.LoadUnsafe(ref products, i)) / roots;
            y = Vector.Round((y * Vector.LoadUnsafe(ref scales, i)) + Vector.LoadUnsafe(ref biases, i));
            Vector.ConvertToInt32Native(Vector.Min(Vector.Max(y, -limit), limit)).StoreUnsafe(ref outputs, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Squashed(ref int products, ref float scales, ref float biases,
        Vector<float> tops, nuint i)
    {
        Vector<float> v = Vector.ConvertToSingle(Vector.LoadUnsafe(ref products, i)) * tops
            * Vector.LoadUnsafe(ref scales, i);
        v += Vector.LoadUnsafe(ref biases, i);
        return v / (Vector.Abs(v) + Vector<float>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Rounded(ref float values, nuint i, Vector<float> factor) =>
        Vector.ConvertToInt32Native(Vector.Round(Vector.LoadUnsafe(ref values, i) * factor));

    private static float Largest(Vector<float> most)
    {
        float largest = Tiny;
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            largest = Math.Max(largest, most[i]);
        }

        return largest;
    }

    private static void Check(int length, int second = int.MaxValue, int third = int.MaxValue,
        int fourth = int.MaxValue)
    {
        if (length % Pad != 0 || second < length || third < length || fourth < length)
        {
            throw new ArgumentException("A row is not padded, or shorter than another.");
        }
    }
}
