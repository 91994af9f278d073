namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Finds an earlier record like the present one, for formats in which the column says what a byte means, and the one
/// that came after a record like the last one.
/// </summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 5.3.</remarks>
internal sealed class RecordModel
{
    private const int Above = 0;
    private const int Alike = MixingLayout.ColumnSlots;
    private const int Slope = 2 * MixingLayout.ColumnSlots;
    private const int LittleSlope = 4 * MixingLayout.ColumnSlots;
    private const int MostLevel = 10;
    private const int LongestCarry = 3; // bytes behind the present one that may carry into it
    private readonly ushort[] _keys = new ushort[MixingLayout.RecordLevels]; // slots of the record's beginnings
    private uint _head;   // hash of the record's first four bytes
    private uint _hash;   // and of its first ten
    private int _level;   // the number of the next level
    private int _found;   // the last record with the same beginning, the longest that was found; 0 for none
    private int _earlier; // and the one before that
    private int _next;    // what came after a record like the last one; 0 for none
    private int _same;    // whether the record has been equal to it so far
    private int _carry;   // what the bytes of the slope carry into the next one, lowest byte first

    // Columns at which records with the same beginning are looked up.
    private static ReadOnlySpan<byte> TextLevels => [2, 4, 6, MostLevel];

    private static ReadOnlySpan<byte> BinaryLevels => [2, 4, 5, MostLevel];

    /// <summary>The start of the present record.</summary>
    internal int Start { get; private set; }

    /// <summary>Bytes of the record so far.</summary>
    internal int Column { get; private set; }

    /// <summary>Hash of its first bytes, up to four.</summary>
    internal uint Head => _head;

    internal void Begin(MixingMemory memory)
    {
        (Start, Column, _head, _hash) = (memory.Position, 0, 0, 0);
        (_level, _found, _earlier, _next, _same, _carry) = (0, 0, 0, 0, 1, 0);
        Array.Clear(_keys);
        for (int level = MixingLayout.RecordLevels - 1; level >= 0; level--)
        {
            if (memory.LastKeys[level] == 0)
            {
                continue;
            }

            ref ushort slot = ref memory.NextRecords[memory.LastKeys[level]];
            if (_next == 0)
            {
                _next = memory.Find(slot);
            }

            slot = (ushort)Start;
        }
    }

    /// <summary>Whether the record alike was right in this column the last times.</summary>
    internal int AlikeHits(MixingMemory memory) =>
        memory.ColumnHits[Alike + Math.Min(Column, MixingLayout.ColumnSlots - 1)];

    /// <summary>The byte at this column of the record alike; 256 for none.</summary>
    internal uint AlikeByte(MixingMemory memory)
    {
        int place = Like(memory);
        return place != 0 ? memory.At(place) : 256u;
    }

    internal void Expect(MixingMemory memory, ExpectedByteModel expected)
    {
        int column = Math.Min(Column, MixingLayout.ColumnSlots - 1);
        int above = memory.LastRecord + Column;
        if (memory.LastRecord != 0 && memory.Holds(above))
        {
            int hits = ((memory.ExpectedByteHits[MixingLayout.AboveByte] & 7) << 4)
                | (memory.ColumnHits[Above + column] & 15);
            expected.Set(MixingLayout.AboveByte, memory.At(above), hits);
        }

        int next = Next(memory);
        if (next != 0)
        {
            expected.Set(MixingLayout.SequenceByte, memory.At(next),
                ((memory.ExpectedByteHits[MixingLayout.SequenceByte] & 7) << 5) | (Math.Min(Column, 15) << 1) | _same);
        }

        int like = Like(memory);
        if (like == 0)
        {
            return;
        }

        int value = memory.At(like);
        expected.Set(MixingLayout.AlikeByte, value,
            ((memory.ExpectedByteHits[MixingLayout.AlikeByte] & 7) << 4) | (memory.ColumnHits[Alike + column] & 15));
        if (_earlier != 0 && memory.Holds(_earlier))
        {
            int little = Little(memory, like);
            int big = Big(memory, like);
            if ((big & 0xFF) != value)
            {
                int hits = ((memory.ExpectedByteHits[MixingLayout.SlopeByte] & 3) << 4)
                    | (memory.ColumnHits[Slope + column] & 15);
                expected.Set(MixingLayout.SlopeByte, big & 0xFF, hits);
            }

            if ((little & 0xFF) != value)
            {
                int hits = ((memory.ExpectedByteHits[MixingLayout.LittleSlopeByte] & 3) << 4)
                    | (memory.ColumnHits[LittleSlope + column] & 15);
                expected.Set(MixingLayout.LittleSlopeByte, little & 0xFF, hits);
            }
        }
    }

