using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LinkCodec.Models.Bytes;

namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Turns a row of logits into integer weights and the bin of the odds that a line ends. Immutable, thread-safe.
/// </summary>
/// <remarks>
/// Every float here is an exact operation on exact numbers, or a rounding to even that IEEE 754 fixes: vectors of any
/// width give the same. Spec: protocol-spec/11-language-models.md, section 5.
/// </remarks>
internal sealed class IntegerSoftmax
{
    private const float Farthest = WeightsTable.Entries - 1;
    private readonly uint[] _table;
    private readonly int[] _lineEnds;

    /// <summary>Puts both tables together.</summary>
    /// <param name="table">Weights by distance to the best token.</param>
    /// <param name="lineEnds">Tokens that count as a line's end.</param>
    internal IntegerSoftmax(WeightsTable table, int[] lineEnds) => (_table, _lineEnds) = (table.ToArray(), lineEnds);

    /// <summary>Writes a weight for each token. A fraction of a nanosecond a token beside the table's lookup.</summary>
    /// <param name="logits">The logit of each token.</param>
    /// <param name="read">Tokens that the row had, the begin token among them.</param>
    /// <param name="weights">Room for as many as logits.</param>
    /// <param name="sum">The sum of the weights.</param>
    /// <returns>The bin, 0 to <see cref="EndProbabilityMap.Bins"/> - 1.</returns>
    internal int Fill(ReadOnlySpan<float> logits, int read, Span<uint> weights, out ulong sum)
    {
        weights = weights[..logits.Length];
        float steps = Steps(read);
        float best = float.Round(steps * Max(logits));
        Span<int> distances = MemoryMarshal.Cast<uint, int>(weights);
        var bests = new Vector<float>(best);
        var last = new Vector<float>(Farthest);
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= logits.Length - width; i += width)
        {
            Vector<float> rounded = Vector.Round(new Vector<float>(logits[i..]) * steps); // spec 11.5-1
            Vector.ConvertToInt32(Vector.Min(bests - rounded, last)).CopyTo(distances[i..]);
        }

        for (; i < logits.Length; i++)
        {
            distances[i] = (int)Math.Min(best - float.Round(steps * logits[i]), Farthest);
        }

        sum = LookUp(weights);
        return Bin(sum, weights);
    }

    /// <summary>Fills the weights by their definition, one token at a time; the tests compare.</summary>
    internal int FillPlainly(ReadOnlySpan<float> logits, int read, Span<uint> weights, out ulong sum)
    {
        float steps = Steps(read);
        long best = long.MinValue;
        foreach (float logit in logits)
        {
            best = Math.Max(best, (long)Math.Round((double)(steps * logit), MidpointRounding.ToEven));
        }

        sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            weights[i] = _table[Math.Min(best - (long)Math.Round((double)(steps * logits[i]), MidpointRounding.ToEven),
                WeightsTable.Entries - 1)];
            sum += weights[i];
        }

        return Bin(sum, weights);
    }

    // Steps for the natural logarithm's unit: with little or nothing before it a network is surer than it should be.
    // spec 11.5-1
    private static float Steps(int read) => read switch
    {
        1 => 40,
        <= 8 => 56,
        <= 64 => 61,
        _ => 64,
    };

    // spec 11.5-2
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong LookUp(Span<uint> weights)
    {
        ref uint table = ref MemoryMarshal.GetArrayDataReference(_table);
        ulong sum = 0;
        ulong other = 0;
        int i = 0;
        for (; i < weights.Length - 1; i += 2)
        {
            // The mask changes no distance; it keeps even a broken network inside the table.
            uint first = Unsafe.Add(ref table, weights[i] & (WeightsTable.Entries - 1));
            uint second = Unsafe.Add(ref table, weights[i + 1] & (WeightsTable.Entries - 1));
            weights[i] = first;
            weights[i + 1] = second;
            sum += first;
            other += second;
        }

        for (; i < weights.Length; i++)
        {
            sum += weights[i] = _table[weights[i] & (WeightsTable.Entries - 1)];
        }

        return sum + other;
    }

    // spec 11.4-1
    private int Bin(ulong sum, ReadOnlySpan<uint> weights)
    {
        ulong ends = 0;
        foreach (int token in _lineEnds)
        {
            ends += weights[token];
        }

        int odds = BitCost.Log(ends + 1) - BitCost.Log(sum - ends + 1);
        return Math.Clamp((odds >> 8) + (EndProbabilityMap.Bins / 2), 0, EndProbabilityMap.Bins - 1);
    }

    private static float Max(ReadOnlySpan<float> values)
    {
        float max = float.NegativeInfinity;
        int width = Vector<float>.Count;
        int i = 0;
        if (values.Length >= width)
        {
            var best = new Vector<float>(values);
            for (i = width; i <= values.Length - width; i += width)
            {
                best = Vector.Max(best, new Vector<float>(values[i..]));
            }

            for (int j = 0; j < width; j++)
            {
                max = Math.Max(max, best[j]);
            }
        }

        for (; i < values.Length; i++)
        {
            max = Math.Max(max, values[i]);
        }

        return max;
    }
}
