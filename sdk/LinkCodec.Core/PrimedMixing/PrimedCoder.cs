using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LinkCodec.Core.ContextMixing;

namespace LinkCodec.Core.PrimedMixing;

/// <summary>
/// Codes messages bit by bit from trained tables on, and learns them: one order of work for who writes, who reads, and
/// who only learns. Each code starts anew. Not thread-safe.
/// </summary>
/// <remarks>
/// <see cref="Begin"/>, then <see cref="Code"/> for each byte and for the end of each message. Memory: 1.4 MB.
/// </remarks>
internal sealed class PrimedCoder(PrimedModel model)
{
    /// <summary>The symbol behind a message's bytes.</summary>
    internal const int End = 256;

    private const int EndByte = '\n';
    private const int Contexts = PrimedLayout.Contexts;
    private const ushort EndStart = (3840 << 4) | 3;
    private static readonly byte[] LevelTable = MakeLevels();

    private readonly PrimedContexts _contexts = new();
    private readonly PrimedBuckets _buckets = new(model);
    private readonly PrimedMixer _mixer = new();
    private readonly uint[] _hashes = new uint[Contexts];
    private readonly int[] _entries = new int[Contexts]; // in training only
    private readonly short[] _map = model.Map;
    private readonly short[] _matchMap = model.MatchMap;
    private ushort _ends; // a counter of the bytes 0x0A that ended a message

    /// <summary>Training's view of each bit; null outside of training.</summary>
    internal IPrimedTrainer? Trainer { get; set; }

    /// <summary>The learning rate of the mixer's weights.</summary>
    internal int Rate { get; set; } = PrimedMixer.UsualRate;

    /// <summary>The mixer.</summary>
    internal PrimedMixer Mixer => _mixer;

    /// <summary>The level of each 12-bit probability. spec 16.2-5</summary>
    internal static ReadOnlySpan<byte> Levels => LevelTable;

    /// <summary>Begins a code: forgets all earlier ones. Takes about 50 microseconds.</summary>
    internal void Begin()
    {
        _contexts.Begin();
        _buckets.Clear();
        _mixer.Begin(model);
        _ends = EndStart;
    }

    /// <summary>Codes a symbol. spec 16.1-2</summary>
    /// <param name="coder">The coder that writes, reads or counts the decisions.</param>
    /// <param name="symbol">A byte or <see cref="End"/>; anything for a coder that reads.</param>
    /// <returns>The symbol.</returns>
    internal int Code<TCoder>(ref TCoder coder, int symbol)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        int value = CodeByte(ref coder, symbol == End ? EndByte : symbol);
        if (value == EndByte)
        {
            int yes = Math.Max(1, (_ends >> 4) << 4);
            bool ends = coder.Code(yes, symbol == End);
            _ends = BitCounter.Update(_ends, ends ? 1 : 0, PrimedLayout.MostSeen);
            return ends ? End : value;
        }

