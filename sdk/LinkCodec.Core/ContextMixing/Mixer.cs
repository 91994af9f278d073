using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Two layers of logistic mixing: six weight sets, of each of which the situation selects a row, and a final row over
/// their results.
/// </summary>
/// <remarks>
/// Integers only; sums of integers have no order, so vectors of any width give the same. Weights are in 16,384ths.
/// Source: Mahoney, "Adaptive weighing of context models for lossless data compression", 2005. Spec:
/// protocol-spec/10-context-mixing.md, section 6.
/// </remarks>
internal sealed class Mixer
{
    private const int Sets = MixingLayout.Sets;
    private const int Width = MixingLayout.Inputs;
    private const int LargestWeight = (1 << 19) - 1;
    private readonly int[] _rows = new int[Sets]; // starts of the selected rows
    private readonly int[] _logits = new int[MixingLayout.FinalInputs];
    private readonly int[] _probabilities = new int[Sets];
    private int _final;

    /// <summary>The models' logits, and 256 for the bias; set before <see cref="Predict"/>.</summary>
    internal int[] Inputs { get; } = new int[Width];

    /// <summary>The last prediction: the probability of a 1, 1 to 65,535.</summary>
    internal int Probability { get; private set; } = 32768;

    /// <summary>Selects a row of a set for the next prediction.</summary>
    internal void Select(int set, int row) => _rows[set] = (MixingLayout.SetStarts[set] + row) * Width;

    /// <summary>Selects the final row.</summary>
    internal void SelectFinal(int row) => _final = row * MixingLayout.FinalInputs;

    /// <summary>Predicts the next bit from the inputs and the selected rows. spec 10.6-1, 10.6-2</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Predict(MixingMemory memory)
    {
        ref int inputs = ref MemoryMarshal.GetArrayDataReference(Inputs);
        long sum = 0;
        for (int set = 0; set < Sets; set++)
        {
            ref int weights = ref memory.Weights[_rows[set]];
            Vector256<int> products = Vector256<int>.Zero;
            for (int i = 0; i < Width; i += Vector256<int>.Count)
            {
                products += Vector256.ShiftRightArithmetic(
                    Vector256.LoadUnsafe(ref inputs, (nuint)i) * Vector256.LoadUnsafe(ref weights, (nuint)i), 6);
            }

            int logit = Math.Clamp(Vector256.Sum(products) >> 8, -LogisticTables.LargestLogit,
                LogisticTables.LargestLogit);
            _logits[set] = logit;
            _probabilities[set] = LogisticTables.Squash(logit);
            sum += (long)logit * memory.FinalWeights[_final + set];
        }

        Probability = LogisticTables.Squash(
            (int)Math.Clamp(sum >> 14, -LogisticTables.LargestLogit, LogisticTables.LargestLogit));
    }

    /// <summary>Moves the weights towards what came. spec 10.6-3, 10.6-4</summary>
    /// <param name="memory">The stream's memory.</param>
    /// <param name="bit">The bit that came.</param>
    /// <param name="rate">The learning rate of the sets' weights, 0 to 1,023: more could overflow.</param>
    /// <param name="finalRate">The learning rate of the final weights, 0 to 255.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Update(MixingMemory memory, int bit, int rate, int finalRate)
    {
        ref int inputs = ref MemoryMarshal.GetArrayDataReference(Inputs);
        Vector256<int> half = Vector256.Create(1 << 13);
        Vector256<int> most = Vector256.Create(LargestWeight);
        for (int set = 0; set < Sets; set++)
        {
            int error = (((bit << 16) - _probabilities[set]) * rate) >> 8;
            if (error == 0)
            {
                continue;
            }

            ref int weights = ref memory.Weights[_rows[set]];
            Vector256<int> errors = Vector256.Create(error);
            for (int i = 0; i < Width; i += Vector256<int>.Count)
            {
                Vector256<int> move = Vector256.ShiftRightArithmetic(
                    (Vector256.LoadUnsafe(ref inputs, (nuint)i) * errors) + half, 14);
                Vector256<int> moved = Vector256.LoadUnsafe(ref weights, (nuint)i) + move;
                Vector256.Max(-most, Vector256.Min(most, moved)).StoreUnsafe(ref weights, (nuint)i);
            }
        }

        int finalError = (((bit << 16) - Probability) * finalRate) >> 8;
        for (int set = 0; set < Sets; set++)
        {
            ref int weight = ref memory.FinalWeights[_final + set];
            weight = Math.Clamp(weight + (((_logits[set] * finalError) + (1 << 13)) >> 14), -LargestWeight,
                LargestWeight);
        }
    }
}
