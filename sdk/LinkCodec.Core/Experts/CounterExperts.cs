using System.Runtime.CompilerServices;

namespace LinkCodec.Core.Experts;

/// <summary>Experts that count the bits seen in a context. Their slots have no check: contexts that meet share them.</summary>
/// <remarks>Spec: protocol-spec/10-experts.md, section 4.</remarks>
internal sealed class CounterExperts
{
    private const int Count = ExpertLayout.Counters;
    private const int SlotMask = (1 << ExpertLayout.CounterSlotBits) - 1;
    private readonly int[] _bases = new int[Count];
    private readonly int[] _slots = new int[Count];
    private readonly int[] _cells = new int[Count];

    /// <summary>Takes a context, before a byte. The first expert has none.</summary>
    internal void Look(int expert, uint context) => _bases[expert] = (int)(context >> (32 - ExpertLayout.CounterSlotBits));

    /// <summary>Writes the logits for the next bit; 0 for a counter that has seen nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Predict(ExpertMemory memory, ushort[] map, int partial, int[] inputs)
    {
        ushort[] counters = memory.CounterSlots;
        for (int i = 0; i < Count; i++)
        {
            // spec 10.4-2
            int slot = i == 0 ? partial : (i << ExpertLayout.CounterSlotBits) + ((_bases[i] + (partial * 0x9E5)) & SlotMask);
            int counter = counters[slot];
            int cell = (i * ExpertLayout.CounterCells) + ((counter & 15) << 6) + (counter >> 10);
            _slots[i] = slot;
            _cells[i] = cell;
            inputs[ExpertLayout.Followers + i] = (counter & 15) == 0 ? 0 : LogScale.Stretch(map[cell]);
        }
    }

    /// <summary>Trains the map with the bit that came; before <see cref="Learn"/>.</summary>
    internal void Train(ushort[] map, int bit, int shift)
    {
        foreach (int cell in _cells)
        {
            MapCell.Train(ref map[cell], bit != 0, shift);
        }
    }

    /// <summary>Counts the bit that came.</summary>
    internal void Learn(ExpertMemory memory, int bit)
    {
        ushort[] counters = memory.CounterSlots;
        for (int i = 0; i < Count; i++)
        {
            counters[_slots[i]] = MapCell.Count(counters[_slots[i]], bit, i == 0 ? 15 : 12);
        }
    }
}
