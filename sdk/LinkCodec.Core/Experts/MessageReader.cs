namespace LinkCodec.Core.Experts;

/// <summary>Where a message stands: its last bytes, words, fields and records. Gives the experts their contexts and guesses.</summary>
internal sealed class MessageReader(Corpus? corpus)
{
    private readonly MatchFinder _match = new();
    private readonly PeriodFinder _period = new();
    private readonly CheckFinder _check = new();
    private readonly CorpusFinder _corpus = new(corpus);
    private readonly GuessExperts _guesses = new();
    private ulong _last; // the message's last eight bytes, the latest lowest
    private uint _word;
    private uint _wordBefore;
    private bool _isBinary;

    /// <summary>Position of the message's first byte.</summary>
    internal int MessageStart { get; private set; }

    /// <summary>Bytes so far.</summary>
    internal int Length { get; private set; }

    /// <summary>How much the stream had learned when the message began, in four classes.</summary>
    internal int Warmth { get; private set; }

    internal FieldFinder Fields { get; } = new();

    internal RecordFinder Records { get; } = new();

    internal GuessExperts Guesses => _guesses;

    /// <summary>The match's length in eight classes.</summary>
    internal int MatchClass => _match.LengthClass;

    /// <summary>The byte this many before the last one; 0 before the message.</summary>
    internal uint Last(int back) => (uint)(_last >> (8 * back)) & 0xFF;

    internal void Begin(ExpertMemory memory, bool isBinary)
    {
        _isBinary = isBinary;
        (_last, _word, _wordBefore, Length, MessageStart) = (0, 0, 0, 0, memory.Position);
        Warmth = memory.Learned == 0 ? 0 : memory.Learned < 512 ? 1 : memory.Learned < 4096 ? 2 : 3;
        _match.Begin();
        _period.Begin();
        _corpus.Begin();
        Fields.BeginMessage();
        BeginRecord(memory);
    }

    /// <summary>Looks up everything that is known before the next byte. spec 10.3-4, 10.4-3</summary>
    internal void Look(ExpertMemory memory, FollowerExperts followers, CounterExperts counters)
    {
        uint last4 = (uint)_last;
        uint last2 = last4 & 0xFFFF;
        uint last1 = last4 & 0xFF;
        uint column = (uint)Math.Min(Records.Column, 4095);
        uint shortColumn = Math.Min(column, 255);
        uint key = Fields.Key;
        uint offset = (uint)Math.Min(Fields.Offset, 15);
        uint alike = Records.AlikeByte(memory);
        (uint same, uint next) = Fields.Above(memory);
        int period = _period.Period;
        bool periodic = period > 0 && Length >= period;
        uint back = periodic ? memory.At(memory.Position - period) : 256u;
        uint back2 = periodic && Length >= 2 * period ? memory.At(memory.Position - (2 * period)) : 256u;

        followers.Look(memory, 0, Mix.Hash(last2, 0x101));
        followers.Look(memory, 1, Mix.Hash(last4 & 0xFFFFFF, 0x102));
        followers.Look(memory, 2, Mix.Hash(last4, 0x103));
        followers.Look(memory, 3, Mix.Hash(last4, Last(4) + 0x10400));
        followers.Look(memory, 4, Mix.Hash(last4, (Last(4) | (Last(5) << 8)) + 0x1050000));
        followers.Look(memory, 5, Mix.Hash(_word, _wordBefore + last1));
        followers.Look(memory, 6, Mix.Hash(key, Fields.Content + 7));
        followers.Look(memory, 7, Mix.Hash(Mix.Hash(key, Fields.Content + 9), Fields.Previous));
        followers.Look(memory, 8, Mix.Hash(Mix.Hash(key, (same * 3) + (next * 1031) + 5), last1 | ((uint)Fields.Offset << 8)));
        followers.Look(memory, 9, Mix.Hash(column | (last1 << 16), 0x106));
        followers.Look(memory, 10, Mix.Hash(column | (alike << 16), 0x107 + (last1 * 4096)));
        followers.Look(memory, 11, Mix.Hash(column, Records.Head + 0x109));
        followers.Look(memory, 12, Mix.Hash(alike | (offset << 10), key + 0x10A));
        followers.Look(memory, 13, Mix.Hash(back | (back2 << 9), 0x10B + ((uint)period * 8)));
        followers.Look(memory, 14, Mix.Hash(back | (last1 << 9), 0x10C));
        followers.Look(memory, 15, Mix.Hash(last1, 0x10D));

        uint classes = Mix.Class((int)last1) | (Mix.Class((int)Last(1)) << 3) | (Mix.Class((int)Last(2)) << 6) | (Mix.Class((int)Last(3)) << 9);
        counters.Look(1, Mix.Hash(last1, 1));
        counters.Look(2, Mix.Hash(Math.Min(column, 1023), 2));
        counters.Look(3, Mix.Hash(key, (uint)Math.Min(Fields.Offset, 30) + 3));
        counters.Look(4, Mix.Hash((same * 64) + offset, 4 + (key * 16)));
        counters.Look(5, Mix.Hash(alike, 5 + (shortColumn * 8)));
        counters.Look(6, Mix.Hash(last2, 6));
        counters.Look(7, Mix.Hash(classes | ((uint)Math.Min(Fields.Offset, 7) << 12), 7));
        counters.Look(8, Mix.Hash(shortColumn | (last1 << 8), 8));
        counters.Look(9, Mix.Hash(back | (back2 << 9), 9));
        counters.Look(10, Mix.Hash(periodic ? (uint)(Length % period) : 999u, 10 + (last1 * 16)));
        Guess(memory, periodic, back);
    }

