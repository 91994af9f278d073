using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.Media;

/// <summary>
/// A linear filter over the samples around a place in the plane that is coded and in the two before it, whose weights
/// follow the gradient of the squared error, each step divided by the energy of what it saw (NLMS).
/// </summary>
/// <remarks>
/// Integers only; sums of integers have no order. Weights are in 2^-14, inputs are differences in 2^-12 of the scale of
/// samples, so that no product leaves 32 bits.
/// </remarks>
internal sealed class NeighbourFilter
{
    private const int Lanes = 8;
    private const int Most = 32; // inputs: 26, filled up
    private const int ScaleBits = 12;
    private const int LargestWeight = 1 << 17;
    private const int MostGain = 1 << 17;
    private const long Step = 1638 << 12; // a tenth of the error, in units of the weights, on the scale of gains
    private const int LeastEnergy = 12800; // that of differences by 50 of 65,536
    private const int Near = 10; // the input that is the sample's own place in the plane before
    private const int NearWeight = 12288;

    private readonly int _planesBefore;
    private readonly int _bitDepth;
    private readonly int _inputs;
    private readonly int[] _weights = new int[Most];
    private readonly int[] _values = new int[Most];
    private int _energy;
    private int _prediction;

    /// <summary>A filter that has learned nothing.</summary>
    /// <param name="planesBefore">The planes that it sees beside its own, 0 to 2.</param>
    /// <param name="bitDepth">Bits a sample.</param>
    internal NeighbourFilter(int planesBefore, int bitDepth)
    {
        (_planesBefore, _bitDepth) = (planesBefore, bitDepth);
        _inputs = PlaneContext.LargeInputs(planesBefore);
        _weights[Near] = planesBefore > 0 ? NearWeight : 0;
    }

    /// <summary>Predicts a sample, in eighths.</summary>
    /// <param name="planes">The planes.</param>
    /// <param name="at">The sample's place in them.</param>
    internal int Predict(in PlaneContext planes, int at) // spec 13.8-2
    {
        int[] values = _values;
        planes.FillLarge(at, values);
        int stride = planes.Stride;
        int middle = Middle(planes.Own, at, stride);
        if (_planesBefore == 0)
        {
            Centre(values.AsSpan(0, _inputs), middle);
        }
        else
        {
            Centre(values.AsSpan(0, Near), middle);
            Centre(values.AsSpan(Near, 9), Middle(planes.Near, at, stride));
            if (_planesBefore > 1)
            {
                Centre(values.AsSpan(19, 7), Middle(planes.Far, at, stride));
            }
        }

        ref int value = ref MemoryMarshal.GetArrayDataReference(values);
        ref int weight = ref MemoryMarshal.GetArrayDataReference(_weights);
        Vector256<int> sums = Vector256<int>.Zero;
        Vector256<int> squares = Vector256<int>.Zero;
        for (int i = 0; i < Most; i += Lanes)
        {
            Vector256<int> some = Vector256.LoadUnsafe(ref value, (nuint)i);
            sums += (some * Vector256.LoadUnsafe(ref weight, (nuint)i)) >> 6;
            squares += some * some;
        }

        _energy = LeastEnergy + Vector256.Sum(squares);
        int most = 8 * ((1 << _bitDepth) - 1);
        _prediction = Math.Clamp((8 * middle) + (Vector256.Sum(sums) >> (17 - _bitDepth)), 0, most);
        return _prediction;
    }

    /// <summary>Learns the sample that came where <see cref="Predict"/> was asked last.</summary>
    internal void Learn(int sample) // spec 13.8-3
    {
        long error = Scale((8 * sample) - _prediction) >> 3;
        int gain = (int)Math.Clamp(error * Step / _energy, -MostGain, MostGain);
        ref int value = ref MemoryMarshal.GetArrayDataReference(_values);
        ref int weight = ref MemoryMarshal.GetArrayDataReference(_weights);
        Vector256<int> by = Vector256.Create(gain);
        Vector256<int> half = Vector256.Create(1 << 11);
        Vector256<int> most = Vector256.Create(LargestWeight);
        for (int i = 0; i < Most; i += Lanes)
        {
            Vector256<int> moved = Vector256.LoadUnsafe(ref weight, (nuint)i)
                + (((Vector256.LoadUnsafe(ref value, (nuint)i) * by) + half) >> 12);
            Vector256.Max(-most, Vector256.Min(most, moved)).StoreUnsafe(ref weight, (nuint)i);
        }
    }

    private static int Middle(ReadOnlySpan<int> plane, int at, int stride) => (plane[at - 1] + plane[at - stride]) >> 1;

    private void Centre(Span<int> values, int middle)
    {
        foreach (ref int value in values)
        {
            value = Scale(value - middle);
        }
    }

    private int Scale(int difference) => _bitDepth <= ScaleBits
        ? difference << (ScaleBits - _bitDepth)
        : difference >> (_bitDepth - ScaleBits);
}
