namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// The place that a message has come to: its last bytes, words, fields and records. Sets the contexts of the models,
/// and asks those that expect bytes.
/// </summary>
internal sealed class MessageContexts(PresetDictionary? dictionary)
{
    private readonly MatchModel _match = new();
    private readonly PeriodModel _period = new();
    private readonly ChecksumModel _check = new();
    private readonly ByteDifferences _bytes = new();
    private readonly TrailerModel _trailer = new();
    private readonly DictionaryMatchModel _dictionary = new(dictionary);
    private readonly ExpectedByteModel _expected = new();
    private ulong _last; // the message's last eight bytes, the latest lowest
    private uint _word;
    private uint _wordBefore;
    private readonly int[] _carries = new int[MixingLayout.Differences];
    private readonly int[] _states = new int[MixingLayout.Differences];
    private int _alikeTrust;
    private int _otherTrust;
    private MixingProfile _profile = null!;
    private bool _isBinary;

    /// <summary>Position of the message's first byte.</summary>
    internal int MessageStart { get; private set; }

    /// <summary>Bytes so far.</summary>
    internal int Length { get; private set; }

    /// <summary>The class, one of four, of how much the stream had learned when the message began.</summary>
    internal int Warmth { get; private set; }

    internal FieldModel Fields { get; } = new();

    internal RecordModel Records { get; } = new();

    internal ExpectedByteModel Expected => _expected;

    internal DifferenceModel Differences { get; } = new();

    internal PackedModel Packed { get; } = new();

    internal bool IsBinary => _isBinary;

    /// <summary>Characters of the record from its checksum's star on; 0 without one.</summary>
    internal int BehindStar => _check.Star > 0 ? Records.Column - _check.Star : 0;

    /// <summary>The match's length in eight classes.</summary>
    internal int MatchClass { get; private set; }

    /// <summary>The byte this many before the last one; 0 before the message.</summary>
    internal uint Last(int back) => (uint)(_last >> (8 * back)) & 0xFF;

    internal void Begin(MixingMemory memory, MixingProfile profile)
    {
        (_profile, _isBinary) = (profile, profile.IsBinary);
        (_last, _word, _wordBefore, Length, MessageStart) = (0, 0, 0, 0, memory.Position);
        Warmth = memory.Learned == 0 ? 0 : memory.Learned < 512 ? 1 : memory.Learned < 4096 ? 2 : 3;
        _bytes.Begin();
        Packed.Begin();
        _match.Begin();
        _period.Begin();
        _dictionary.Begin();
        Fields.BeginMessage();
        BeginRecord(memory);
    }

    /// <summary>Looks up everything that is known before the next byte. spec 10.3-4, 10.4-3</summary>
    internal void SetContexts(MixingMemory memory, RunModel runs, BitCounterModel counters)
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

        runs.SetContext(memory, 0, ContextHash.Of(last2, 0x101));
        runs.SetContext(memory, 1, ContextHash.Of(last4 & 0xFFFFFF, 0x102));
        runs.SetContext(memory, 2, ContextHash.Of(last4, 0x103));
        runs.SetContext(memory, 3, ContextHash.Of(last4, Last(4) + 0x10400));
        runs.SetContext(memory, 4, ContextHash.Of(last4, (Last(4) | (Last(5) << 8)) + 0x1050000));
        runs.SetContext(memory, 5, ContextHash.Of(_word, _wordBefore + last1));
        runs.SetContext(memory, 6, ContextHash.Of(key, Fields.Content + 7));
        runs.SetContext(memory, 7, ContextHash.Of(ContextHash.Of(key, Fields.Content + 9), Fields.Previous));
        runs.SetContext(memory, 8,
            ContextHash.Of(ContextHash.Of(key, (same * 3) + (next * 1031) + 5), last1 | ((uint)Fields.Offset << 8)));
        runs.SetContext(memory, 9, ContextHash.Of(column | (last1 << 16), 0x106));
        runs.SetContext(memory, 10, ContextHash.Of(column | (alike << 16), 0x107 + (last1 * 4096)));
        runs.SetContext(memory, 11, ContextHash.Of(column, Records.Head + 0x109));
        runs.SetContext(memory, 12, ContextHash.Of(alike | (offset << 10), key + 0x10A));
        runs.SetContext(memory, 13, ContextHash.Of(back | (back2 << 9), 0x10B + ((uint)period * 8)));
        runs.SetContext(memory, 14, ContextHash.Of(back | (last1 << 9), 0x10C));
        runs.SetContext(memory, 15, ContextHash.Of(last1, 0x10D));

