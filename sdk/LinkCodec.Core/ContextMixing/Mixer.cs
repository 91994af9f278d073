using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    private Rows _rows; // starts of the selected rows
    private readonly int[] _logits = new int[MixingLayout.FinalInputs];
    private readonly int[] _probabilities = new int[MixingLayout.FinalInputs];
    private readonly int[] _errors = new int[MixingLayout.FinalInputs];
    private readonly ushort[] _squash = LogisticTables.SquashTable;
    private int _final;

    /// <summary>The models' logits, and 256 for the bias; set before <see cref="Predict"/>.</summary>
    internal int[] Inputs { get; } = new int[Width];

    /// <summary>-1 for each input whose sign is the other one, 0 for the others: <see cref="Predict"/> turns them.
    /// </summary>
    internal int[] Signs { get; } = new int[Width];

    /// <summary>The last prediction: the probability of a 1, 1 to 65,535.</summary>
    internal int Probability { get; private set; } = 32768;

    /// <summary>Selects a row of a set for the next prediction.</summary>
    internal void Select(int set, int row) => _rows[set] = (MixingLayout.SetStarts[set] + row) * Width;

    /// <summary>Selects the final row.</summary>
    internal void SelectFinal(int row) => _final = row * MixingLayout.FinalInputs;

    /// <summary>Predicts the next bit from the inputs and the selected rows. spec 10.6-1, 10.6-2</summary>
    internal void Predict(MixingMemory memory)
    {
        // The six vectors of inputs stay in registers for all sets.
        ref int inputs = ref MemoryMarshal.GetArrayDataReference(Inputs);
        ref int signs = ref MemoryMarshal.GetArrayDataReference(Signs);
        Vector256<int> x0 = Signed(ref inputs, ref signs, 0);
        Vector256<int> x1 = Signed(ref inputs, ref signs, 8);
        Vector256<int> x2 = Signed(ref inputs, ref signs, 16);
        Vector256<int> x3 = Signed(ref inputs, ref signs, 24);
        Vector256<int> x4 = Signed(ref inputs, ref signs, 32);
        Vector256<int> x5 = Signed(ref inputs, ref signs, 40);
        int[] weights = memory.Weights;
        Vector128<int> first = Sums(
            Dot(ref Row(weights, _rows[0]), x0, x1, x2, x3, x4, x5),
            Dot(ref Row(weights, _rows[1]), x0, x1, x2, x3, x4, x5),
            Dot(ref Row(weights, _rows[2]), x0, x1, x2, x3, x4, x5),
            Dot(ref Row(weights, _rows[3]), x0, x1, x2, x3, x4, x5));
        Vector128<int> second = Sums(
            Dot(ref Row(weights, _rows[4]), x0, x1, x2, x3, x4, x5),
            Dot(ref Row(weights, _rows[5]), x0, x1, x2, x3, x4, x5),
            Vector256<int>.Zero, Vector256<int>.Zero);
        Vector128<int> most = Vector128.Create(LogisticTables.LargestLogit);
        ref int logits = ref MemoryMarshal.GetArrayDataReference(_logits);
        Vector128.Max(Vector128.Min(first >> 8, most), -most).StoreUnsafe(ref logits);
        Vector128.Max(Vector128.Min(second >> 8, most), -most).StoreUnsafe(ref logits, 4);

        ReadOnlySpan<int> final = memory.FinalWeights.AsSpan(_final, Sets);
        ref ushort squash = ref _squash[LogisticTables.LargestLogit]; // logits are within its limits now
        ref int probabilities = ref MemoryMarshal.GetArrayDataReference(_probabilities);
        long sum = 0;
        for (int set = 0; set < Sets; set++)
        {
            int logit = Unsafe.Add(ref logits, set);
            Unsafe.Add(ref probabilities, set) = Unsafe.Add(ref squash, logit);
            sum += (long)logit * final[set];
        }

        Probability = Unsafe.Add(ref squash,
            (int)Math.Clamp(sum >> 14, -LogisticTables.LargestLogit, LogisticTables.LargestLogit));
    }

    /// <summary>Moves the weights towards what came. spec 10.6-3, 10.6-4</summary>
    /// <param name="memory">The stream's memory.</param>
    /// <param name="bit">The bit that came.</param>
    /// <param name="rate">The learning rate of the sets' weights, 0 to 1,023: more could overflow.</param>
    /// <param name="finalRate">The learning rate of the final weights, 0 to 255.</param>
    internal void Update(MixingMemory memory, int bit, int rate, int finalRate)
    {
        ref int inputs = ref MemoryMarshal.GetArrayDataReference(Inputs);
        Vector256<int> x0 = Vector256.LoadUnsafe(ref inputs);
        Vector256<int> x1 = Vector256.LoadUnsafe(ref inputs, 8);
        Vector256<int> x2 = Vector256.LoadUnsafe(ref inputs, 16);
        Vector256<int> x3 = Vector256.LoadUnsafe(ref inputs, 24);
        Vector256<int> x4 = Vector256.LoadUnsafe(ref inputs, 32);
        Vector256<int> x5 = Vector256.LoadUnsafe(ref inputs, 40);
        Vector256<int> half = Vector256.Create(1 << 13);
        Vector256<int> most = Vector256.Create(LargestWeight);
        Vector256<int> least = -most;
        Vector256<int> came = Vector256.Create(bit << 16);
        ref int errors = ref MemoryMarshal.GetArrayDataReference(_errors);
        (((came - Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_probabilities)))
            * Vector256.Create(rate)) >> 8).StoreUnsafe(ref errors);
        int[] weights = memory.Weights;
        for (int set = 0; set < Sets; set++)
        {
            int error = Unsafe.Add(ref errors, set);
            if (error == 0)
            {
                continue;
            }

            ref int row = ref Row(weights, _rows[set]);
            Vector256<int> by = Vector256.Create(error);
            Move(ref row, 0, x0, by, half, most, least);
            Move(ref row, 8, x1, by, half, most, least);
            Move(ref row, 16, x2, by, half, most, least);
            Move(ref row, 24, x3, by, half, most, least);
            Move(ref row, 32, x4, by, half, most, least);
            Move(ref row, 40, x5, by, half, most, least);
        }

        int finalError = (((bit << 16) - Probability) * finalRate) >> 8;
        Move(ref MemoryMarshal.GetReference(memory.FinalWeights.AsSpan(_final, MixingLayout.FinalInputs)), 0,
            Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_logits)), Vector256.Create(finalError), half,
            most, least);
    }

    // One check for the row's 48 weights.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref int Row(int[] weights, int start) =>
        ref MemoryMarshal.GetReference(weights.AsSpan(start, Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Signed(ref int inputs, ref int signs, nuint at)
    {
        Vector256<int> sign = Vector256.LoadUnsafe(ref signs, at);
        Vector256<int> signed = (Vector256.LoadUnsafe(ref inputs, at) ^ sign) - sign;
        signed.StoreUnsafe(ref inputs, at);
        return signed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot(ref int weights, Vector256<int> x0, Vector256<int> x1, Vector256<int> x2,
        Vector256<int> x3, Vector256<int> x4, Vector256<int> x5) =>
        (((x0 * Vector256.LoadUnsafe(ref weights)) >> 6) + ((x1 * Vector256.LoadUnsafe(ref weights, 8)) >> 6))
        + (((x2 * Vector256.LoadUnsafe(ref weights, 16)) >> 6) + ((x3 * Vector256.LoadUnsafe(ref weights, 24)) >> 6))
        + (((x4 * Vector256.LoadUnsafe(ref weights, 32)) >> 6) + ((x5 * Vector256.LoadUnsafe(ref weights, 40)) >> 6));

    // The sum of each of four vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Sums(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d)
    {
        if (Avx2.IsSupported)
        {
            Vector256<int> sums = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(c, d));
            return sums.GetLower() + sums.GetUpper();
        }

        return Vector128.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(ref int weights, nuint at, Vector256<int> inputs, Vector256<int> error,
        Vector256<int> half, Vector256<int> most, Vector256<int> least)
    {
        Vector256<int> moved = Vector256.LoadUnsafe(ref weights, at) + (((inputs * error) + half) >> 14);
        Vector256.Max(least, Vector256.Min(most, moved)).StoreUnsafe(ref weights, at);
    }

    [InlineArray(Sets)]
    private struct Rows
    {
        private int _first;
    }
}
