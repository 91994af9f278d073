using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.Media;

/// <summary>
/// How often the decisions on a sample were answered with yes in six contexts, a counter each, and a mixer of what the
/// counters say: of weights that the level of errors selects and weights that another situation selects, in sum.
/// </summary>
/// <remarks>
/// Integers only; sums of integers have no order, so vectors of any width give the same. A counter is a probability in
/// 22 bits above the number of answers in 10; it moves the faster the fewer answers it has seen.
/// </remarks>
internal sealed class CounterMixer
{
    /// <summary>The experts.</summary>
    internal const int Experts = 6;

    private const int CountBits = 10;
    private const uint CountMask = (1 << CountBits) - 1;
    private const int MostAnswers = 250;
    private const uint Half = 1u << 31;
    private const int Width = 8; // of a row: an expert each, one that always says the same, and none
    private const int Bias = 128;
    private const int StartWeight = 11469; // of 65,536, in each of two rows
    private const int LargestWeight = 1 << 18;
    private const int Rate = 40;

    private static readonly int[] Rates = Make(n => 327_680 / ((5 * n) + 8));
    private static readonly int[] Trusts = Make(n => 256 * ((5 * n) + 1) / ((5 * n) + 8));

    private readonly int _kinds;
    private readonly int _situations;
    private readonly uint[] _counters;
    private readonly int[] _tables = new int[Experts]; // where each expert's counters begin
    private readonly int[] _contexts = new int[Experts]; // where those of the selected context begin
    private readonly int[] _byLevel;
    private readonly int[] _bySituation;
    private readonly int _levels;
    private Vector256<int> _inputs;
    private int _level;
    private int _situation;
    private int _kind;
    private int _probability;

    /// <summary>A mixer that has seen nothing.</summary>
    /// <param name="kinds">The kinds of decisions.</param>
    /// <param name="contexts">For each expert the number of its contexts.</param>
    /// <param name="levels">The rows of the first weights for each kind.</param>
    /// <param name="situations">The rows of the second weights for each kind.</param>
    internal CounterMixer(int kinds, ReadOnlySpan<int> contexts, int levels, int situations)
    {
        (_kinds, _levels, _situations) = (kinds, levels, situations);
        int all = 0;
        for (int i = 0; i < Experts; i++)
        {
            _tables[i] = all;
            all += contexts[i] * kinds;
        }

        _counters = new uint[all];
        Array.Fill(_counters, Half);
        _byLevel = MakeWeights(kinds * levels);
        _bySituation = MakeWeights(kinds * situations);
    }

    /// <summary>Selects the context of an expert.</summary>
    internal void Select(int expert, int context) => _contexts[expert] = _tables[expert] + (context * _kinds);

    /// <summary>Selects the rows of weights.</summary>
    internal void SelectWeights(int level, int situation) => (_level, _situation) = (level, situation);

    /// <summary>The probability that a decision of a kind is answered with yes, 1 to 65,535 of 65,536.</summary>
    internal int Predict(int kind) // spec 13.8-6, 13.8-8
    {
        _kind = kind;
        _inputs = Vector256.Create(Ask(0, kind), Ask(1, kind), Ask(2, kind), Ask(3, kind), Ask(4, kind), Ask(5, kind),
            Bias, 0);
        Vector256<int> weights = Vector256.LoadUnsafe(ref Row(_byLevel, (kind * _levels) + _level))
            + Vector256.LoadUnsafe(ref Row(_bySituation, (kind * _situations) + _situation));
        _probability = LogisticTables.Squash(Vector256.Sum((_inputs * weights) >> 6) >> 10);
        return _probability;
    }

    /// <summary>Learns the answer to the decision that was asked last.</summary>
    internal void Learn(bool isYes) // spec 13.8-7, 13.8-8
    {
        int error = (((isYes ? 65536 : 0) - _probability) * Rate) >> 10;
        Vector256<int> step = ((_inputs * Vector256.Create(error)) + Vector256.Create(1 << 9)) >> 10;
        Move(ref Row(_byLevel, (_kind * _levels) + _level), step);
        Move(ref Row(_bySituation, (_kind * _situations) + _situation), step);
        uint[] counters = _counters;
        int[] contexts = _contexts;
        int target = isYes ? 1 << 22 : 0;
        for (int i = 0; i < contexts.Length; i++)
        {
            ref uint counter = ref counters[contexts[i] + _kind];
            int answers = (int)(counter & CountMask);
            int probability = (int)(counter >> CountBits);
            probability += (int)(((long)(target - probability) * Rates[answers]) >> 16);
            counter = ((uint)probability << CountBits) | (uint)Math.Min(MostAnswers, answers + 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Ask(int expert, int kind)
    {
        uint counter = _counters[_contexts[expert] + kind];
        return (LogisticTables.Stretch((int)(counter >> 16)) * Trusts[counter & CountMask]) >> 8;
    }

    private static ref int Row(int[] weights, int row) =>
        ref MemoryMarshal.GetReference(weights.AsSpan(row * Width, Width));

    private static void Move(ref int weights, Vector256<int> step)
    {
        Vector256<int> most = Vector256.Create(LargestWeight);
        Vector256.Max(-most, Vector256.Min(most, Vector256.LoadUnsafe(ref weights) + step)).StoreUnsafe(ref weights);
    }

    private static int[] MakeWeights(int rows)
    {
        int[] weights = new int[rows * Width];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = i % Width < Experts ? StartWeight : 0;
        }

        return weights;
    }

    private static int[] Make(Func<int, int> of) => [.. Enumerable.Range(0, MostAnswers + 1).Select(of)];
}