        uint classes = ByteClasses.Of((int)last1) | (ByteClasses.Of((int)Last(1)) << 3)
            | (ByteClasses.Of((int)Last(2)) << 6) | (ByteClasses.Of((int)Last(3)) << 9);
        counters.SetContext(1, ContextHash.Of(last1, 1));
        counters.SetContext(2, ContextHash.Of(Math.Min(column, 1023), 2));
        counters.SetContext(3, ContextHash.Of(key, (uint)Math.Min(Fields.Offset, 30) + 3));
        counters.SetContext(4, ContextHash.Of((same * 64) + offset, 4 + (key * 16)));
        counters.SetContext(5, ContextHash.Of(alike, 5 + (shortColumn * 8)));
        counters.SetContext(6, ContextHash.Of(last2, 6));
        counters.SetContext(7, ContextHash.Of(classes | ((uint)Math.Min(Fields.Offset, 7) << 12), 7));
        counters.SetContext(8, ContextHash.Of(shortColumn | (last1 << 8), 8));
        counters.SetContext(9, ContextHash.Of(back | (back2 << 9), 9));
        counters.SetContext(10, ContextHash.Of(periodic ? (uint)(Length % period) : 999u, 10 + (last1 * 16)));
        Expect(memory, periodic, back);
        Differ(memory, alike, back);
        _alikeTrust = TrustOf(Records.AlikeHits(memory));
        _otherTrust = TrustOf(_isBinary ? PeriodHits(memory, PeriodColumn) : Fields.Hits(memory));
    }

    /// <summary>Learns the byte that came. spec 10.2-4, 10.3-5</summary>
    internal void Update(MixingMemory memory, byte value)
    {
        Records.UpdateHits(memory, _expected, value);
        Fields.UpdateHits(memory, _expected, value);
        UpdatePeriodHits(memory, value);
        _expected.Update(memory, value);

        _check.Update(memory, _expected, value, Records.Column, _isBinary);
        if (_isBinary)
        {
            _bytes.Update(memory, value);
            _trailer.Update(value);
        }

        byte before = (byte)_last;
        memory.Append(value);
        memory.Learned = Math.Min(memory.Learned + 1, 1 << 20);
        Length++;
        _last = (_last << 8) | value;
        if (ByteClasses.IsLetter(value))
        {
            _word = ContextHash.Of(_word, (value | 32u) + 1);
        }
        else if (_word != 0)
        {
            (_wordBefore, _word) = (_word, 0);
        }

        Records.Update(memory, value, _isBinary);
        Fields.Update(memory, value, before, memory.At(Records.Start), _isBinary);
        if (value == '\n' && !_isBinary)
        {
            Records.End(memory);
            BeginRecord(memory);
        }

        uint last4 = (uint)_last;
        _match.Update(memory, value, last4, Last(4) | (Last(5) << 8), Length);
        _period.Update(last4 & 0xFFFF, Length);
        _dictionary.Update(memory, value, last4, Last(4), Length);
    }

    /// <summary>Ends the message: what comes next is a new record.</summary>
    internal void End(MixingMemory memory)
    {
        if (memory.Position > Records.Start)
        {
            if (_isBinary)
            {
                _trailer.End(memory, StatedLength(memory));
            }

            Fields.EndField(memory);
            Records.End(memory);
        }

        memory.Append((byte)'\n');
        memory.Rebase();
    }

    private void BeginRecord(MixingMemory memory)
    {
        Records.Begin(memory);
        Fields.BeginRecord(memory);
        _check.BeginRecord();
        _trailer.Begin();
    }

    private void Expect(MixingMemory memory, bool periodic, uint back)
    {
        _expected.Clear();
        _match.Expect(memory, _expected);
        MatchClass = _match.LengthClass;
        Records.Expect(memory, _expected);
        Fields.Expect(memory, _expected);
        if (Records.Column > 0)
        {
            _check.Expect(memory, _expected, Records.Start, Records.Column, _isBinary);
            if (_isBinary && !_expected.Has(MixingLayout.ChecksumByte))
            {
                _trailer.Expect(memory, _expected, StatedLength(memory));
            }
        }

        _dictionary.Expect(memory, _expected);
        if (periodic)
        {
            int hits = ((memory.ExpectedByteHits[MixingLayout.PeriodByte] & 15) << 4)
                | (PeriodHits(memory, PeriodColumn) & 15);
            _expected.Set(MixingLayout.PeriodByte, (int)back, hits);
        }
    }

    /// <summary>How far the record alike, and the field or the period, may be trusted. spec 10.6-7</summary>
    /// <returns>One of 16 classes.</returns>
    internal int Trust(ExpectedByteModel expected) => (expected.Fits(MixingLayout.AlikeByte) ? _alikeTrust << 2 : 0)
        | (expected.Fits(_isBinary ? MixingLayout.PeriodByte : MixingLayout.FieldByte) ? _otherTrust : 0);

    private int StatedLength(MixingMemory memory) => EndModel.StatedLength(memory, MessageStart, Length).Length;

    private static int TrustOf(int hits) => (hits & 1) == 0 ? 1 : (hits & 2) == 0 ? 2 : 3;

    // spec 10.5-10
    private void Differ(MixingMemory memory, uint alike, uint back)
    {
        Differences.Clear();
        if (_isBinary)
        {
            _bytes.Set(memory, _profile.DifferenceMap, Differences, 0, alike,
                Math.Min(Records.Column, MixingLayout.ColumnSlots - 1));
            _bytes.Set(memory, _profile.DifferenceMap, Differences, 1, back, PeriodColumn);
        }
        else
        {
            Fields.Differ(memory, _profile.DifferenceMap, Differences);
        }
    }

    private int PeriodColumn => _period.Period == 0 ? 0 : Length % _period.Period % MixingLayout.ColumnSlots;

    private static ref byte PeriodHits(MixingMemory memory, int column) =>
        ref memory.ColumnHits[(3 * MixingLayout.ColumnSlots) + column];

    private void UpdatePeriodHits(MixingMemory memory, byte value)
    {
        if (_expected.Has(MixingLayout.PeriodByte))
        {
            ExpectedByteModel.Hit(ref PeriodHits(memory, PeriodColumn), _expected.Is(MixingLayout.PeriodByte, value));
        }
    }
}
