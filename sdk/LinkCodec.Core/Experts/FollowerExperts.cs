using System.Runtime.CompilerServices;

namespace LinkCodec.Core.Experts;

/// <summary>Experts that know which byte followed a context last, how often in a row, and which one before it.</summary>
/// <remarks>
/// A slot holds, from the top: 8 bits of check, the byte before, 4 bits that tell for the last four times whether the follower was right, 4 bits of its
/// run, the follower. Four slots share a bucket; the one with the shortest run gives way. Spec: protocol-spec/10-experts.md, section 3.
/// </remarks>
internal sealed class FollowerExperts
{
    private const int Count = ExpertLayout.Followers;
    private const int LongestRun = 15;
    private const int LowOrders = 5; // The first five contexts are the last 2 to 6 bytes.
    private readonly uint[] _hashes = new uint[Count];
    private readonly int[] _found = new int[Count]; // the slot, -1 for none
    private readonly uint[] _slots = new uint[Count];
    private readonly int[] _cells = new int[Count]; // 2 * cell + expected bit, -1 for none

    /// <summary>Experts that expect a 1, and a 0, in the present bit.</summary>
    internal int ForOne { get; private set; }

    internal int ForZero { get; private set; }

    /// <summary>The longest of the five low orders that expects anything: 0 to 5.</summary>
    internal int LongestOrder { get; private set; }

    /// <summary>Looks a context up, before a byte.</summary>
    internal void Look(ExpertMemory memory, int expert, uint context)
    {
        uint hash = Mix.Hash(context, ((uint)expert * 0x1234567) + 1); // spec 10.3-1
        _hashes[expert] = hash;
        _found[expert] = -1;
        _slots[expert] = 0;
        int bucket = Bucket(hash);
        for (int slot = bucket; slot < bucket + 4; slot++)
        {
            uint value = memory.FollowerSlots[slot];
            if (value >> 24 == (hash & 0xFF) && (value & 0xF00) != 0)
            {
                _found[expert] = slot;
                _slots[expert] = value;
                return;
            }
        }
    }

    /// <summary>Writes the logits for the next bit.</summary>
    /// <param name="map">The profile's.</param>
    /// <param name="partial">1 and the byte's bits so far.</param>
    /// <param name="bit">How many these are.</param>
    /// <param name="inputs">The mixer's; the first <see cref="ExpertLayout.Followers"/> are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Predict(ushort[] map, int partial, int bit, int[] inputs)
    {
        (ForOne, ForZero, LongestOrder) = (0, 0, 0);
        int phase = bit == 0 ? 0 : bit < 4 ? 1 : bit < 6 ? 2 : 3;
        for (int i = 0; i < Count; i++)
        {
            uint slot = _slots[i];
            inputs[i] = 0;
            _cells[i] = -1;
            if (slot == 0)
            {
                continue;
            }

            int first = (int)(slot & 0xFF) | 256;
            int second = (int)((slot >> 16) & 0xFF) | 256;
            int history = (((RunClass((int)(slot >> 8) & 15) << 4) | ((int)(slot >> 12) & 15)) << 2) | phase; // spec 10.3-3
            bool secondFits = second != first && second >> (8 - bit) == partial;
            int expected;
            int cell;
            if (first >> (8 - bit) == partial)
            {
                expected = (first >> (7 - bit)) & 1;
                int other = !secondFits ? 0 : ((second >> (7 - bit)) & 1) == expected ? 1 : 2;
                cell = (i * ExpertLayout.FollowerCells) + (other << 9) + history;
                ForOne += expected;
                ForZero += 1 - expected;
                if (i < LowOrders)
                {
                    LongestOrder = i + 1;
                }
            }
            else if (secondFits)
            {
                expected = (second >> (7 - bit)) & 1;
                cell = (i * ExpertLayout.FollowerCells) + 2048 + history;
            }
            else
            {
                continue;
            }

            _cells[i] = (cell << 1) | expected;
            int logit = LogScale.Stretch(map[cell]);
            inputs[i] = expected != 0 ? logit : -logit;
        }
    }

    /// <summary>Trains the map with the bit that came.</summary>
    internal void Train(ushort[] map, int bit, int shift)
    {
        foreach (int cell in _cells)
        {
            if (cell >= 0)
            {
                MapCell.Train(ref map[cell >> 1], (cell & 1) == bit, shift);
            }
        }
    }

    /// <summary>Learns the byte that came. spec 10.3-2</summary>
    internal void Learn(ExpertMemory memory, byte value)
    {
        uint[] slots = memory.FollowerSlots;
        for (int i = 0; i < Count; i++)
        {
            uint check = _hashes[i] << 24;
            if (_found[i] < 0)
            {
                slots[Claim(slots, Bucket(_hashes[i]))] = check | ((uint)value << 16) | (1u << 8) | value;
                continue;
            }

            // Another expert of the same byte may have claimed the slot meanwhile: what was read before the byte counts.
            uint slot = _slots[i];
            uint follower = slot & 0xFF;
            uint run = (slot >> 8) & 15;
            uint history = (slot >> 12) & 15;
            uint before = (slot >> 16) & 0xFF;
            if (follower == value)
            {
                run = Math.Min(run + 1, LongestRun);
                history = ((history << 1) | 1) & 15;
            }
            else
            {
                (before, follower, run) = (follower, value, 1);
                history = (history << 1) & 15;
            }

            slots[_found[i]] = check | (before << 16) | (history << 12) | (run << 8) | follower;
        }
    }

    private static int Bucket(uint hash) => (int)(hash >> (34 - ExpertLayout.FollowerSlotBits)) << 2;

    private static int RunClass(int run) => run < 5 ? run - 1 : run < 8 ? 4 : run < 12 ? 5 : run < 15 ? 6 : 7;

    // The first slot of least worth; the others age.
    private static int Claim(uint[] slots, int bucket)
    {
        int best = bucket;
        uint least = uint.MaxValue;
        for (int slot = bucket; slot < bucket + 4; slot++)
        {
            uint worth = ((slots[slot] >> 8) & 15) + ((slots[slot] & 0xF000) != 0 ? 1u : 0);
            if (worth < least)
            {
                (least, best) = (worth, slot);
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
}
