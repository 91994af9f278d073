namespace LinkCodec.Core.Experts;

/// <summary>Says before each byte whether the message ends: counters, length fields of common headers, and the network's opinion, mixed.</summary>
/// <remarks>Spec: protocol-spec/10-experts.md, section 8.</remarks>
internal sealed class EndExpert
{
    private const int Counters = 4;
    private const int Inputs = ExpertLayout.EndInputs;
    private const int Rate = 8;
    private const int CounterLimit = 14;
    private readonly int[] _inputs = new int[Inputs];
    private readonly int[] _slots = new int[Counters];
    private readonly int[] _cells = new int[Counters + 2]; // -1: none
    private int _row;

    /// <summary>The probability of the end, 1 to 65,535.</summary>
    internal int Probability { get; private set; }

    /// <summary>Predicts. spec 10.8-1</summary>
    /// <param name="memory">The stream's.</param>
    /// <param name="map">The profile's.</param>
    /// <param name="reader">Where the message stands.</param>
    /// <param name="network">The network's logit of the end; 0 without one.</param>
    internal void Predict(ExpertMemory memory, ushort[] map, MessageReader reader, int network)
    {
        int length = reader.Length;
        uint last = reader.Last(0);
        Counter(memory, map, 0, last);
        Counter(memory, map, 1, (uint)Math.Min(length, ExpertLayout.EndSlots - 1));
        Counter(memory, map, 2, Slot(Mix.Hash(last | (reader.Last(1) << 8), reader.Fields.Key)));
        Counter(memory, map, 3, Slot(Mix.Hash(last | ((uint)Math.Min(reader.Fields.Number, 63) << 8), reader.Records.Head)));
        (int kind, int stated) = StatedLength(memory, reader.MessageStart, length);
        Stated(map, 4, stated < 0 ? -1 : (kind * 4) + Place(length, stated));
        bool isLong = length > 0 && memory.At(reader.MessageStart) >= 0x80; // Mode S: 112 bits or 56
        Stated(map, 5, length == 0 ? -1 : 16 + (isLong ? 4 : 0) + Place(length, isLong ? 14 : 7));
        _inputs[0] = network;
        _inputs[Inputs - 1] = 256;
        _row = reader.Warmth * Inputs;
        long sum = 0;
        for (int i = 0; i < Inputs; i++)
        {
            sum += (long)_inputs[i] * memory.EndWeights[_row + i];
        }

        Probability = LogScale.Squash((int)Math.Clamp(sum >> 14, -LogScale.Largest, LogScale.Largest));
    }

    /// <summary>Trains the map with what came; before <see cref="Learn"/>.</summary>
    internal void Train(ushort[] map, bool ended, int shift)
    {
        foreach (int cell in _cells)
        {
            if (cell >= 0)
            {
                MapCell.Train(ref map[cell], ended, shift);
            }
        }
    }

    /// <summary>Learns what came. spec 10.8-2</summary>
    internal void Learn(ExpertMemory memory, bool ended)
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
            memory.EndSlots[slot] = MapCell.Count(memory.EndSlots[slot], bit, CounterLimit);
        }
    }

    private static uint Slot(uint context) => Mix.Hash(context, 5) >> 23;

    private static int Place(int length, int stated) => length < stated ? 0 : length == stated ? 1 : 2;

    // UBX and RTCM 3 by their sync bytes; else as a CCSDS space packet's header would state it.
    private static (int Kind, int Length) StatedLength(ExpertMemory memory, int start, int length)
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

    private void Counter(ExpertMemory memory, ushort[] map, int index, uint slot)
    {
        _slots[index] = (index * ExpertLayout.EndSlots) + (int)slot;
        int counter = memory.EndSlots[_slots[index]];
        int cell = (index << 10) + ((counter & 15) << 6) + (counter >> 10);
        _cells[index] = cell;
        _inputs[1 + index] = (counter & 15) == 0 ? 0 : LogScale.Stretch(map[cell]);
    }

    private void Stated(ushort[] map, int index, int cell)
    {
        _cells[index] = cell < 0 ? -1 : (Counters << 10) + cell;
        _inputs[1 + index] = cell < 0 ? 0 : LogScale.Stretch(map[_cells[index]]);
    }
}
