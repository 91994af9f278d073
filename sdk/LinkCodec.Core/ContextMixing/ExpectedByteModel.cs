using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LinkCodec.Core.ContextMixing;

/// <summary>Bytes that are expected as a whole, each by a model of its own, and with what confidence.</summary>
/// <remarks>
/// The models that expect bytes, and their contexts, are <see cref="MessageContexts"/>'s business. Spec:
/// protocol-spec/10-context-mixing.md, section 5.
/// </remarks>
internal sealed class ExpectedByteModel // spec 10.5-1
{
    private const int Count = MixingLayout.ExpectedBytes;
    private const int Room = 16; // two vectors
    private const int ScoreOfHit = 4;
    private const int FirstInput = MixingLayout.RunContexts + MixingLayout.CounterContexts;
    private readonly int[] _bytes = new int[Room];   // -1 for none
    private readonly int[] _entries = new int[Room]; // the map's entries
    private readonly int[] _states = new int[Room];  // the entries without the bit
    private readonly int[] _signs = new int[Room];

    internal ExpectedByteModel() => Array.Fill(_bytes, -1);

    /// <summary>Expected bytes that have a 1, and a 0, as the present bit.</summary>
    internal int ForOne { get; private set; }

    internal int ForZero { get; private set; }

    /// <summary>The present bit as the match expects it: 0 nothing, 1 a zero, 2 a one.</summary>
    internal int Match { get; private set; }

    /// <summary>Forgets what was expected, before a byte.</summary>
    internal void Clear() => Array.Fill(_bytes, -1);

    /// <summary>Sets an expected byte.</summary>
    /// <param name="index">The input of the model that expects the byte, one of those in
    /// <see cref="MixingLayout"/>.</param>
    /// <param name="value">The byte.</param>
    /// <param name="confidence">A measure of how far the expectation may be believed, 0 to 255.</param>
    internal void Set(int index, int value, int confidence)
    {
        _bytes[index] = value;
        _states[index] = MapLogits.ExpectedByteStart + (index * MixingLayout.ExpectedByteMapEntries)
            + (Math.Min(confidence, 255) << 3);
    }

    /// <summary>Whether a byte is expected.</summary>
    internal bool Has(int index) => _bytes[index] >= 0;

    /// <summary>Whether a byte is expected that the present byte's bits have not refuted.</summary>
    internal bool Fits(int index) => _entries[index] != MapLogits.None;

    /// <summary>Whether this byte is expected.</summary>
    internal bool Is(int index, byte value) => _bytes[index] == value;

    /// <summary>Adds to the score of each byte what speaks for it as the next one.</summary>
    internal void Score(MixingMemory memory, Span<int> scores)
    {
        for (int i = 0; i < Count; i++)
        {
            if (Has(i))
            {
                scores[_bytes[i]] += ScoreOfHit * BitOperations.PopCount(memory.ExpectedByteHits[i]);
            }
        }
    }

    /// <summary>
    /// Writes the logits for the next bit, each without its sign; 0 where no byte is expected or the byte's bits have
    /// refuted it.
    /// </summary>
    /// <param name="logits">The logits of the profile's map of expected bytes.</param>
    /// <param name="partial">The byte's bits so far behind a 1.</param>
    /// <param name="bit">The number of the byte's bits so far.</param>
    /// <param name="inputs">The mixer's inputs.</param>
    /// <param name="signs">Their signs: -1 for those that expect a 0, and 0.</param>
    internal void Predict(MapLogits logits, int partial, int bit, int[] inputs, int[] signs)
    {
        uint fits = Predict(0, partial, bit, out uint ones) | (Predict(Room / 2, partial, bit, out uint more) << 8);
        ones |= more << 8;
        ForOne = BitOperations.PopCount(ones);
        ForZero = BitOperations.PopCount(fits) - ForOne;
        Match = (int)((fits & 1) + (ones & 1)); // the match is the first input

        // An entry is inside its model's map, or None: a confidence has eight bits, a bit's number three.
        ref short values = ref MemoryMarshal.GetArrayDataReference(logits.Values);
        ref int entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        ref int input = ref MemoryMarshal.GetReference(inputs.AsSpan(FirstInput, Count));
        MapLogits.Load(ref input, ref values, ref entries, 0);
        MapLogits.Load(ref input, ref values, ref entries, 4);
        MapLogits.Load(ref input, ref values, ref entries, 8);
        ref int sign = ref MemoryMarshal.GetReference(signs.AsSpan(FirstInput, Room)); // of what is none 0
        Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_signs)).StoreUnsafe(ref sign);
        Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_signs), 8).StoreUnsafe(ref sign, 8);
    }

    /// <summary>Trains the map with the bit that came.</summary>
    internal void Train(ushort[] map, MapLogits logits, int bit, int shift)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_entries[i] != MapLogits.None)
            {
                logits.Train(map, MapLogits.ExpectedByteStart, _entries[i], _signs[i] + 1 == bit, shift);
            }
        }
    }

    /// <summary>Remembers who was right.</summary>
    internal void Update(MixingMemory memory, byte value)
    {
        for (int i = 0; i < Count; i++)
        {
            if (Has(i))
            {
                Hit(ref memory.ExpectedByteHits[i], Is(i, value));
            }
        }
    }

    /// <summary>Shifts an outcome into a history of eight.</summary>
    internal static void Hit(ref byte history, bool right) => history = (byte)((history << 1) | (right ? 1 : 0));

    // The entries and signs of eight models. Returns which of them expect a bit, and which of those a 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Predict(int start, int partial, int bit, out uint ones)
    {
        Vector256<int> unit = Vector256<int>.One;
        Vector256<int> bytes = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_bytes), (nuint)start);
        Vector256<int> states = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_states), (nuint)start);
        Vector256<int> shifted = (bytes | Vector256.Create(256)) >>> (7 - bit); // -1 for none never fits
        Vector256<int> fits = Vector256.Equals(shifted >>> 1, Vector256.Create(partial));
        Vector256<int> expected = shifted & unit;
        Vector256.ConditionalSelect(fits, states + Vector256.Create(bit), Vector256.Create(MapLogits.None)) // 10.5-1
            .StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(_entries), (nuint)start);
        (expected - unit).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(_signs), (nuint)start);
        ones = (fits & -expected).ExtractMostSignificantBits();
        return fits.ExtractMostSignificantBits();
    }
}