    /// <summary>Learns the byte that came. spec 10.2-4, 10.3-5</summary>
    internal void Learn(ExpertMemory memory, byte value)
    {
        Records.Judge(memory, _guesses, value);
        Fields.Judge(memory, _guesses, value);
        JudgePeriod(memory, value);
        _guesses.Learn(memory, value);

        _check.Learn(value, Records.Column, _isBinary);
        byte before = (byte)_last;
        memory.Append(value);
        memory.Learned = Math.Min(memory.Learned + 1, 1 << 20);
        Length++;
        _last = (_last << 8) | value;
        if (Mix.IsLetter(value))
        {
            _word = Mix.Hash(_word, (value | 32u) + 1);
        }
        else if (_word != 0)
        {
            (_wordBefore, _word) = (_word, 0);
        }

        Records.Learn(memory, value);
        Fields.Learn(memory, value, before, memory.At(Records.Start), _isBinary);
        if (value == '\n' && !_isBinary)
        {
            Records.End(memory);
            BeginRecord(memory);
        }

        uint last4 = (uint)_last;
        _match.Learn(memory, value, last4, Last(4) | (Last(5) << 8), Length);
        _period.Learn(last4 & 0xFFFF, Length);
        _corpus.Learn(memory, value, last4, Last(4), Length);
    }

    /// <summary>Ends the message: what comes next is a new record.</summary>
    internal void End(ExpertMemory memory)
    {
        if (memory.Position > Records.Start)
        {
            Fields.EndField(memory);
            Records.End(memory);
        }

        memory.Append((byte)'\n');
        memory.Rebase();
    }

    private void BeginRecord(ExpertMemory memory)
    {
        Records.Begin(memory);
        Fields.BeginRecord(memory);
        _check.BeginRecord();
    }

    private void Guess(ExpertMemory memory, bool periodic, uint back)
    {
        _guesses.Clear();
        _match.Guess(memory, _guesses);
        Records.Guess(memory, _guesses);
        Fields.Guess(memory, _guesses);
        if (Records.Column > 0)
        {
            _check.Guess(memory, _guesses, Records.Start, Records.Column, _isBinary);
        }

        _corpus.Guess(memory, _guesses);
        if (periodic)
        {
            int hits = ((memory.GuessHits[ExpertLayout.PeriodGuess] & 15) << 4) | (memory.ColumnHits[PeriodColumn] & 15);
            _guesses.Set(ExpertLayout.PeriodGuess, (int)back, hits);
        }
    }

    private int PeriodColumn => (3 * ExpertLayout.ColumnSlots) + (Length % _period.Period % ExpertLayout.ColumnSlots);

    private void JudgePeriod(ExpertMemory memory, byte value)
    {
        if (_guesses.Has(ExpertLayout.PeriodGuess))
        {
            GuessExperts.Hit(ref memory.ColumnHits[PeriodColumn], _guesses.Is(ExpertLayout.PeriodGuess, value));
        }
    }
}
