using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.ContextMixing;

/// <summary>Knows of each context which byte came last in it, how often in a row, and which one before that.</summary>
/// <remarks>
/// A slot holds, from the top: 8 bits of check, the byte before, 4 bits that tell for the last four times whether the
/// last byte came again, 4 bits of its run, the last byte. Four slots share a bucket; the one with the shortest run is
/// replaced. The contexts are worked on side by side, in vectors of integers that give the same on every processor.
/// Spec: protocol-spec/10-context-mixing.md, section 3.
/// </remarks>
internal sealed class RunModel
{
    private const int Count = MixingLayout.RunContexts;
    private const int Half = Count / 2; // a vector's
    private const int LongestRun = 15;
    private const uint LowOrders = (1 << 5) - 1; // The first five contexts are the last 2 to 6 bytes.
    private static ReadOnlySpan<byte> ScoreWeights => [1, 2, 3, 4, 5, 3, 3, 3, 2, 1, 1, 2, 2, 2, 1, 0];

    private readonly uint[] _hashes = new uint[Count];
    private readonly int[] _found = new int[Count];    // the slot that was found; -1 for none
    private readonly uint[] _values = new uint[Count]; // the slot's value before the byte; 0 for none
    private readonly int[] _last = new int[Count];     // the last byte behind a 1; 0 for none
    private readonly int[] _before = new int[Count];   // the byte before it, if it is another; 0 for none
    private readonly int[] _states = new int[Count];   // the map's entry without what depends on the bit
    private readonly int[] _entries = new int[Count];
    private readonly uint[] _next = new uint[Count];

    /// <summary>Contexts that expect a 1, and a 0, in the present bit.</summary>
    internal int ForOne { get; private set; }

    internal int ForZero { get; private set; }

    /// <summary>The longest of the five low orders that expects anything: 0 to 5.</summary>
    internal int LongestOrder { get; private set; }

    /// <summary>Looks a context up, before a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetContext(MixingMemory memory, int index, uint context)
    {
        uint hash = ContextHash.Of(context, ((uint)index * 0x1234567) + 1); // spec 10.3-1
        int bucket = Bucket(hash);
        Vector128<uint> slots = Vector128.Create(memory.RunSlots.AsSpan(bucket, 4));
        Vector128<uint> fits = Vector128.Equals(slots >> 24, Vector128.Create(hash & 0xFF))
            & ~Vector128.Equals(slots & Vector128.Create(0xF00u), Vector128<uint>.Zero);
        uint mask = fits.ExtractMostSignificantBits();
        int slot = bucket + (BitOperations.TrailingZeroCount(mask) & 3);
        _hashes[index] = hash;
        _found[index] = mask != 0 ? slot : -1;
        _values[index] = mask != 0 ? memory.RunSlots[slot] : 0;
    }

    /// <summary>Adds to the score of each byte what speaks for it as the next one.</summary>
    internal void Score(Span<int> scores)
    {
        for (int i = 0; i < Count; i++)
        {
            uint value = _values[i];
            scores[(int)(value & 0xFF)] += (int)((value >> 8) & 15) * ScoreWeights[i];
        }
    }

    /// <summary>Writes the logits for the next bit, each without its sign.</summary>
    /// <param name="logits">The logits of the profile's map of runs.</param>
    /// <param name="partial">The byte's bits so far behind a 1.</param>
    /// <param name="bit">The number of the byte's bits so far.</param>
    /// <param name="inputs">The mixer's inputs; the first <see cref="MixingLayout.RunContexts"/> are written.</param>
    /// <param name="signs">Their signs: -1 for those that expect a 0, and 0.</param>
    internal void Predict(MapLogits logits, int partial, int bit, int[] inputs, int[] signs)
    {
        if (bit == 0)
        {
            Prepare(0);
            Prepare(Half);
        }

        uint first = Predict(0, partial, bit, signs, out uint firstOnes);
        uint second = Predict(Half, partial, bit, signs, out uint secondOnes);
        ForOne = BitOperations.PopCount(firstOnes | (secondOnes << Half));
        ForZero = BitOperations.PopCount(first | (second << Half)) - ForOne;
        LongestOrder = 32 - BitOperations.LeadingZeroCount(first & LowOrders);

        // An entry is inside its context's map, or None: a state has nine bits, and what is added to it three more.
        ref short values = ref MemoryMarshal.GetArrayDataReference(logits.Values);
        ref int entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        ref int input = ref MemoryMarshal.GetReference(inputs.AsSpan(0, Count));
        MapLogits.Load(ref input, ref values, ref entries, 0);
        MapLogits.Load(ref input, ref values, ref entries, 4);
        MapLogits.Load(ref input, ref values, ref entries, 8);
        MapLogits.Load(ref input, ref values, ref entries, 12);
    }

