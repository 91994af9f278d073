namespace LinkCodec.Core.Experts;

/// <summary>How many experts of which kind there are, and the sizes of what they remember and of what was trained.</summary>
internal static class ExpertLayout
{
    // Inputs of the mixer, in this order.
    internal const int Followers = 16;
    internal const int Counters = 11;
    internal const int Guesses = 9;
    internal const int NetworkInput = Followers + Counters + Guesses;
    internal const int NetworkSlopeInput = NetworkInput + 1;
    internal const int BiasInput = NetworkInput + 2;
    internal const int Inputs = 40; // the last one is always 0

    // Guesses: bytes that are expected for a reason.
    internal const int MatchGuess = 0;
    internal const int RecordAboveGuess = 1;
    internal const int RecordAlikeGuess = 2;
    internal const int FieldGuess = 3;
    internal const int NumberGuess = 4;
    internal const int SlopeGuess = 5;
    internal const int CheckGuess = 6;
    internal const int CorpusGuess = 7;
    internal const int PeriodGuess = 8;

    // Trained maps.
    internal const int FollowerCells = 4096; // by expert
    internal const int CounterCells = 1024;
    internal const int GuessCells = 2048;
    internal const int EndCells = (4 * 1024) + 32;

    // The mixer's weight sets, and the rows of each.
    internal const int Sets = 6;
    internal const int FinalRows = 8 * 4;
    internal const int FinalInputs = 8;
    internal const int EndRows = 4;
    internal const int EndInputs = 8;

    // What a stream remembers.
    internal const int HistoryBytes = 1 << 15;
    internal const int Reach = HistoryBytes - 64; // Positions further back are forgotten.
    internal const int FollowerSlotBits = 14;
    internal const int CounterSlotBits = 10;
    internal const int EndSlots = 512;
    internal const int MatchSlots = 4096;
    internal const int RecordSlots = 1024;
    internal const int FieldSlots = 256;
    internal const int ColumnSlots = 256;

    /// <summary>Rows of each weight set.</summary>
    internal static ReadOnlySpan<int> SetRows => [8 * 8, 256, 8 * 4, 10 * 3 * 4, 8 * 8, 10 * 8];

    /// <summary>Where each weight set starts, in rows; the sum at the end.</summary>
    internal static ReadOnlySpan<int> SetStarts => [0, 64, 320, 352, 472, 536, 616];
}
