using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.Media;

/// <summary>
/// A linear filter over the last values of a signal, whose weights follow the gradient of the squared error, each step
/// divided by the energy of those values (NLMS).
/// </summary>
/// <remarks>Integers only: weights are in 2^-24, of which a prediction uses the upper bits, in 2^-12.</remarks>
internal sealed class LeastMeanSquares
{
    private const int Lanes = 8;
    private const int Spare = 1024; // values between two moves of the history
    private const int LargestWeight = (1 << 27) - 1;
    private const int MostGain = 65535;

    private readonly int _length;
    private readonly int _rate;
    private readonly int[] _weights;
    private readonly int[] _history;
    private int _start; // of the last values
    private long _energy;

    /// <summary>A filter.</summary>
    /// <param name="length">The number of values it sees; a multiple of 8.</param>
    /// <param name="rate">The part of the error that a step takes away, in 4,096ths.</param>
    internal LeastMeanSquares(int length, int rate)
    {
        (_length, _rate) = (length, rate);
        _weights = new int[length];
        _history = new int[length + Spare];
    }

    /// <summary>Predicts the next value, within 16 bits.</summary>
    internal int Predict() // spec 13.5-3
    {
        ref int values = ref MemoryMarshal.GetReference(_history.AsSpan(_start, _length));
        ref int weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        Vector256<int> sums = Vector256<int>.Zero;
        for (int i = 0; i < _length; i += Lanes)
        {
            Vector256<int> coarse = Vector256.LoadUnsafe(ref weights, (nuint)i) >> 12;
            sums += (coarse * Vector256.LoadUnsafe(ref values, (nuint)i)) >> 6;
        }

        return Math.Clamp(Vector256.Sum(sums) >> 6, short.MinValue, short.MaxValue);
    }

    /// <summary>Learns from the value that came.</summary>
    /// <param name="value">The value, within 16 bits.</param>
    /// <param name="error">How far it was from the prediction.</param>
    internal void Learn(int value, int error)
    {
        int shift = 8;
        long gain = ((long)error * _rate << (12 + shift)) / (_energy + _length);
        while (shift > 0 && Math.Abs(gain) > MostGain)
        {
            gain >>= 1;
            shift--;
        }

        Move((int)Math.Clamp(gain, -MostGain, MostGain), shift);
        Append(value);
    }

    private void Move(int gain, int shift)
    {
        ref int values = ref MemoryMarshal.GetReference(_history.AsSpan(_start, _length));
        ref int weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        Vector256<int> by = Vector256.Create(gain);
        Vector256<int> most = Vector256.Create(LargestWeight);
        for (int i = 0; i < _length; i += Lanes)
        {
            Vector256<int> moved = Vector256.LoadUnsafe(ref weights, (nuint)i)
                + ((Vector256.LoadUnsafe(ref values, (nuint)i) * by) >> shift);
            Vector256.Max(-most, Vector256.Min(most, moved)).StoreUnsafe(ref weights, (nuint)i);
        }
    }

    private void Append(int value)
    {
        if (_start == Spare)
        {
            _history.AsSpan(_start, _length).CopyTo(_history);
            _start = 0;
        }

        int oldest = _history[_start];
        _history[_start + _length] = value;
        _energy += ((long)value * value) - ((long)oldest * oldest);
        _start++;
    }
}
