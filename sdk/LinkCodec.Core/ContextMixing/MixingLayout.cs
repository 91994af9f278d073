namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// The numbers of inputs of each kind, and the sizes of what models remember and of what was trained.
/// </summary>
internal static class MixingLayout
{
    // Inputs of the mixer, in this order.
    internal const int RunContexts = 16;
    internal const int CounterContexts = 13;
    internal const int ExpectedBytes = 12;
    internal const int NetworkInput = RunContexts + CounterContexts + ExpectedBytes;
    internal const int NetworkLinearInput = NetworkInput + 1;
    internal const int DifferenceInput = NetworkInput + 2;
    internal const int Differences = 2;
    internal const int BiasInput = DifferenceInput + Differences;
    internal const int Inputs = 48; // the last inputs are always 0

    // Expected bytes, by who expects them.
    internal const int MatchByte = 0;
    internal const int AboveByte = 1;
    internal const int AlikeByte = 2;
    internal const int FieldByte = 3;
    internal const int NumberByte = 4;
    internal const int SlopeByte = 5;
    internal const int ChecksumByte = 6;
    internal const int DictionaryByte = 7;
    internal const int PeriodByte = 8;
    internal const int LittleSlopeByte = 9;
    internal const int CopyByte = 10;
    internal const int SequenceByte = 11;

    // Trained maps, from a state to a probability.
    internal const int RunMapEntries = 4096; // entries of each context's map
    internal const int CounterMapEntries = 1024;
    internal const int ExpectedByteMapEntries = 2048;
    internal const int EndMapEntries = (4 * 1024) + 32;
    internal const int DifferenceStates = 64; // states of each difference model
    internal const int DifferenceMapEntries = DifferenceStates * 256;

    // The mixer's weight sets, and the rows of each.
    internal const int Sets = 6;
    internal const int FinalRows = 4 * 8 * 4;
    internal const int FinalInputs = 8;
    internal const int EndRows = 4;
    internal const int EndInputs = 8;

    // Sizes of what a stream remembers.
    internal const int HistoryBytes = 1 << 15;
    internal const int Reach = HistoryBytes - 64; // Positions further back are forgotten.
    internal const int RunSlotBits = 14;
    internal const int CounterSlotBits = 10;
    internal const int EndCounterSlots = 512;
    internal const int MatchSlots = 4096;
    internal const int RecordSlots = 1024;
    internal const int RecordLevels = 4;
    internal const int FieldSlots = 256;
    internal const int AddressSlots = 256;
    internal const int TrailerKinds = 64;
    internal const int TrailerSums = 9;
    internal const int ColumnSlots = 256;

    /// <summary>The start of each weight set, in rows; the sum at the end.</summary>
    internal static ReadOnlySpan<int> SetStarts => [0, 64, 320, 448, 568, 632, 712];
}
