using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.Media;

/// <summary>
/// Tables from a hash of exact neighbouring samples to the few values that came there, with counts.
/// </summary>
/// <remarks>
/// A slot is 32 bytes: seven values, a check of the hash, and the values' counts. Memory: 32 bytes times 2^bits for
/// each table.
/// </remarks>
internal sealed class ExactContexts
{
    private const int Values = 7;
    private const int SlotSize = 16;
    private const int MostCount = 120;

    private readonly int _bits;
    private readonly ushort[] _slots;

    /// <summary>Tables of 2^<paramref name="bits"/> slots each.</summary>
    internal ExactContexts(int tables, int bits)
    {
        _bits = bits;
        _slots = new ushort[(tables << bits) * SlotSize];
    }

    /// <summary>Forgets everything.</summary>
    internal void Reset() => Array.Clear(_slots);

    /// <summary>The slot of a context in a table; emptied where it held another context.</summary>
    internal int Find(int table, ulong hash) // spec 13.4-11
    {
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        int slot = ((table << _bits) + (int)(hash >> (64 - _bits))) * SlotSize;
        ushort check = (ushort)((hash >> 8) | 1);
        if (_slots[slot + Values] != check)
        {
            _slots.AsSpan(slot, SlotSize).Clear();
            _slots[slot + Values] = check;
        }

        return slot;
    }

    /// <summary>How often values of at least <paramref name="threshold"/> came in a slot's context.</summary>
    internal int CountFrom(int slot, int threshold)
    {
        ref ushort start = ref MemoryMarshal.GetReference(_slots.AsSpan(slot, SlotSize));
        Vector128<ushort> values = Vector128.LoadUnsafe(ref start);
        Vector128<ushort> counts = Vector128.LoadUnsafe(ref start, SlotSize / 2);
        return Vector128.Sum(
            Vector128.GreaterThanOrEqual(values, Vector128.Create((ushort)threshold)) & counts);
    }

    /// <summary>What a slot's counts say: 0 nothing, 1 little, 2 several values, 3 mostly one value.</summary>
    internal int Confidence(int slot)
    {
        int total = 0;
        int most = 0;
        foreach (ushort count in _slots.AsSpan(slot + Values + 1, Values))
        {
            total += count;
            most = Math.Max(most, count);
        }

        return total == 0 ? 0 : total < 3 ? 1 : most * 4 >= total * 3 ? 3 : 2;
    }

    /// <summary>Counts a value. A new one takes the place of the one that came least.</summary>
    internal void Count(int slot, int value) // spec 13.4-12
    {
        Span<ushort> values = _slots.AsSpan(slot, Values);
        Span<ushort> counts = _slots.AsSpan(slot + Values + 1, Values);
        int least = 0;
        for (int i = 0; i < Values; i++)
        {
            if (counts[i] != 0 && values[i] == value)
            {
                if (counts[i] >= MostCount)
                {
                    foreach (ref ushort count in counts)
                    {
                        count >>= 1;
                    }
                }

                counts[i]++;
                return;
            }

            if (counts[i] < counts[least])
            {
                least = i;
            }
        }

        values[least] = (ushort)value;
        counts[least] = 1;
    }
}
