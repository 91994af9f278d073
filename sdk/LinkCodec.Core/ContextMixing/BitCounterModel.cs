using System.Runtime.CompilerServices;

namespace LinkCodec.Core.ContextMixing;

/// <summary>Counts the bits seen in contexts. The slots have no check: contexts that meet share them.</summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 4.</remarks>
internal sealed class BitCounterModel
{
    private const int Count = MixingLayout.CounterContexts;
    private const int SlotMask = (1 << MixingLayout.CounterSlotBits) - 1;
    private readonly Lookup[] _lookups = new Lookup[Count];

    /// <summary>Takes a context, before a byte. The first one is order 0 and needs none.</summary>
    internal void SetContext(int index, uint context) =>
        _lookups[index].Base = (int)(context >> (32 - MixingLayout.CounterSlotBits));

    /// <summary>Writes the logits for the next bit; 0 for a counter that has seen nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Predict(MixingMemory memory, ushort[] map, int partial, int[] inputs)
    {
        ushort[] counters = memory.BitCounters;
        for (int i = 0; i < Count; i++)
        {
            // spec 10.4-2
            ref Lookup lookup = ref _lookups[i];
            int slot = i == 0 ? partial : (i << MixingLayout.CounterSlotBits)
                + ((lookup.Base + (partial * 0x9E5)) & SlotMask);
            int counter = counters[slot];
            int entry = (i * MixingLayout.CounterMapEntries) + ((counter & 15) << 6) + (counter >> 10);
            (lookup.Slot, lookup.Entry) = (slot, entry);
            inputs[MixingLayout.RunContexts + i] = (counter & 15) == 0 ? 0 : LogisticTables.Stretch(map[entry]);
        }
    }

    /// <summary>Trains the map with the bit that came; before <see cref="Update"/>.</summary>
    internal void Train(ushort[] map, int bit, int shift)
    {
        foreach (Lookup lookup in _lookups)
        {
            AdaptiveProbability.Update(ref map[lookup.Entry], bit != 0, shift);
        }
    }

    /// <summary>Counts the bit that came.</summary>
    internal void Update(MixingMemory memory, int bit)
    {
        ushort[] counters = memory.BitCounters;
        for (int i = 0; i < Count; i++)
        {
            ref ushort counter = ref counters[_lookups[i].Slot];
            counter = BitCounter.Update(counter, bit, i == 0 ? 15 : 12);
        }
    }

    private struct Lookup
    {
        public int Base;  // the slot that the context gives, without the byte's bits
        public int Slot;  // the counter's place
        public int Entry; // the map's entry
    }
}
