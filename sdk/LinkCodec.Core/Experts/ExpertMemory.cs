namespace LinkCodec.Core.Experts;

/// <summary>All that experts remember of a stream: tables, history, and the mixing weights as they have adapted. Of fixed size, under 256 KB.</summary>
/// <remarks>
/// Positions in the history are kept as their lowest 16 bits, 0 for none. Spec: protocol-spec/10-experts.md, section 2.
/// </remarks>
internal sealed class ExpertMemory
{
    internal readonly byte[] History = new byte[ExpertLayout.HistoryBytes];
    internal readonly uint[] FollowerSlots = new uint[1 << ExpertLayout.FollowerSlotBits];
    internal readonly ushort[] CounterSlots = new ushort[ExpertLayout.Counters << ExpertLayout.CounterSlotBits];
    internal readonly ushort[] EndSlots = new ushort[4 * ExpertLayout.EndSlots];
    internal readonly ushort[] Matches6 = new ushort[ExpertLayout.MatchSlots];
    internal readonly ushort[] Matches4 = new ushort[ExpertLayout.MatchSlots];
    internal readonly ushort[] Records4 = new ushort[ExpertLayout.RecordSlots];
    internal readonly ushort[] Records2 = new ushort[ExpertLayout.RecordSlots];
    internal readonly ushort[] FieldStarts = new ushort[ExpertLayout.FieldSlots];
    internal readonly byte[] FieldChecks = new byte[ExpertLayout.FieldSlots];
    internal readonly long[] FieldNumbers = new long[ExpertLayout.FieldSlots]; // -1: was no number
    internal readonly long[] FieldSteps = new long[ExpertLayout.FieldSlots];
    internal readonly byte[] FieldHits = new byte[ExpertLayout.FieldSlots];
    internal readonly byte[] ColumnHits = new byte[4 * ExpertLayout.ColumnSlots];
    internal readonly byte[] GuessHits = new byte[ExpertLayout.Guesses];
    internal readonly int[] Weights = new int[ExpertLayout.SetStarts[ExpertLayout.Sets] * ExpertLayout.Inputs];
    internal readonly int[] FinalWeights = new int[ExpertLayout.FinalRows * ExpertLayout.FinalInputs];
    internal readonly int[] EndWeights = new int[ExpertLayout.EndRows * ExpertLayout.EndInputs];

    /// <summary>The next byte's position. Starts at 1, so that 0 is none.</summary>
    internal int Position = 1;

    /// <summary>Starts of the last record and of the one before it; 0 for none.</summary>
    internal int LastRecord;
    internal int RecordBefore;

    /// <summary>Bytes learned from, counted to 2^20.</summary>
    internal int Learned;

    /// <summary>The profile whose weights these are; -1 for none yet.</summary>
    internal int Profile = -1;

    private const ushort EvenCounter = 2048 << 4;
    private const ushort RareCounter = 200 << 4;
    private const int RebaseAt = 1 << 30;
    private const int RebaseBy = 1 << 29; // a multiple of 65,536: positions' lowest 16 bits stay

    internal ExpertMemory() => Clear();

    /// <summary>Forgets everything. spec 10.2-2</summary>
    internal void Clear()
    {
        Array.Clear(History);
        Array.Clear(FollowerSlots);
        Array.Fill(CounterSlots, EvenCounter);
        Array.Fill(EndSlots, RareCounter);
        Array.Clear(Matches6);
        Array.Clear(Matches4);
        Array.Clear(Records4);
        Array.Clear(Records2);
        Array.Clear(FieldStarts);
        Array.Clear(FieldChecks);
        Array.Clear(FieldNumbers);
        Array.Clear(FieldSteps);
        Array.Clear(FieldHits);
        Array.Clear(ColumnHits);
        Array.Clear(GuessHits);
        (Position, LastRecord, RecordBefore, Learned, Profile) = (1, 0, 0, 0, -1);
    }

    /// <summary>Makes this equal to another memory. About 20 microseconds.</summary>
    internal void CopyFrom(ExpertMemory other)
    {
        other.History.CopyTo(History, 0);
        other.FollowerSlots.CopyTo(FollowerSlots, 0);
        other.CounterSlots.CopyTo(CounterSlots, 0);
        other.EndSlots.CopyTo(EndSlots, 0);
        other.Matches6.CopyTo(Matches6, 0);
        other.Matches4.CopyTo(Matches4, 0);
        other.Records4.CopyTo(Records4, 0);
        other.Records2.CopyTo(Records2, 0);
        other.FieldStarts.CopyTo(FieldStarts, 0);
        other.FieldChecks.CopyTo(FieldChecks, 0);
        other.FieldNumbers.CopyTo(FieldNumbers, 0);
        other.FieldSteps.CopyTo(FieldSteps, 0);
        other.FieldHits.CopyTo(FieldHits, 0);
        other.ColumnHits.CopyTo(ColumnHits, 0);
        other.GuessHits.CopyTo(GuessHits, 0);
        if (other.Profile >= 0)
        {
            other.Weights.CopyTo(Weights, 0);
            other.FinalWeights.CopyTo(FinalWeights, 0);
            other.EndWeights.CopyTo(EndWeights, 0);
        }

        (Position, LastRecord, RecordBefore) = (other.Position, other.LastRecord, other.RecordBefore);
        (Learned, Profile) = (other.Learned, other.Profile);
    }

    /// <summary>Takes a profile's weights, unless they are these already, adapted to this stream.</summary>
    internal void Use(ExpertProfile profile)
    {
        if (Profile == profile.Number)
        {
            return;
        }

        Profile = profile.Number;
        profile.Weights.CopyTo(Weights, 0);
        profile.FinalWeights.CopyTo(FinalWeights, 0);
        profile.EndWeights.CopyTo(EndWeights, 0);
    }

    /// <summary>The byte at a position, or what else the ring holds there. spec 10.2-3</summary>
    internal byte At(int position) => History[position & (ExpertLayout.HistoryBytes - 1)];

    /// <summary>Whether the history still holds a position.</summary>
    internal bool Holds(int position) => position > 0 && position < Position && Position - position < ExpertLayout.Reach;

    /// <summary>The latest position before the present one with these lowest 16 bits; 0 if none is held.</summary>
    internal int Find(ushort low)
    {
        int position = (Position & ~0xFFFF) | low;
        if (position >= Position)
        {
            position -= 65536;
        }

        return low != 0 && Holds(position) ? position : 0;
    }

    /// <summary>Adds a byte.</summary>
    internal void Append(byte value)
    {
        History[Position & (ExpertLayout.HistoryBytes - 1)] = value;
        Position++;
    }

    /// <summary>Keeps positions from overflowing; between messages only.</summary>
    internal void Rebase()
    {
        if (Position >= RebaseAt)
        {
            Position -= RebaseBy;
            LastRecord = Math.Max(0, LastRecord - RebaseBy);
            RecordBefore = Math.Max(0, RecordBefore - RebaseBy);
        }
    }
}
