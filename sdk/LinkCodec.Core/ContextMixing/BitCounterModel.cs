using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LinkCodec.Core.ContextMixing;

/// <summary>Counts the bits seen in contexts. The slots have no check: contexts that meet share them.</summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 4.</remarks>
internal sealed class BitCounterModel
{
    private const int Count = MixingLayout.CounterContexts;
    private const int SlotMask = (1 << MixingLayout.CounterSlotBits) - 1;
    private readonly int[] _bases = new int[Count];  // the slot that each context gives, without the byte's bits
    private readonly int[] _slots = new int[Count];  // the counters' places
    private readonly int[] _values = new int[Count]; // the counters before the bit

    /// <summary>Takes a context, before a byte. The first one is order 0 and needs none.</summary>
    internal void SetContext(int index, uint context) =>
        _bases[index] = (int)(context >> (32 - MixingLayout.CounterSlotBits));

    /// <summary>Writes the logits for the next bit; 0 for a counter that has seen nothing.</summary>
    internal void Predict(MixingMemory memory, MapLogits logits, int partial, int[] inputs)
    {
        // A slot is inside its context's counters, an entry inside its context's map.
        ref ushort counters = ref MemoryMarshal.GetArrayDataReference(memory.BitCounters);
        ref short entries = ref logits.Values[MapLogits.CounterStart];
        ref int input = ref MemoryMarshal.GetReference(inputs.AsSpan(MixingLayout.RunContexts, Count));
        ref int bases = ref MemoryMarshal.GetArrayDataReference(_bases);
        ref int slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        ref int values = ref MemoryMarshal.GetArrayDataReference(_values);
        int step = partial * 0x9E5;
        int slot = partial & SlotMask;
        for (int i = 0; ;)
        {
            // spec 10.4-2
            int counter = Unsafe.Add(ref counters, slot);
            Unsafe.Add(ref slots, i) = slot;
            Unsafe.Add(ref values, i) = counter;
            Unsafe.Add(ref input, i) = Unsafe.Add(ref entries,
                (i * MixingLayout.CounterMapEntries) + ((counter & 15) << 6) + (counter >> 10));
            if (++i == Count)
            {
                return;
            }

            slot = (i << MixingLayout.CounterSlotBits) + ((Unsafe.Add(ref bases, i) + step) & SlotMask);
        }
    }

    /// <summary>Trains the map with the bit that came; before <see cref="Update"/>.</summary>
    internal void Train(ushort[] map, MapLogits logits, int bit, int shift)
    {
        for (int i = 0; i < Count; i++)
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
        int[] rates = BitCounter.Rates;
        Unsafe.Add(ref counters, slots) = BitCounter.Update(rates, values, bit, 15);
        for (int i = 1; i < Count; i++)
        {
            Unsafe.Add(ref counters, Unsafe.Add(ref slots, i)) =
                BitCounter.Update(rates, Unsafe.Add(ref values, i), bit, 12);
        }
    }
}
