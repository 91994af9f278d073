using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Histograms of residuals: for each predictor one by the level of its local error and by the fraction of its
/// prediction. Each is kept as running sums, so that the weight of any range is one subtraction.
/// </summary>
/// <remarks>Memory: 512 bytes a histogram; predictors times levels times 4 of them.</remarks>
internal sealed class ResidualHistograms
{
    /// <summary>Sums of a histogram: that of bin i counts the residuals below i - 127 bins.</summary>
    internal const int Sums = 256;

    /// <summary>The bin of a residual of zero.</summary>
    internal const int Middle = 127;

    private const int Fractions = 4;
    private const int Lanes = 16;
    private const ushort Increment = 64;
    private const int MostTotal = 60000;
    private const int StartTotal = 1000;

    private readonly int _levels;
    private readonly ushort[] _start;
    private readonly ushort[] _sums;

    /// <summary>Histograms for a number of predictors.</summary>
    internal ResidualHistograms(int predictors, int levels)
    {
        _levels = levels;
        _start = MakeStart(levels);
        _sums = new ushort[predictors * _start.Length];
        Reset();
    }

    /// <summary>All sums; a histogram is <see cref="Sums"/> of them.</summary>
    internal ushort[] All => _sums;

    /// <summary>Forgets every residual.</summary>
    internal void Reset()
    {
        for (int at = 0; at < _sums.Length; at += _start.Length)
        {
            _start.CopyTo(_sums, at);
        }
    }

    /// <summary>Where a histogram starts.</summary>
    internal int Find(int predictor, int level, int fraction) =>
        ((((predictor * _levels) + level) * Fractions) + fraction) * Sums;

    /// <summary>Counts a residual, in bins.</summary>
    internal void Count(int histogram, int residual) // spec 13.4-9
    {
        int bin = Math.Clamp(residual + Middle, 0, Sums - 2);
        ref ushort sums = ref MemoryMarshal.GetReference(_sums.AsSpan(histogram, Sums));
        int block = bin / Lanes * Lanes;
        Vector256<ushort> places = Vector256<ushort>.Indices + Vector256.Create((ushort)block);
        Vector256<ushort> increment = Vector256.Create(Increment);
        Vector256<ushort> after = Vector256.GreaterThan(places, Vector256.Create((ushort)bin)) & increment;
        (Vector256.LoadUnsafe(ref sums, (nuint)block) + after).StoreUnsafe(ref sums, (nuint)block);
        for (int at = block + Lanes; at < Sums; at += Lanes)
        {
            (Vector256.LoadUnsafe(ref sums, (nuint)at) + increment).StoreUnsafe(ref sums, (nuint)at);
        }

        if (Unsafe.Add(ref sums, Sums - 1) > MostTotal)
        {
            Halve(_sums.AsSpan(histogram, Sums));
        }
    }

    private static void Halve(Span<ushort> sums)
    {
        int before = 0;
        int total = 0;
        foreach (ref ushort sum in sums)
        {
            int count = sum - before;
            before = sum;
            total += (count + 1) / 2;
            sum = (ushort)total;
        }
    }

    // A logistic distribution whose scale suits the level's error, and a little for every bin: spec 13.4-9.
    private static ushort[] MakeStart(int levels)
    {
        ushort[] start = new ushort[levels * Fractions * Sums];
        for (int level = 0; level < levels; level++)
        {
            // The scale in 32nds of a bin: 0.35 and the error, times 0.8.
            int scale = Math.Max(9, ((ErrorScale.ErrorOf(level) >> ErrorScale.ShiftOf(level)) * 16 / 5) + 9);
            for (int fraction = 0; fraction < Fractions; fraction++)
            {
                int at = ((level * Fractions) + fraction) * Sums;
                for (int i = 0; i < Sums; i++)
                {
                    int distance = (4 * (i - Middle)) - 2 - fraction; // quarters of a bin
                    int probability = LogisticTables.Squash(distance * 2048 / scale);
                    start[at + i] = (ushort)(((probability * StartTotal) >> 16) + (i / 2));
                }
            }
        }

        return start;
    }
}
