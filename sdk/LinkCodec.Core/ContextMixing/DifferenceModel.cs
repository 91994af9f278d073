using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Says how likely each byte is from how far it lies from another one, the reference: for numbers that change by little
/// and never come back exactly, of which a byte's bits alone tell nothing.
/// </summary>
/// <remarks>
/// Two references at once: each selects a row of trained weights by the state that it is in, turned so that the row's
/// first entry is the reference. Spec: protocol-spec/10-context-mixing.md, section 5.9.
/// </remarks>
internal sealed class DifferenceModel
{
    /// <summary>The sum of a row in training.</summary>
    internal const uint TrainingScale = 1 << 22;

    private const int FinalShift = 6; // from the scale of training to 16 bits
    private const int Count = MixingLayout.Differences;
    private readonly uint[] _weights = new uint[Count * 256]; // by byte
    private readonly int[] _references = new int[Count];      // -1: none
    private readonly int[] _rows = new int[Count];
    private readonly uint[] _fits = new uint[Count];
    private readonly uint[] _fitsOne = new uint[Count];

    internal DifferenceModel() => Clear();

    /// <summary>A weight as it is after training: 16 bits, never 0, and four of them count.</summary>
    internal static uint Round(uint weight)
    {
        uint whole = Math.Clamp((weight + (1u << (FinalShift - 1))) >> FinalShift, 1, ushort.MaxValue);
        int unused = Math.Max(0, 28 - BitOperations.LeadingZeroCount(whole));
        return Math.Min(((whole + ((1u << unused) >> 1)) >> unused) << unused, ushort.MaxValue);
    }

    /// <summary>Forgets the references, before a byte.</summary>
    internal void Clear() => Array.Fill(_references, -1);

    /// <summary>Sets a reference, before a byte.</summary>
    /// <param name="map">The profile's map of differences.</param>
    /// <param name="index">The reference's number.</param>
    /// <param name="reference">The byte.</param>
    /// <param name="state">Below <see cref="MixingLayout.DifferenceStates"/>.</param>
    internal void Set(uint[] map, int index, int reference, int state)
    {
        int row = ((index * MixingLayout.DifferenceStates) + state) * 256;
        (_references[index], _rows[index]) = (reference, row);
        Span<uint> weights = _weights.AsSpan(256 * index, 256);
        map.AsSpan(row, 256 - reference).CopyTo(weights[reference..]);
        map.AsSpan(row + 256 - reference, reference).CopyTo(weights);
    }

    /// <summary>Writes the logits for the next bit; 0 without a reference. spec 10.5-9</summary>
    internal void Predict(int partial, int bit, int[] inputs)
    {
        for (int i = 0; i < Count; i++)
        {
            inputs[MixingLayout.DifferenceInput + i] = _references[i] < 0 ? 0 : Logit(i, partial, bit);
        }
    }

    /// <summary>Moves the weights towards the byte that came.</summary>
    internal void Train(uint[] map, byte value, int shift)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_references[i] < 0)
            {
                continue;
            }

            int came = (value - _references[i]) & 255;
            Span<uint> row = map.AsSpan(_rows[i], 256);
            for (int d = 0; d < row.Length; d++)
            {
                uint weight = row[d];
                row[d] = Math.Max(1, weight - (weight >> shift) + (d == came ? TrainingScale >> shift : 0));
            }
        }
    }

    // The share of yes in 65,536ths. spec 10.1-4
    private static int Share(uint yes, uint no) =>
        (int)Math.Clamp(((yes + 1UL) << 16) / (yes + (ulong)no + 2), 1, 65535);

    private int Logit(int index, int partial, int bit)
    {
        // The bytes that fit stand side by side, those with a 1 after the others.
        int half = 128 >> bit;
        int place = (256 * index) + ((((2 * partial) + 1) << (7 - bit)) & 255);
        uint one = Sum(_weights.AsSpan(place, half));
        uint fits = bit == 0 ? one + Sum(_weights.AsSpan(place - half, half))
            : (partial & 1) != 0 ? _fitsOne[index] : _fits[index] - _fitsOne[index];
        (_fits[index], _fitsOne[index]) = (fits, one);
        return LogisticTables.Stretch(Share(one, fits - one));
    }

    private static uint Sum(ReadOnlySpan<uint> weights)
    {
        uint sum = 0;
        ref uint first = ref MemoryMarshal.GetReference(weights);
        if (weights.Length >= Vector256<uint>.Count) // a power of two
        {
            Vector256<uint> sums = Vector256<uint>.Zero;
            for (int i = 0; i < weights.Length; i += Vector256<uint>.Count)
            {
                sums += Vector256.LoadUnsafe(ref first, (nuint)i);
            }

            return Vector256.Sum(sums);
        }

        foreach (uint weight in weights)
        {
            sum += weight;
        }

        return sum;
    }
}
