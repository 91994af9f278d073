using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// Two layers of logistic mixing: several weight sets, of each of which the situation selects a row, and a final row
/// over their results.
/// </summary>
/// <remarks>
/// Integers only; sums of integers have no order, so vectors of any width give the same. Weights are in 65,536ths,
/// logits in 256ths. Source: Mahoney, "Adaptive weighing of context models for lossless data compression", 2005.
/// </remarks>
internal sealed class ExpertMixer
{
    private const int Lanes = 8;
    private const int FinalRate = 131;
    private const int FirstUpdates = 4000;
    private const int LargestWeight = (1 << 19) - 1;

    private readonly int _width;
    private readonly int _sets;
    private readonly int _rate;
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly int[] _weights;
    private readonly int[] _final;
    private readonly int[] _logits;
    private readonly int[] _probabilities;
    private int _finalRow;
    private int _updates;
    private int _probability;

    /// <summary>A mixer with all weights equal.</summary>
    /// <param name="inputs">The number of experts.</param>
    /// <param name="setRows">The number of rows of each set.</param>
    /// <param name="finalRows">The number of final rows.</param>
    /// <param name="weight">The weight that every expert starts with, in 65,536ths.</param>
    /// <param name="rate">The learning rate of the sets' weights in the end, 0 to 300.</param>
    internal ExpertMixer(int inputs, ReadOnlySpan<int> setRows, int finalRows, int weight, int rate)
    {
        _rate = rate;
        _width = (inputs + Lanes - 1) / Lanes * Lanes;
        _sets = setRows.Length;
        _starts = new int[_sets];
        _rows = new int[_sets];
        _logits = new int[_sets];
        _probabilities = new int[_sets];
        int rows = 0;
        for (int set = 0; set < _sets; set++)
        {
            _starts[set] = rows;
            rows += setRows[set];
        }

        _weights = new int[rows * _width];
        _final = new int[finalRows * _sets];
        Array.Fill(_weights, weight);
        Array.Fill(_final, 65536 / _sets);
        Inputs = new int[_width];
    }

    /// <summary>The experts' logits, -2,047 to 2,047 each; set before <see cref="Predict"/>.</summary>
    internal int[] Inputs { get; }

    /// <summary>Selects a row of a set for the next prediction.</summary>
    internal void Select(int set, int row) => _rows[set] = (_starts[set] + row) * _width;

    /// <summary>Selects the final row.</summary>
    internal void SelectFinal(int row) => _finalRow = row * _sets;

    /// <summary>The probability of yes, 1 to 65,535 of 65,536, by the inputs and the selected rows.</summary>
    internal int Predict()
    {
        ref int inputs = ref MemoryMarshal.GetArrayDataReference(Inputs);
        long mixed = 0;
        for (int set = 0; set < _sets; set++)
        {
            ref int row = ref MemoryMarshal.GetReference(_weights.AsSpan(_rows[set], _width));
            Vector256<int> sums = Vector256<int>.Zero;
            for (int i = 0; i < _width; i += Lanes)
            {
                sums += (Vector256.LoadUnsafe(ref inputs, (nuint)i) * Vector256.LoadUnsafe(ref row, (nuint)i)) >> 6;
            }

            int logit = Math.Clamp(Vector256.Sum(sums) >> 10, -LogisticTables.LargestLogit,
                LogisticTables.LargestLogit);
            _logits[set] = logit;
            _probabilities[set] = LogisticTables.Squash(logit);
            mixed += (long)logit * _final[_finalRow + set];
        }

        _probability = LogisticTables.Squash((int)Math.Clamp(mixed >> 16, -LogisticTables.LargestLogit,
            LogisticTables.LargestLogit));
        return _probability;
    }

    /// <summary>Moves the weights towards what came: at first at three times the final rate.</summary>
    internal void Update(bool isYes)
    {
        int rate = _rate + (2 * FirstUpdates * _rate / (FirstUpdates + _updates));
        _updates = Math.Min(_updates + 1, 1 << 20);
        int came = isYes ? 65536 : 0;
        for (int set = 0; set < _sets; set++)
        {
            int error = ((came - _probabilities[set]) * rate) >> 8;
            Move(_weights.AsSpan(_rows[set], _width), error);
        }

        int finalError = ((came - _probability) * FinalRate) >> 8;
        for (int set = 0; set < _sets; set++)
        {
            ref int weight = ref _final[_finalRow + set];
            weight = Math.Clamp(weight + (((_logits[set] * finalError) + (1 << 15)) >> 16), -LargestWeight,
                LargestWeight);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move(Span<int> row, int error)
    {
        ref int inputs = ref MemoryMarshal.GetArrayDataReference(Inputs);
        ref int weights = ref MemoryMarshal.GetReference(row);
        Vector256<int> by = Vector256.Create(error);
        Vector256<int> half = Vector256.Create(1 << 15);
        Vector256<int> most = Vector256.Create(LargestWeight);
        for (int i = 0; i < row.Length; i += Lanes)
        {
            Vector256<int> moved = Vector256.LoadUnsafe(ref weights, (nuint)i)
                + (((Vector256.LoadUnsafe(ref inputs, (nuint)i) * by) + half) >> 16);
            Vector256.Max(-most, Vector256.Min(most, moved)).StoreUnsafe(ref weights, (nuint)i);
        }
    }
}
