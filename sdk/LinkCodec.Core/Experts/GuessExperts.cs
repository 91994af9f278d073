using System.Runtime.CompilerServices;

namespace LinkCodec.Core.Experts;

/// <summary>Experts that each expect one byte for a reason of their own, and how sure they are of it.</summary>
/// <remarks>Who guesses what is <see cref="MessageReader"/>'s and <see cref="Corpus"/>'s business. Spec: protocol-spec/10-experts.md, section 5.</remarks>
internal sealed class GuessExperts
{
    private const int Count = ExpertLayout.Guesses;
    private readonly int[] _bytes = new int[Count]; // -1: no guess
    private readonly int[] _sureness = new int[Count];
    private readonly int[] _cells = new int[Count];

    /// <summary>Guesses that expect a 1, and a 0, in the present bit.</summary>
    internal int ForOne { get; private set; }

    internal int ForZero { get; private set; }

    /// <summary>What the match expects in the present bit: 0 nothing, 1 a zero, 2 a one.</summary>
    internal int Match => _cells[ExpertLayout.MatchGuess] < 0 ? 0 : (_cells[ExpertLayout.MatchGuess] & 1) + 1;

    /// <summary>Takes all guesses back, before a byte.</summary>
    internal void Clear() => Array.Fill(_bytes, -1);

    /// <summary>Sets a guess.</summary>
    /// <param name="guess">Which.</param>
    /// <param name="value">The byte.</param>
    /// <param name="sureness">0 to 255: what tells how far it may be believed.</param>
    internal void Set(int guess, int value, int sureness) => (_bytes[guess], _sureness[guess]) = (value, Math.Min(sureness, 255));

    /// <summary>Whether there is such a guess.</summary>
    internal bool Has(int guess) => _bytes[guess] >= 0;

    /// <summary>Whether it guesses this byte.</summary>
    internal bool Is(int guess, byte value) => _bytes[guess] == value;

    /// <summary>Writes the logits for the next bit; 0 where there is no guess or the byte's bits have refuted it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Predict(ushort[] map, int partial, int bit, int[] inputs)
    {
        (ForOne, ForZero) = (0, 0);
        for (int i = 0; i < Count; i++)
        {
            int input = 0;
            int found = -1;
            int value = _bytes[i] | 256;
            if (_bytes[i] >= 0 && value >> (8 - bit) == partial)
            {
                int expected = (value >> (7 - bit)) & 1;
                int cell = (i * ExpertLayout.GuessCells) + (_sureness[i] << 3) + bit; // spec 10.5-1
                found = (cell << 1) | expected;
                int logit = LogScale.Stretch(map[cell]);
                input = expected != 0 ? logit : -logit;
                ForOne += expected;
                ForZero += 1 - expected;
            }

            _cells[i] = found;
            inputs[ExpertLayout.Followers + ExpertLayout.Counters + i] = input;
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

    /// <summary>Remembers who was right.</summary>
    internal void Learn(ExpertMemory memory, byte value)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_bytes[i] >= 0)
            {
                Hit(ref memory.GuessHits[i], _bytes[i] == value);
            }
        }
    }

    /// <summary>Shifts an outcome into a history of eight.</summary>
    internal static void Hit(ref byte history, bool right) => history = (byte)((history << 1) | (right ? 1 : 0));
}
