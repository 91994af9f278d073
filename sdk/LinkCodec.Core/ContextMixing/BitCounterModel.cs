using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.ContextMixing;

/// <summary>Counts the bits seen in contexts. The slots have no check: contexts that meet share them.</summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 4.</remarks>
internal sealed class BitCounterModel
{
    private const int Count = MixingLayout.CounterContexts;
    private const int Room = 16; // two vectors
    private const int PackedA = Count - 2;
    private const int PackedB = Count - 1;
    private const int SlotMask = (1 << MixingLayout.CounterSlotBits) - 1;
    private readonly int[] _bases = new int[Room];  // the slot that each context gives, without the byte's bits
    private bool _packed;                           // whether the last two contexts are used
    private readonly int[] _slots = new int[Room];  // the counters' places
    private readonly int[] _values = new int[Room]; // the counters, before the bit and then after

    /// <summary>Takes a context, before a byte. The first one is order 0 and needs none.</summary>
    internal void SetContext(int index, uint context) =>
        _bases[index] = (int)(context >> (32 - MixingLayout.CounterSlotBits));

    /// <summary>Begins a message.</summary>
    /// <param name="isBinary">Whether its last two contexts, of packed numbers, are used.</param>
    internal void Begin(bool isBinary) => _packed = isBinary;

    /// <summary>Takes the contexts of packed numbers, before a bit.</summary>
    internal void SetPacked(uint placed, uint free)
    {
        SetContext(PackedA, placed);
        SetContext(PackedB, free);
    }

    /// <summary>Writes the logits for the next bit; 0 for a counter that has seen nothing.</summary>
    internal void Predict(MixingMemory memory, MapLogits logits, int partial, int[] inputs)
    {
        // spec 10.4-2
        ref int bases = ref MemoryMarshal.GetArrayDataReference(_bases);
        ref int slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        Vector256<int> step = Vector256.Create(partial * 0x9E5);
        Vector256<int> mask = Vector256.Create(SlotMask);
        Vector256<int> starts = Vector256<int>.Indices << MixingLayout.CounterSlotBits;
        (((Vector256.LoadUnsafe(ref bases) + step) & mask) + starts).StoreUnsafe(ref slots);
        (((Vector256.LoadUnsafe(ref bases, 8) + step) & mask) + starts
            + Vector256.Create(8 << MixingLayout.CounterSlotBits)).StoreUnsafe(ref slots, 8);
        slots = partial & SlotMask;
        if (_packed)
        {
            Unsafe.Add(ref slots, PackedA) = (PackedA << MixingLayout.CounterSlotBits) + _bases[PackedA];
            Unsafe.Add(ref slots, PackedB) = (PackedB << MixingLayout.CounterSlotBits) + _bases[PackedB];
        }

        // A slot is inside its context's counters, and an entry inside its context's map.
        ref ushort counters = ref MemoryMarshal.GetArrayDataReference(memory.BitCounters);
        ref int values = ref MemoryMarshal.GetArrayDataReference(_values);
        ref short entries = ref logits.Values[MapLogits.CounterStart];
        ref int input = ref MemoryMarshal.GetReference(inputs.AsSpan(MixingLayout.RunContexts, Count));
        Load(ref counters, ref slots, ref values, ref entries, ref input, 0);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 1);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 2);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 3);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 4);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 5);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 6);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 7);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 8);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 9);
        Load(ref counters, ref slots, ref values, ref entries, ref input, 10);
        if (_packed)
        {
            Load(ref counters, ref slots, ref values, ref entries, ref input, PackedA);
            Load(ref counters, ref slots, ref values, ref entries, ref input, PackedB);
        }
        else
        {
            Unsafe.Add(ref input, PackedA) = Unsafe.Add(ref input, PackedB) = 0;
        }
    }

    /// <summary>Trains the map with the bit that came; before <see cref="Update"/>.</summary>
    internal void Train(ushort[] map, MapLogits logits, int bit, int shift)
    {
        for (int i = 0; i < (_packed ? Count : PackedA); i++)
        {
            int entry = (i * MixingLayout.CounterMapEntries) + ((_values[i] & 15) << 6) + (_values[i] >> 10);
            logits.Train(map, MapLogits.CounterStart, MapLogits.CounterStart + entry, bit != 0, shift);
        }
    }

    /// <summary>Counts the bit that came.</summary>
    internal void Update(MixingMemory memory, int bit)
    {
        ref ushort counters = ref MemoryMarshal.GetArrayDataReference(memory.BitCounters);
        ref int slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        ref int values = ref MemoryMarshal.GetArrayDataReference(_values);
        Vector256<int> limits = Vector256.Create(12);
        BitCounter.Update(ref values, bit, limits.WithElement(0, 15));
        BitCounter.Update(ref Unsafe.Add(ref values, 8), bit, limits);
        Store(ref counters, ref slots, ref values, 0);
        Store(ref counters, ref slots, ref values, 1);
        Store(ref counters, ref slots, ref values, 2);
        Store(ref counters, ref slots, ref values, 3);
        Store(ref counters, ref slots, ref values, 4);
        Store(ref counters, ref slots, ref values, 5);
        Store(ref counters, ref slots, ref values, 6);
        Store(ref counters, ref slots, ref values, 7);
        Store(ref counters, ref slots, ref values, 8);
        Store(ref counters, ref slots, ref values, 9);
        Store(ref counters, ref slots, ref values, 10);
        if (_packed)
        {
            Store(ref counters, ref slots, ref values, PackedA);
            Store(ref counters, ref slots, ref values, PackedB);
        }
    }

    // The index is a constant. The entry is the counter's count above the first six bits of its probability: the
    // product has the counter twice, side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(ref ushort counters, ref int slots, ref int values, ref short logits, ref int inputs,
        nint index)
    {
        uint counter = Unsafe.Add(ref counters, (nint)Unsafe.Add(ref slots, index));
        Unsafe.Add(ref values, index) = (int)counter;
        uint entry = (counter * 0x10001 >> 10) & (MixingLayout.CounterMapEntries - 1);
        Unsafe.Add(ref inputs, index) =
            Unsafe.Add(ref logits, (nint)entry + (index * MixingLayout.CounterMapEntries));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref ushort counters, ref int slots, ref int values, nint index) =>
        Unsafe.Add(ref counters, (nint)Unsafe.Add(ref slots, index)) = (ushort)Unsafe.Add(ref values, index);
}
