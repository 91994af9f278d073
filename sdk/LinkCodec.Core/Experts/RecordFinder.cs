namespace LinkCodec.Core.Experts;

/// <summary>Finds an earlier record like the present one, for formats in which the column says what a byte means.</summary>
/// <remarks>Spec: protocol-spec/10-experts.md, section 5.3.</remarks>
internal sealed class RecordFinder
{
    private const int Above = 0;
    private const int Alike = ExpertLayout.ColumnSlots;
    private const int Slope = 2 * ExpertLayout.ColumnSlots;
    private uint _head; // hash of the record's first bytes
    private int _two;   // a record with the same first two bytes, and four; 0 for none
    private int _four;

    /// <summary>Where the present record starts.</summary>
    internal int Start { get; private set; }

    /// <summary>Bytes of it so far.</summary>
    internal int Column { get; private set; }

    /// <summary>Hash of its first bytes, up to four.</summary>
    internal uint Head => _head;

    internal void Begin(ExpertMemory memory) => (Start, Column, _head, _two, _four) = (memory.Position, 0, 0, 0, 0);

    /// <summary>The byte at this column of the record alike; 256 for none.</summary>
    internal uint AlikeByte(ExpertMemory memory)
    {
        int place = Like(memory);
        return place != 0 ? memory.At(place) : 256u;
    }

    internal void Guess(ExpertMemory memory, GuessExperts guesses)
    {
        int column = Math.Min(Column, ExpertLayout.ColumnSlots - 1);
        int above = memory.LastRecord + Column;
        if (memory.LastRecord != 0 && memory.Holds(above))
        {
            int hits = ((memory.GuessHits[ExpertLayout.RecordAboveGuess] & 7) << 4) | (memory.ColumnHits[Above + column] & 15);
            guesses.Set(ExpertLayout.RecordAboveGuess, memory.At(above), hits);
        }

        int like = Like(memory);
        if (like == 0)
        {
            return;
        }

        int value = memory.At(like);
        guesses.Set(ExpertLayout.RecordAlikeGuess, value, ((memory.GuessHits[ExpertLayout.RecordAlikeGuess] & 7) << 4) | (memory.ColumnHits[Alike + column] & 15));
        if (like - Column == memory.LastRecord && memory.Holds(memory.RecordBefore))
        {
            int earlier = memory.At(memory.RecordBefore + Column);
            if (earlier != value)
            {
                int hits = ((memory.GuessHits[ExpertLayout.SlopeGuess] & 3) << 4) | (memory.ColumnHits[Slope + column] & 15);
                guesses.Set(ExpertLayout.SlopeGuess, ((2 * value) - earlier) & 0xFF, hits);
            }
        }
    }

    /// <summary>Remembers which guesses were right in this column; before <see cref="Learn"/>.</summary>
    internal void Judge(ExpertMemory memory, GuessExperts guesses, byte value)
    {
        int column = Math.Min(Column, ExpertLayout.ColumnSlots - 1);
        Judge(memory, guesses, ExpertLayout.RecordAboveGuess, Above + column, value);
        Judge(memory, guesses, ExpertLayout.RecordAlikeGuess, Alike + column, value);
        Judge(memory, guesses, ExpertLayout.SlopeGuess, Slope + column, value);
    }

    /// <summary>Learns the byte that was just appended. spec 10.5-3</summary>
    internal void Learn(ExpertMemory memory, byte value)
    {
        Column++;
        if (Column > 4)
        {
            return;
        }

        _head = Mix.Hash(_head, value + 1u);
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
    internal void End(ExpertMemory memory)
    {
        if (memory.Position > Start)
        {
            (memory.RecordBefore, memory.LastRecord) = (memory.LastRecord, Start);
        }
    }

    private static void Judge(ExpertMemory memory, GuessExperts guesses, int guess, int slot, byte value)
    {
        if (guesses.Has(guess))
        {
            GuessExperts.Hit(ref memory.ColumnHits[slot], guesses.Is(guess, value));
        }
    }

    // This column's place in the record alike; 0 for none.
    private int Like(ExpertMemory memory)
    {
        int record = _four != 0 ? _four : _two;
        return record != 0 && memory.Holds(record + Column) ? record + Column : 0;
    }

    // Leaves the present record in the slot and returns the one that was there, if it truly begins alike.
    private int Swap(ExpertMemory memory, ref ushort slot)
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
