using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.PrimedMixing;

/// <summary>
/// Logistic mixing in one layer: the weights of an input are the sum of those in three rows, one of each set, which
/// learn alike. Not thread-safe.
/// </summary>
/// <remarks>
/// Integers only; sums of integers have no order, so vectors of any width give the same. Source: Mahoney, "Adaptive
/// weighing of context models for lossless data compression", 2005. Spec: protocol-spec/16-primed-mixing.md, section 5.
/// </remarks>
internal sealed class PrimedMixer
{
    /// <summary>The learning rate of a code.</summary>
    internal const int UsualRate = 20;

    private const int Width = PrimedLayout.RowSize;
    private const int SetSize = PrimedLayout.Rows * Width;
    internal const int LargestWeight = (1 << 17) - 1;
    private readonly int[] _weights = new int[PrimedLayout.Sets * SetSize];
    private readonly ushort[] _squash = LogisticTables.SquashTable;
    private int _first;
    private int _second;
    private int _third;

    /// <summary>The weights as they are now.</summary>
    internal int[] Weights => _weights;

    /// <summary>Begins a code.</summary>
    internal void Begin(PrimedModel model) => model.Weights.CopyTo(_weights, 0);

    /// <summary>The probability of a 1, 1 to 65,535. spec 16.5-2</summary>
    /// <param name="logits">The first eight inputs.</param>
    /// <param name="others">The others.</param>
    /// <param name="partial">The row of the first set.</param>
    /// <param name="order">That of the second.</param>
    /// <param name="field">And that of the third, 0 to 255 each.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Predict(Vector256<int> logits, Vector128<int> others, int partial, int order, int field)
    {
        (_first, _second, _third) = (partial * Width, SetSize + (order * Width), (2 * SetSize) + (field * Width));
        ref int weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        ref int one = ref Unsafe.Add(ref weights, _first);
        ref int two = ref Unsafe.Add(ref weights, _second);
        ref int three = ref Unsafe.Add(ref weights, _third);
        Vector256<int> sums = ((Vector256.LoadUnsafe(ref one) + Vector256.LoadUnsafe(ref two)
            + Vector256.LoadUnsafe(ref three)) * logits) >> 6;
        Vector128<int> more = ((Vector128.LoadUnsafe(ref one, 8) + Vector128.LoadUnsafe(ref two, 8)
            + Vector128.LoadUnsafe(ref three, 8)) * others) >> 6;
        int sum = Vector128.Sum(sums.GetLower() + sums.GetUpper() + more) >> 8;
        return _squash[Math.Clamp(sum, -LogisticTables.LargestLogit, LogisticTables.LargestLogit)
            + LogisticTables.LargestLogit];
    }

    /// <summary>Moves the weights towards the bit that came. spec 16.5-3</summary>
    /// <param name="logits">The first eight inputs.</param>
    /// <param name="others">The others.</param>
    /// <param name="bit">The bit.</param>
    /// <param name="probability">The probability of a 1 that was predicted.</param>
    /// <param name="rate">The learning rate.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Update(Vector256<int> logits, Vector128<int> others, int bit, int probability, int rate)
    {
        int error = (((bit << 16) - probability) * rate) >> 8;
        Vector256<int> low = ((logits * error) + Vector256.Create(1 << 13)) >> 14;
        Vector128<int> high = ((others * error) + Vector128.Create(1 << 13)) >> 14;
        ref int weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        Move(ref Unsafe.Add(ref weights, _first), low, high);
        Move(ref Unsafe.Add(ref weights, _second), low, high);
        Move(ref Unsafe.Add(ref weights, _third), low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(ref int row, Vector256<int> low, Vector128<int> high)
    {
        Vector256<int> most = Vector256.Create(LargestWeight);
        Vector256.Max(-most, Vector256.Min(most, Vector256.LoadUnsafe(ref row) + low)).StoreUnsafe(ref row);
        Vector128.Max(-most.GetLower(), Vector128.Min(most.GetLower(), Vector128.LoadUnsafe(ref row, 8) + high))
            .StoreUnsafe(ref row, 8);
    }
}
