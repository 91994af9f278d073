namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Says before each byte whether the message ends: counters, length fields of common headers, and the network's, mixed.
/// </summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 8.</remarks>
internal sealed class EndModel
{
    private const int Counters = 4;
    private const int Inputs = MixingLayout.EndInputs;
    private const int Rate = 8;
    private const int CounterLimit = 14;
    private readonly int[] _inputs = new int[Inputs];
    private readonly int[] _slots = new int[Counters];
    private readonly int[] _entries = new int[Counters + 2]; // -1: none
    private int _row;

    /// <summary>The probability of the end, 1 to 65,535.</summary>
    internal int Probability { get; private set; }

    /// <summary>Predicts whether the message ends. spec 10.8-1</summary>
    /// <param name="memory">The stream's memory.</param>
    /// <param name="map">The profile's map of ends.</param>
    /// <param name="contexts">The contexts of the place in the message.</param>
    /// <param name="network">The network's logit of the end; 0 without one.</param>
    internal void Predict(MixingMemory memory, ushort[] map, MessageContexts contexts, int network)
    {
        int length = contexts.Length;
        uint last = contexts.Last(0);
        Counter(memory, map, 0, last);
        Counter(memory, map, 1, (uint)Math.Min(length, MixingLayout.EndCounterSlots - 1));
        Counter(memory, map, 2, Slot(ContextHash.Of(last | (contexts.Last(1) << 8), contexts.Fields.Key)));
        Counter(memory, map, 3,
            Slot(ContextHash.Of(last | ((uint)Math.Min(contexts.Fields.Number, 63) << 8), contexts.Records.Head)));
        (int kind, int stated) = StatedLength(memory, contexts.MessageStart, length);
        Stated(map, 4, stated < 0 ? -1 : (kind * 4) + Place(length, stated));
        bool isLong = length > 0 && memory.At(contexts.MessageStart) >= 0x80; // Mode S: 112 bits or 56
        Stated(map, 5, length == 0 ? -1
            : contexts.BehindStar > 0 ? 24 + Math.Min(contexts.BehindStar, 4)
            : 16 + (isLong ? 4 : 0) + Place(length, isLong ? 14 : 7));
        _inputs[0] = network;
        _inputs[Inputs - 1] = 256;
        _row = contexts.Warmth * Inputs;
        long sum = 0;
        for (int i = 0; i < Inputs; i++)
        {
            sum += (long)_inputs[i] * memory.EndWeights[_row + i];
        }

        Probability = LogisticTables.Squash(
            (int)Math.Clamp(sum >> 14, -LogisticTables.LargestLogit, LogisticTables.LargestLogit));
    }

    /// <summary>Trains the map with what came; before <see cref="Update"/>.</summary>
    internal void Train(ushort[] map, bool ended, int shift)
    {
        foreach (int entry in _entries)
        {
            if (entry >= 0)
            {
                AdaptiveProbability.Update(ref map[entry], ended, shift);
            }
        }
    }

    /// <summary>Learns what came. spec 10.8-2</summary>
    internal void Update(MixingMemory memory, bool ended)
    {
        int bit = ended ? 1 : 0;
        int error = (((bit << 16) - Probability) * Rate) >> 8;
        for (int i = 0; i < Inputs; i++)
        {
            ref int weight = ref memory.EndWeights[_row + i];
            weight = Math.Clamp(weight + (((_inputs[i] * error) + (1 << 13)) >> 14), -(1 << 19), 1 << 19);
        }

        foreach (int slot in _slots)
        {
            memory.EndCounters[slot] = BitCounter.Update(memory.EndCounters[slot], bit, CounterLimit);
        }
    }

    private static uint Slot(uint context) => ContextHash.Of(context, 5) >> 23;

    private static int Place(int length, int stated) => length < stated ? 0 : length == stated ? 1 : 2;

    // UBX and RTCM 3 by their sync bytes; else as a CCSDS space packet's header would state it.
    internal static (int Kind, int Length) StatedLength(MixingMemory memory, int start, int length)
    {
        if (length < 6)
        {
            return (0, -1);
        }

        int b0 = memory.At(start);
        int b1 = memory.At(start + 1);
        int b4 = memory.At(start + 4);
        int b5 = memory.At(start + 5);
        return b0 == 0xB5 && b1 == 0x62 ? (1, (b4 | (b5 << 8)) + 8)
            : b0 == 0xD3 && (b1 & 0xFC) == 0 ? (2, (((b1 & 3) << 8) | memory.At(start + 2)) + 6)
            : (3, ((b4 << 8) | b5) + 7);
    }

    private void Counter(MixingMemory memory, ushort[] map, int index, uint slot)
    {
        _slots[index] = (index * MixingLayout.EndCounterSlots) + (int)slot;
        int counter = memory.EndCounters[_slots[index]];
        int entry = (index << 10) + ((counter & 15) << 6) + (counter >> 10);
        _entries[index] = entry;
        _inputs[1 + index] = (counter & 15) == 0 ? 0 : LogisticTables.Stretch(map[entry]);
    }

    private void Stated(ushort[] map, int index, int entry)
    {
        _entries[index] = entry < 0 ? -1 : (Counters << 10) + entry;
        _inputs[1 + index] = entry < 0 ? 0 : LogisticTables.Stretch(map[_entries[index]]);
    }
}
