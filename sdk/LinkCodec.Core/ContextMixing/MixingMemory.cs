namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// The memory of a stream: tables, history, and the mixing weights as they have adapted. Its size is fixed, under 320
/// KB.
/// </summary>
/// <remarks>
/// Positions in the history are kept as their lowest 16 bits, 0 for none. Spec: protocol-spec/10-context-mixing.md,
/// section 2.
/// </remarks>
internal sealed class MixingMemory
{
    internal readonly byte[] History = new byte[MixingLayout.HistoryBytes];
    internal readonly uint[] RunSlots = new uint[1 << MixingLayout.RunSlotBits];
    internal readonly ushort[] BitCounters = new ushort[MixingLayout.CounterContexts << MixingLayout.CounterSlotBits];
    internal readonly ushort[] EndCounters = new ushort[4 * MixingLayout.EndCounterSlots];
    internal readonly ushort[] Matches6 = new ushort[MixingLayout.MatchSlots];
    internal readonly ushort[] Matches4 = new ushort[MixingLayout.MatchSlots];
    internal readonly ushort[] Records = new ushort[MixingLayout.RecordLevels * MixingLayout.RecordSlots];
    internal readonly ushort[] EarlierRecords = new ushort[MixingLayout.RecordLevels * MixingLayout.RecordSlots];
    internal readonly ushort[] NextRecords = new ushort[MixingLayout.RecordLevels * MixingLayout.RecordSlots];
    internal readonly ushort[] LastKeys = new ushort[MixingLayout.RecordLevels]; // of the last record; 0 for none
    internal readonly ushort[] FieldStarts = new ushort[MixingLayout.FieldSlots];
    internal readonly byte[] FieldChecks = new byte[MixingLayout.FieldSlots];
    internal readonly long[] FieldNumbers = new long[MixingLayout.FieldSlots]; // -1: was no number
    internal readonly long[] FieldSteps = new long[MixingLayout.FieldSlots];
    internal readonly byte[] FieldHits = new byte[MixingLayout.FieldSlots];
    internal readonly byte[] FieldDecimals = new byte[MixingLayout.FieldSlots];
    internal readonly byte[] FieldChanges = new byte[MixingLayout.FieldSlots];
    internal readonly ushort[] FieldSources = new ushort[MixingLayout.FieldSlots];
    internal readonly ushort[] Contents = new ushort[MixingLayout.FieldSlots];
    internal readonly byte[] ColumnHits = new byte[5 * MixingLayout.ColumnSlots];
    internal readonly int[] Addresses = new int[MixingLayout.AddressSlots + 1]; // and the last one
    internal readonly byte[] AddressHits = new byte[1];
    internal readonly byte[] TrailerStated = new byte[MixingLayout.TrailerKinds];
    internal readonly ushort[] TrailerLengths = new ushort[MixingLayout.TrailerKinds];
    internal readonly uint[] TrailerResidues = new uint[MixingLayout.TrailerKinds * MixingLayout.TrailerSums];
    internal readonly byte[] TrailerHits = new byte[MixingLayout.TrailerKinds * MixingLayout.TrailerSums];
    internal readonly ushort[] Scales = new ushort[MixingLayout.Differences * MixingLayout.ColumnSlots];
    internal readonly byte[] ExpectedByteHits = new byte[MixingLayout.ExpectedBytes];
    internal readonly int[] Weights = new int[MixingLayout.SetStarts[MixingLayout.Sets] * MixingLayout.Inputs];
    internal readonly int[] FinalWeights = new int[MixingLayout.FinalRows * MixingLayout.FinalInputs];
    internal readonly int[] EndWeights = new int[MixingLayout.EndRows * MixingLayout.EndInputs];

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

    private readonly Array[] _tables; // all tables but the weights, which are a profile's

    internal MixingMemory()
    {
        _tables =
        [
            History, RunSlots, BitCounters, EndCounters, Matches6, Matches4, Records, EarlierRecords, NextRecords,
            LastKeys, FieldStarts, FieldChecks, FieldNumbers, FieldSteps, FieldHits, FieldDecimals, FieldChanges,
            FieldSources, Contents, ColumnHits, Scales, Addresses,
            AddressHits, TrailerStated, TrailerLengths, TrailerResidues, TrailerHits, ExpectedByteHits,
        ];
        Clear();
    }

    /// <summary>Forgets everything. spec 10.2-2</summary>
    internal void Clear()
    {
        foreach (Array table in _tables)
        {
            Array.Clear(table);
        }

        Array.Fill(BitCounters, EvenCounter);
        Array.Fill(EndCounters, RareCounter);
        (Position, LastRecord, RecordBefore, Learned, Profile) = (1, 0, 0, 0, -1);
    }

    /// <summary>Makes this memory equal to another one. Takes about 20 microseconds.</summary>
    internal void CopyFrom(MixingMemory other)
    {
        for (int i = 0; i < _tables.Length; i++)
        {
            other._tables[i].CopyTo(_tables[i], 0);
        }

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
    internal void Use(MixingProfile profile)
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
    internal byte At(int position) => History[position & (MixingLayout.HistoryBytes - 1)];

    /// <summary>Whether the history still holds a position.</summary>
    internal bool Holds(int position) =>
        position > 0 && position < Position && Position - position < MixingLayout.Reach;

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
        History[Position & (MixingLayout.HistoryBytes - 1)] = value;
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
