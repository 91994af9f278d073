using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.Media;

/// <summary>
/// The absolute errors of each predictor near by, in halves, and their blend: the mean of all predictions, weighted by
/// the fourth power of how small their errors were.
/// </summary>
internal sealed class NeighbourErrors
{
    private const int Margin = 2;
    private const int Rows = 3;
    private const int Lanes = 8;
    private const ushort Start = 24;

    private readonly int _width;
    private readonly int _predictors;
    private readonly ushort[] _errors;

    /// <summary>Errors of a number of predictors, the blend among them, for a width.</summary>
    internal NeighbourErrors(int predictors, int width)
    {
        (_predictors, _width) = ((predictors + Lanes - 1) / Lanes * Lanes, width);
        _errors = new ushort[Rows * (width + (2 * Margin)) * _predictors];
        Reset();
    }

    /// <summary>Forgets all errors.</summary>
    internal void Reset() => Array.Fill(_errors, Start);

    /// <summary>Writes each predictor's mean error near a place, in 16ths.</summary>
    internal void Fill(int x, int y, Span<int> means)
    {
        ReadOnlySpan<ushort> w = At(x - 1, y);
        ReadOnlySpan<ushort> n = At(x, y - 1);
        ReadOnlySpan<ushort> nw = At(x - 1, y - 1);
        ReadOnlySpan<ushort> ne = At(x + 1, y - 1);
        ReadOnlySpan<ushort> ww = At(x - 2, y);
        ReadOnlySpan<ushort> nn = At(x, y - 2);
        int i = 0;
        for (; i <= means.Length - Lanes; i += Lanes)
        {
            Vector256<int> twice = At(w, i) + At(n, i);
            Vector256<int> once = At(nw, i) + At(ne, i) + (At(ww, i) + At(nn, i));
            (twice + twice + once).StoreUnsafe(ref MemoryMarshal.GetReference(means), (nuint)i);
        }

        for (; i < means.Length; i++)
        {
            means[i] = (2 * (w[i] + n[i])) + nw[i] + ne[i] + ww[i] + nn[i];
        }
    }

    /// <summary>The weighted mean of predictions.</summary>
    /// <param name="predictions">The predictions; the last <paramref name="favoured"/> count four times.</param>
    /// <param name="means">Their errors.</param>
    /// <param name="favoured">The number of predictions that count more.</param>
    internal static int Blend(ReadOnlySpan<int> predictions, ReadOnlySpan<int> means, int favoured) // spec 13.4-6
    {
        int least = int.MaxValue;
        for (int i = 0; i < predictions.Length; i++)
        {
            least = Math.Min(least, means[i]);
        }

        long weights = 0;
        long sum = 0;
        for (int i = 0; i < predictions.Length; i++)
        {
            long inverse = (uint)((least + 2) << 7) / (uint)(means[i] + 2);
            long weight = inverse * inverse * inverse * inverse;
            weight <<= i >= predictions.Length - favoured ? 2 : 0;
            weights += weight;
            sum += weight * predictions[i];
        }

        return (int)((sum + (weights >> 1)) / weights);
    }

    /// <summary>Keeps the errors of predictions in eighths.</summary>
    internal void Learn(int x, int y, ReadOnlySpan<int> predictions, int value)
    {
        Span<ushort> errors = At(x, y);
        for (int i = 0; i < predictions.Length; i++)
        {
            errors[i] = (ushort)Math.Min(65535, Math.Abs((8 * value) - predictions[i]) >> 2);
        }
    }

    /// <summary>Sets the margins of a row that is whole.</summary>
    internal void EndRow(int y)
    {
        for (int i = 1; i <= Margin; i++)
        {
            At(0, y).CopyTo(At(-i, y));
            At(_width - 1, y).CopyTo(At(_width - 1 + i, y));
        }
    }

    private static Vector256<int> At(ReadOnlySpan<ushort> errors, int first)
    {
        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(Vector128.Create(errors.Slice(first, Lanes)));
        return Vector256.Create(lower, upper).AsInt32();
    }

    private Span<ushort> At(int x, int y) => _errors.AsSpan(
        ((((y + Rows) % Rows) * (_width + (2 * Margin))) + x + Margin) * _predictors, _predictors);
}