    /// <summary>Trains the map with the bit that came.</summary>
    /// <param name="map">The profile's map of runs.</param>
    /// <param name="logits">Its logits.</param>
    /// <param name="bit">The bit.</param>
    /// <param name="signs">The signs as <see cref="Predict(MapLogits, int, int, int[], int[])"/> left them.</param>
    /// <param name="shift">The rate.</param>
    internal void Train(ushort[] map, MapLogits logits, int bit, int[] signs, int shift)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_entries[i] != MapLogits.None)
            {
                logits.Train(map, 0, _entries[i], signs[i] + 1 == bit, shift);
            }
        }
    }

    /// <summary>Learns the byte that came. spec 10.3-2</summary>
    internal void Update(MixingMemory memory, byte value)
    {
        // Another context of the same byte may have replaced a slot meanwhile: what was read before the byte counts.
        Next(0, value);
        Next(Half, value);
        uint[] slots = memory.RunSlots;
        for (int i = 0; i < Count; i++)
        {
            int found = _found[i];
            slots[found >= 0 ? found : Replace(slots, Bucket(_hashes[i]))] = _next[i];
        }
    }

    private static int Bucket(uint hash) => (int)(hash >> (34 - MixingLayout.RunSlotBits)) << 2;

    // The first slot of least priority; the others age.
    private static int Replace(uint[] slots, int bucket)
    {
        Span<uint> four = slots.AsSpan(bucket, 4);
        Vector128<uint> old = Vector128.Create<uint>(four);
        Vector128<uint> places = Vector128.Create(0u, 1, 2, 3);
        Vector128<uint> runs = (old >> 8) & Vector128.Create(15u);
        Vector128<uint> varied = ~Vector128.Equals(old & Vector128.Create(0xF000u), Vector128<uint>.Zero);
        Vector128<uint> order = ((runs - varied) << 2) | places; // a mask is -1
        uint least = Math.Min(
            Math.Min(order.GetElement(0), order.GetElement(1)), Math.Min(order.GetElement(2), order.GetElement(3)));
        Vector128<uint> ages = Vector128.GreaterThan(runs, Vector128.Create(4u))
            & ~Vector128.Equals(places, Vector128.Create(least & 3));
        (old - (ages & Vector128.Create(1u << 8))).CopyTo(four);
        return bucket + (int)(least & 3);
    }

    // What depends on the slots alone, for eight contexts.
    private void Prepare(int start)
    {
        Vector256<int> slots = Vector256.Create<int>(MemoryMarshal.Cast<uint, int>(_values.AsSpan(start, Half)));
        Vector256<int> some = ~Vector256.Equals(slots, Vector256<int>.Zero);
        Vector256<int> one = Vector256.Create(256);
        Vector256<int> last = slots & Vector256.Create(0xFF);
        Vector256<int> before = (slots >>> 16) & Vector256.Create(0xFF);
        Vector256<int> other = some & ~Vector256.Equals(last, before);
        ((last | one) & some).CopyTo(_last.AsSpan(start, Half));
        ((before | one) & other).CopyTo(_before.AsSpan(start, Half));

        // The class of a run: 1, 2, 3, 4, 5 to 7, 8 to 11, 12 to 14, 15. A comparison that holds is -1. spec 10.3-3
        Vector256<int> run = (slots >>> 8) & Vector256.Create(15);
        Vector256<int> runClass = -(Above(run, 1) + Above(run, 2) + Above(run, 3) + Above(run, 4) + Above(run, 7)
            + Above(run, 11) + Above(run, 14));
        Vector256<int> history = (slots >>> 12) & Vector256.Create(15);
        Vector256<int> maps = (Vector256<int>.Indices + Vector256.Create(start)) * MixingLayout.RunMapEntries;
        (maps | (runClass << 6) | (history << 2)).CopyTo(_states.AsSpan(start, Half));
    }

    private static Vector256<int> Above(Vector256<int> run, int least) =>
        Vector256.GreaterThan(run, Vector256.Create(least));

    // The entries and signs of eight contexts. Returns which of them expect their last byte, and which of those a 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Predict(int start, int partial, int bit, int[] signs, out uint ones)
    {
        Vector256<int> unit = Vector256<int>.One;
        Vector256<int> last = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_last), (nuint)start);
        Vector256<int> before = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_before), (nuint)start);
        Vector256<int> states = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_states), (nuint)start);
        Vector256<int> bits = Vector256.Create(partial);
        Vector256<int> lastShifted = last >>> (7 - bit);
        Vector256<int> beforeShifted = before >>> (7 - bit);
        Vector256<int> lastFits = Vector256.Equals(lastShifted >>> 1, bits);
        Vector256<int> beforeFits = Vector256.Equals(beforeShifted >>> 1, bits);
        Vector256<int> lastBit = lastShifted & unit;
        Vector256<int> beforeBit = beforeShifted & unit;

        // spec 10.3-3: 1 where both expect the same bit, 2 where they differ
        Vector256<int> other = (unit + (lastBit ^ beforeBit)) & beforeFits;
        Vector256<int> phase = Vector256.Create(bit == 0 ? 0 : bit < 4 ? 1 : bit < 6 ? 2 : 3);
        Vector256<int> entry = Vector256.ConditionalSelect(lastFits, other << 9, Vector256.Create(2048))
            + states + phase;
        Vector256.ConditionalSelect(lastFits | beforeFits, entry, Vector256.Create(MapLogits.None))
            .StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(_entries), (nuint)start);
        Vector256<int> expected = Vector256.ConditionalSelect(lastFits, lastBit, beforeBit);
        (expected - unit).CopyTo(signs.AsSpan(start, Half));
        ones = (lastFits & -lastBit).ExtractMostSignificantBits();
        return lastFits.ExtractMostSignificantBits();
    }

    // The slots' values after the byte, of eight contexts.
    private void Next(int start, byte value)
    {
        Vector256<uint> slots = Vector256.Create<uint>(_values.AsSpan(start, Half));
        Vector256<uint> checks = Vector256.Create<uint>(_hashes.AsSpan(start, Half)) << 24;
        Vector256<uint> fresh = Vector256.Create(((uint)value << 16) | (1u << 8) | value);
        Vector256<uint> last = slots & Vector256.Create(0xFFu);
        Vector256<uint> again = Vector256.Equals(last, Vector256.Create((uint)value));
        Vector256<uint> run = Vector256.Min(
            ((slots >>> 8) & Vector256.Create(15u)) + Vector256<uint>.One, Vector256.Create((uint)LongestRun));
        Vector256<uint> history = (((slots >>> 11) & Vector256.Create(30u)) - again) & Vector256.Create(15u);
        Vector256<uint> before = Vector256.ConditionalSelect(again, (slots >>> 16) & Vector256.Create(0xFFu), last);
        Vector256<uint> moved = (before << 16) | (history << 12) | Vector256.Create((uint)value)
            | (Vector256.ConditionalSelect(again, run, Vector256<uint>.One) << 8);
        Vector256<uint> none = Vector256.Equals(slots, Vector256<uint>.Zero);
        (checks | Vector256.ConditionalSelect(none, fresh, moved)).CopyTo(_next.AsSpan(start, Half));
    }
}
