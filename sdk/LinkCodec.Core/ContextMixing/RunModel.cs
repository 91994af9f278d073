using System.Runtime.CompilerServices;

namespace LinkCodec.Core.ContextMixing;

/// <summary>Knows of each context which byte came last in it, how often in a row, and which one before that.</summary>
/// <remarks>
/// A slot holds, from the top: 8 bits of check, the byte before, 4 bits that tell for the last four times whether the
/// last byte came again, 4 bits of its run, the last byte. Four slots share a bucket; the one with the shortest run is
/// replaced. Spec: protocol-spec/10-context-mixing.md, section 3.
/// </remarks>
internal sealed class RunModel
{
    private const int Count = MixingLayout.RunContexts;
    private const int LongestRun = 15;
    private const int LowOrders = 5; // The first five contexts are the last 2 to 6 bytes.
    private readonly Lookup[] _lookups = new Lookup[Count];

    /// <summary>Contexts that expect a 1, and a 0, in the present bit.</summary>
    internal int ForOne { get; private set; }

    internal int ForZero { get; private set; }

    /// <summary>The longest of the five low orders that expects anything: 0 to 5.</summary>
    internal int LongestOrder { get; private set; }

    /// <summary>Looks a context up, before a byte.</summary>
    internal void SetContext(MixingMemory memory, int index, uint context)
    {
        uint hash = ContextHash.Of(context, ((uint)index * 0x1234567) + 1); // spec 10.3-1
        ref Lookup lookup = ref _lookups[index];
        (lookup.Hash, lookup.Found, lookup.Value) = (hash, -1, 0);
        int bucket = Bucket(hash);
        for (int slot = bucket; slot < bucket + 4; slot++)
        {
            uint value = memory.RunSlots[slot];
            if (value >> 24 == (hash & 0xFF) && (value & 0xF00) != 0)
            {
                (lookup.Found, lookup.Value) = (slot, value);
                return;
            }
        }
    }

    /// <summary>Writes the logits for the next bit.</summary>
    /// <param name="map">The profile's map of runs.</param>
    /// <param name="partial">The byte's bits so far behind a 1.</param>
    /// <param name="bit">The number of the byte's bits so far.</param>
    /// <param name="inputs">The mixer's inputs; the first <see cref="MixingLayout.RunContexts"/> are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Predict(ushort[] map, int partial, int bit, int[] inputs)
    {
        (ForOne, ForZero, LongestOrder) = (0, 0, 0);
        int phase = bit == 0 ? 0 : bit < 4 ? 1 : bit < 6 ? 2 : 3;
        for (int i = 0; i < Count; i++)
        {
            ref Lookup lookup = ref _lookups[i];
            uint slot = lookup.Value;
            inputs[i] = 0;
            lookup.Entry = -1;
            if (slot == 0)
            {
                continue;
            }

            int last = (int)(slot & 0xFF) | 256;
            int before = (int)((slot >> 16) & 0xFF) | 256;
            // spec 10.3-3
            int state = (((RunClass((int)(slot >> 8) & 15) << 4) | ((int)(slot >> 12) & 15)) << 2) | phase;
            bool beforeFits = before != last && before >> (8 - bit) == partial;
            int expected;
            int entry;
            if (last >> (8 - bit) == partial)
            {
                expected = (last >> (7 - bit)) & 1;
                int other = !beforeFits ? 0 : ((before >> (7 - bit)) & 1) == expected ? 1 : 2;
                entry = (i * MixingLayout.RunMapEntries) + (other << 9) + state;
                ForOne += expected;
                ForZero += 1 - expected;
                if (i < LowOrders)
                {
                    LongestOrder = i + 1;
                }
            }
            else if (beforeFits)
            {
                expected = (before >> (7 - bit)) & 1;
                entry = (i * MixingLayout.RunMapEntries) + 2048 + state;
            }
            else
            {
                continue;
            }

            lookup.Entry = (entry << 1) | expected;
            int logit = LogisticTables.Stretch(map[entry]);
            inputs[i] = expected != 0 ? logit : -logit;
        }
    }

    /// <summary>Trains the map with the bit that came.</summary>
    internal void Train(ushort[] map, int bit, int shift)
    {
        foreach (Lookup lookup in _lookups)
        {
            if (lookup.Entry >= 0)
            {
                AdaptiveProbability.Update(ref map[lookup.Entry >> 1], (lookup.Entry & 1) == bit, shift);
            }
        }
    }

    /// <summary>Learns the byte that came. spec 10.3-2</summary>
    internal void Update(MixingMemory memory, byte value)
    {
        uint[] slots = memory.RunSlots;
        foreach (ref Lookup lookup in _lookups.AsSpan())
        {
            uint check = lookup.Hash << 24;
            if (lookup.Found < 0)
            {
                slots[Replace(slots, Bucket(lookup.Hash))] = check | ((uint)value << 16) | (1u << 8) | value;
                continue;
            }

            // Another context of the same byte may have replaced the slot meanwhile: what was read before the byte
            // counts.
            uint slot = lookup.Value;
            uint last = slot & 0xFF;
            uint run = (slot >> 8) & 15;
            uint history = (slot >> 12) & 15;
            uint before = (slot >> 16) & 0xFF;
            if (last == value)
            {
                run = Math.Min(run + 1, LongestRun);
                history = ((history << 1) | 1) & 15;
            }
            else
            {
                (before, last, run) = (last, value, 1);
                history = (history << 1) & 15;
            }

            slots[lookup.Found] = check | (before << 16) | (history << 12) | (run << 8) | last;
        }
    }

    private static int Bucket(uint hash) => (int)(hash >> (34 - MixingLayout.RunSlotBits)) << 2;

    private static int RunClass(int run) => run < 5 ? run - 1 : run < 8 ? 4 : run < 12 ? 5 : run < 15 ? 6 : 7;

    // The first slot of least priority; the others age.
    private static int Replace(uint[] slots, int bucket)
    {
        int best = bucket;
        uint least = uint.MaxValue;
        for (int slot = bucket; slot < bucket + 4; slot++)
        {
            uint priority = ((slots[slot] >> 8) & 15) + ((slots[slot] & 0xF000) != 0 ? 1u : 0);
            if (priority < least)
            {
                (least, best) = (priority, slot);
            }
        }

        for (int slot = bucket; slot < bucket + 4; slot++)
        {
            if (slot != best && ((slots[slot] >> 8) & 15) > 4)
            {
                slots[slot] -= 1u << 8;
            }
        }

        return best;
    }

    private struct Lookup
    {
        public uint Hash;
        public int Found;  // the slot that was found; -1 for none
        public uint Value; // the slot's value before the byte; 0 for none
        public int Entry;  // 2 * the map's entry + the expected bit; -1 for none
    }
}
