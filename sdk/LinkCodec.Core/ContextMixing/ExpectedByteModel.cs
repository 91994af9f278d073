using System.Runtime.CompilerServices;

namespace LinkCodec.Core.ContextMixing;

/// <summary>Bytes that are expected as a whole, each by a model of its own, and with what confidence.</summary>
/// <remarks>
/// The models that expect bytes, and their contexts, are <see cref="MessageContexts"/>'s business. Spec:
/// protocol-spec/10-context-mixing.md, section 5.
/// </remarks>
internal sealed class ExpectedByteModel
{
    private const int Count = MixingLayout.ExpectedBytes;
    private readonly Expectation[] _expectations = new Expectation[Count];

    /// <summary>Expected bytes that have a 1, and a 0, as the present bit.</summary>
    internal int ForOne { get; private set; }

    internal int ForZero { get; private set; }

    /// <summary>The present bit as the match expects it: 0 nothing, 1 a zero, 2 a one.</summary>
    internal int Match => _expectations[MixingLayout.MatchByte].Entry is int entry and >= 0 ? (entry & 1) + 1 : 0;

    /// <summary>Forgets what was expected, before a byte.</summary>
    internal void Clear()
    {
        foreach (ref Expectation expectation in _expectations.AsSpan())
        {
            expectation.Byte = -1;
        }
    }

    /// <summary>Sets an expected byte.</summary>
    /// <param name="index">The input of the model that expects the byte, one of those in
    /// <see cref="MixingLayout"/>.</param>
    /// <param name="value">The byte.</param>
    /// <param name="confidence">A measure of how far the expectation may be believed, 0 to 255.</param>
    internal void Set(int index, int value, int confidence) =>
        (_expectations[index].Byte, _expectations[index].Confidence) = (value, Math.Min(confidence, 255));

    /// <summary>Whether a byte is expected.</summary>
    internal bool Has(int index) => _expectations[index].Byte >= 0;

    /// <summary>Whether this byte is expected.</summary>
    internal bool Is(int index, byte value) => _expectations[index].Byte == value;

    /// <summary>
    /// Writes the logits for the next bit; 0 where no byte is expected or the byte's bits have refuted it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Predict(ushort[] map, int partial, int bit, int[] inputs)
    {
        (ForOne, ForZero) = (0, 0);
        for (int i = 0; i < Count; i++)
        {
            ref Expectation expectation = ref _expectations[i];
            int input = 0;
            int found = -1;
            int value = expectation.Byte | 256;
            if (expectation.Byte >= 0 && value >> (8 - bit) == partial)
            {
                int expected = (value >> (7 - bit)) & 1;
                // spec 10.5-1
                int entry = (i * MixingLayout.ExpectedByteMapEntries) + (expectation.Confidence << 3) + bit;
                found = (entry << 1) | expected;
                int logit = LogisticTables.Stretch(map[entry]);
                input = expected != 0 ? logit : -logit;
                ForOne += expected;
                ForZero += 1 - expected;
            }

            expectation.Entry = found;
            inputs[MixingLayout.RunContexts + MixingLayout.CounterContexts + i] = input;
        }
    }

    /// <summary>Trains the map with the bit that came.</summary>
    internal void Train(ushort[] map, int bit, int shift)
    {
        foreach (Expectation expectation in _expectations)
        {
            if (expectation.Entry >= 0)
            {
                AdaptiveProbability.Update(ref map[expectation.Entry >> 1], (expectation.Entry & 1) == bit, shift);
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

    private struct Expectation
    {
        public int Byte; // -1 for none
        public int Confidence;
        public int Entry; // 2 * the map's entry + the expected bit; -1 for none
    }
}