    /// <summary>Remembers which expected bytes were right in this column; before <see cref="Update"/>.</summary>
    internal void UpdateHits(MixingMemory memory, ExpectedByteModel expected, byte value)
    {
        int column = Math.Min(Column, MixingLayout.ColumnSlots - 1);
        UpdateHits(memory, expected, MixingLayout.AboveByte, Above + column, value);
        UpdateHits(memory, expected, MixingLayout.AlikeByte, Alike + column, value);
        UpdateHits(memory, expected, MixingLayout.SlopeByte, Slope + column, value);
        UpdateHits(memory, expected, MixingLayout.LittleSlopeByte, LittleSlope + column, value);
    }

    /// <summary>Learns the byte that was just appended. spec 10.5-3</summary>
    internal void Update(MixingMemory memory, byte value, bool isBinary)
    {
        int like = Like(memory);
        if (like != 0 && _earlier != 0 && memory.Holds(_earlier))
        {
            int little = Little(memory, like);
            _carry = (little & 0xFF) == value ? little >> 8 : 0;
        }
        else
        {
            _carry = 0;
        }

        if (_next != 0 && memory.At(_next + Column) != value)
        {
            _same = 0;
        }

        Column++;
        if (Column > MostLevel)
        {
            return;
        }

        _hash = ContextHash.Of(_hash, value + 1u);
        if (Column <= 4)
        {
            _head = _hash;
        }

        if (Column == (isBinary ? BinaryLevels : TextLevels)[_level])
        {
            LookUp(memory);
            _level++;
        }
    }

    /// <summary>Ends the record, if it has any byte.</summary>
    internal void End(MixingMemory memory)
    {
        if (memory.Position > Start)
        {
            (memory.RecordBefore, memory.LastRecord) = (memory.LastRecord, Start);
            _keys.CopyTo(memory.LastKeys, 0);
        }
    }

    private static void UpdateHits(MixingMemory memory, ExpectedByteModel expected, int index, int slot, byte value)
    {
        if (expected.Has(index))
        {
            ExpectedByteModel.Hit(ref memory.ColumnHits[slot], expected.Is(index, value));
        }
    }

    // This column's place in the record alike; 0 for none.
    private int Like(MixingMemory memory) =>
        _found != 0 && memory.Holds(_found + Column) ? _found + Column : 0;

    // The same in the record that may follow.
    private int Next(MixingMemory memory) =>
        _next != 0 && _next + Column < Start && memory.Holds(_next + Column) ? _next + Column : 0;

    // The byte that the last step leads to, where bytes before carry into it; above 255 or below 0 with a carry.
    private int Little(MixingMemory memory, int like) =>
        (2 * memory.At(like)) - memory.At(_earlier + Column) + _carry;

    // The same where the bytes behind carry into it.
    private int Big(MixingMemory memory, int like)
    {
        int sum = 0;
        for (int i = LongestCarry; i >= 0; i--)
        {
            sum = (2 * memory.At(like + i)) - memory.At(_earlier + Column + i) + (sum >> 8);
        }

        return sum;
    }

    // Leaves the record in the slot of its beginning, and takes those that were there if they truly begin alike.
    private void LookUp(MixingMemory memory)
    {
        int key = Math.Max(1, (_level * MixingLayout.RecordSlots) + (int)(_hash >> 22)); // 0 is none
        _keys[_level] = (ushort)key;
        int record = BeginsAlike(memory, memory.Find(memory.Records[key]));
        if (record != 0)
        {
            (_found, _earlier) = (record, BeginsAlike(memory, memory.Find(memory.EarlierRecords[key])));
        }

        memory.EarlierRecords[key] = memory.Records[key];
        memory.Records[key] = (ushort)Start;
    }

    private int BeginsAlike(MixingMemory memory, int record)
    {
        for (int i = 0; record != 0 && i < Column; i++)
        {
            if (memory.At(record + i) != memory.At(Start + i))
            {
                record = 0;
            }
        }

        return record;
    }
}
