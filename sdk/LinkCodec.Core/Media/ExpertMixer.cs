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
    private const int StartShift = 4;
    private const int LargestWeight = (1 << 19) - 1;

    private readonly int _inputs;
    private readonly int _width;
    private readonly int _kinds;
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

    /// <summary>A mixer that starts with given weights.</summary>
    /// <param name="inputs">The number of experts.</param>
    /// <param name="sets">The sets; the first has a row for each kind of decision.</param>
    /// <param name="rate">The learning rate of the sets' weights in the end, 0 to 300.</param>
    /// <param name="start">The weights of the first set's rows, then the final rows, in 4,096ths:
    /// <see cref="StartLength"/>.</param>
    internal ExpertMixer(int inputs, ReadOnlySpan<MixerSet> sets, int rate, ReadOnlySpan<short> start)
    {
        _inputs = inputs;
        _rate = rate;
        _width = (inputs + Lanes - 1) / Lanes * Lanes;
        _sets = sets.Length;
        _kinds = sets[0].Rows;
        _starts = new int[_sets];
        _rows = new int[_sets];
        _logits = new int[_sets];
        _probabilities = new int[_sets];
        int rows = 0;
        for (int set = 0; set < _sets; set++)
        {
            _starts[set] = rows;
            rows += sets[set].Rows;
        }

        _weights = new int[rows * _width];
        _final = new int[_kinds * _sets];
        Inputs = new int[_width];
        for (int set = 0; set < _sets; set++)
        {
            for (int row = 0; row < sets[set].Rows; row++)
            {
                (int first, int end) = sets[set].KindsOf(row, _kinds);
                SetStart(_weights.AsSpan((_starts[set] + row) * _width, inputs), start, first, end);
            }
        }

        for (int i = 0; i < _final.Length; i++)
        {
            _final[i] = start[(_kinds * inputs) + i] << StartShift;
        }
    }

    /// <summary>The experts' logits, -2,047 to 2,047 each; set before <see cref="Predict"/>.</summary>
    internal int[] Inputs { get; }

    /// <summary>The number of weights that a mixer starts with.</summary>
    internal static int StartLength(int inputs, int sets, int kinds) => kinds * (inputs + sets);

    /// <summary>The present weights as a start for other mixers: what training is for.</summary>
    internal short[] ToStart()
    {
        short[] start = new short[StartLength(_inputs, _sets, _kinds)];
        for (int i = 0; i < _kinds * _inputs; i++)
        {
            start[i] = (short)(_weights[(i / _inputs * _width) + (i % _inputs)] >> StartShift);
        }

        for (int i = 0; i < _final.Length; i++)
        {
            start[(_kinds * _inputs) + i] = (short)(_final[i] >> StartShift);
        }

        return start;
    }

    /// <summary>Selects a row of a set for the next prediction.</summary>
    internal void Select(int set, int row) => _rows[set] = (_starts[set] + row) * _width;

    /// <summary>Selects the final row.</summary>
    internal void SelectFinal(int row) => _finalRow = row * _sets;

    /// <summary>The probability of yes, 1 to 65,535 of 65,536, by the inputs and the selected rows.</summary>
    internal int Predict() // spec 13.2-1
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
    internal void Update(bool isYes) // spec 13.2-2
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

    // The mean of the rows of some kinds of decisions: spec 13.2-3.
    private void SetStart(Span<int> row, ReadOnlySpan<short> start, int firstKind, int endKind)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int sum = 0;
            for (int kind = firstKind; kind < endKind; kind++)
            {
                sum += start[(kind * _inputs) + i];
            }

            row[i] = (sum << StartShift) / (endKind - firstKind);
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
