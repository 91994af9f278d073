namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// Finds an earlier record like the present one, for formats in which the column says what a byte means.
/// </summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 5.3.</remarks>
internal sealed class RecordModel
{
    private const int Above = 0;
    private const int Alike = MixingLayout.ColumnSlots;
    private const int Slope = 2 * MixingLayout.ColumnSlots;
    private uint _head; // hash of the record's first bytes
    private int _two;   // place of a record with the same first two bytes, and four; 0 for none
    private int _four;

    /// <summary>The start of the present record.</summary>
    internal int Start { get; private set; }

    /// <summary>Bytes of the record so far.</summary>
    internal int Column { get; private set; }

    /// <summary>Hash of its first bytes, up to four.</summary>
    internal uint Head => _head;

    internal void Begin(MixingMemory memory) => (Start, Column, _head, _two, _four) = (memory.Position, 0, 0, 0, 0);

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

        int like = Like(memory);
        if (like == 0)
        {
            return;
        }

        int value = memory.At(like);
        expected.Set(MixingLayout.AlikeByte, value,
            ((memory.ExpectedByteHits[MixingLayout.AlikeByte] & 7) << 4) | (memory.ColumnHits[Alike + column] & 15));
        if (like - Column == memory.LastRecord && memory.Holds(memory.RecordBefore))
        {
            int earlier = memory.At(memory.RecordBefore + Column);
            if (earlier != value)
            {
                int hits = ((memory.ExpectedByteHits[MixingLayout.SlopeByte] & 3) << 4)
                    | (memory.ColumnHits[Slope + column] & 15);
                expected.Set(MixingLayout.SlopeByte, ((2 * value) - earlier) & 0xFF, hits);
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
    }

    /// <summary>Learns the byte that was just appended. spec 10.5-3</summary>
    internal void Update(MixingMemory memory, byte value)
    {
        Column++;
        if (Column > 4)
        {
            return;
        }

        _head = ContextHash.Of(_head, value + 1u);
        if (Column == 2)
        {
            _two = Swap(memory, ref memory.Records2[_head >> 22]);
        }
        else if (Column == 4)
        {
            _four = Swap(memory, ref memory.Records4[_head >> 22]);
        }
    }

    /// <summary>Ends the record, if it has any byte.</summary>
    internal void End(MixingMemory memory)
    {
        if (memory.Position > Start)
        {
            (memory.RecordBefore, memory.LastRecord) = (memory.LastRecord, Start);
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
    private int Like(MixingMemory memory)
    {
        int record = _four != 0 ? _four : _two;
        return record != 0 && memory.Holds(record + Column) ? record + Column : 0;
    }

    // Leaves the present record in the slot and returns the one that was there, if it truly begins alike.
    private int Swap(MixingMemory memory, ref ushort slot)
    {
        int record = memory.Find(slot);
        slot = (ushort)Start;
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