        return value;
    }

    private static byte[] MakeLevels()
    {
        byte[] levels = new byte[4096];
        for (int q = 0; q < levels.Length; q++)
        {
            levels[q] = (byte)Math.Clamp((LogisticTables.Stretch((16 * q) + 8) + 2048) >> 6, 0,
                PrimedLayout.Levels - 1);
        }

        return levels;
    }

    private int CodeByte<TCoder>(ref TCoder coder, int symbol)
        where TCoder : struct, IBinaryCoder, allows ref struct
    {
        _contexts.Set(_hashes);
        _buckets.FindHigh(_hashes);
        int expected = _contexts.Expected;
        int matchClass = _contexts.MatchClass;
        int partial = 1;
        for (int bit = 0; bit < 8; bit++) // spec 16.1-3
        {
            if (bit == 4)
            {
                _buckets.FindLow(_hashes, partial);
            }

            int node = bit < 4 ? partial : (partial & ((1 << (bit - 4)) - 1)) | (1 << (bit - 4));
            ref ushort counters = ref Unsafe.Add(ref _buckets.Counters, node);
            Vector256<int> seen = Load(ref counters, ref _buckets.Found);
            Vector256<int> logits = Logits(seen);
            uint known = ~Vector256.Equals(seen & Vector256.Create(15), Vector256<int>.Zero)
                .ExtractMostSignificantBits() & ((1 << PrimedLayout.Orders) - 1);
            int order = 32 - BitOperations.LeadingZeroCount(known);
            int match = 0;
            Vector128<int> others = Vector128.Create(0, 256, 0, 0);
            // spec 16.4-2; never where nothing is expected
            if (expected >> (8 - bit) == partial)
            {
                int logit = _matchMap[matchClass];
                int sign = ((expected >> (7 - bit)) & 1) - 1;
                others = others.WithElement(0, (logit ^ sign) - sign);
                match = matchClass < 8 ? 1 : matchClass < 16 ? 2 : 3;
            }

            int probability = _mixer.Predict(logits, others, partial, (match << 6) | (order << 3) | bit,
                _contexts.Slot);
            int came = coder.Code(probability, ((symbol >> (7 - bit)) & 1) != 0) ? 1 : 0;
            _mixer.Update(logits, others, came, probability, Rate);
            Trainer?.Learn(Entries(seen), match == 0 ? -1 : matchClass, ((expected >> (7 - bit)) & 1) == came, came);
            Store(ref counters, ref _buckets.Found,
                BitCounter.Update(seen, came, Vector256.Create(PrimedLayout.MostSeen))); // spec 16.2-4
            partial = (2 * partial) + came;
        }

        byte value = (byte)partial;
        _contexts.Update(value);
        return value;
    }

    // All of this is written out, so that places but the buckets' are constants.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(ref ushort counters, ref int found) => Vector256.Create(
        Unsafe.Add(ref counters, found),
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 1)),
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 2)),
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 3)),
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 4)),
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 5)),
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 6)),
        (int)Unsafe.Add(ref counters, Unsafe.Add(ref found, 7)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref ushort counters, ref int found, Vector256<int> values)
    {
        Unsafe.Add(ref counters, found) = (ushort)values.GetElement(0);
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 1)) = (ushort)values.GetElement(1);
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 2)) = (ushort)values.GetElement(2);
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 3)) = (ushort)values.GetElement(3);
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 4)) = (ushort)values.GetElement(4);
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 5)) = (ushort)values.GetElement(5);
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 6)) = (ushort)values.GetElement(6);
        Unsafe.Add(ref counters, Unsafe.Add(ref found, 7)) = (ushort)values.GetElement(7);
    }

    // spec 16.5-1
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Logits(Vector256<int> seen)
    {
        ref byte levels = ref MemoryMarshal.GetArrayDataReference(LevelTable);
        ref short map = ref MemoryMarshal.GetArrayDataReference(_map);
        Vector256<int> probabilities = seen >> 4;
        Vector256<int> rows = ((seen & Vector256.Create(15)) << 6) + (Vector256<int>.Indices << 10);
        return Vector256.Create(
            Logit(ref map, ref levels, rows.GetElement(0), probabilities.GetElement(0)),
            Logit(ref map, ref levels, rows.GetElement(1), probabilities.GetElement(1)),
            Logit(ref map, ref levels, rows.GetElement(2), probabilities.GetElement(2)),
            Logit(ref map, ref levels, rows.GetElement(3), probabilities.GetElement(3)),
            Logit(ref map, ref levels, rows.GetElement(4), probabilities.GetElement(4)),
            Logit(ref map, ref levels, rows.GetElement(5), probabilities.GetElement(5)),
            Logit(ref map, ref levels, rows.GetElement(6), probabilities.GetElement(6)),
            Logit(ref map, ref levels, rows.GetElement(7), probabilities.GetElement(7)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Logit(ref short map, ref byte levels, int row, int probability) =>
        Unsafe.Add(ref map, (nint)(uint)row + Unsafe.Add(ref levels, (nint)(uint)probability));

    private int[] Entries(Vector256<int> seen)
    {
        for (int i = 0; i < Contexts; i++)
        {
            int counter = seen.GetElement(i);
            _entries[i] = (i * PrimedLayout.MapEntries) | ((counter & 15) << 6) | LevelTable[counter >> 4];
        }

        return _entries;
    }
}
