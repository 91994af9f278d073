namespace LinkCodec.Core.PrimedMixing;

/// <summary>The numbers of contexts and inputs, and the sizes of what a code learns and of what was trained.</summary>
internal static class PrimedLayout
{
    // Inputs of the mixer, in this order.
    internal const int Contexts = 8;
    internal const int MatchInput = Contexts;
    internal const int BiasInput = Contexts + 1;
    internal const int Inputs = 12;  // the last ones are always 0
    internal const int RowSize = 16; // a row's weights begin at a multiple of a vector's

    /// <summary>Contexts at the start that are the last bytes, from one of them on.</summary>
    internal const int Orders = 5;

    // Buckets of counters.
    internal const int BucketSize = 16;  // a check, and the counters of a nibble's tree from 1 on
    internal const int CodeBits = 12;    // binary logarithm of a context's buckets in a code
    internal const int MostTableBits = 16;
    internal const int MostTrained = 6;  // the largest count that a trained counter has
    internal const int MostSeen = 15;    // and that any has
    internal const ushort EvenCounter = 2048 << 4;

    // Trained maps, from a state to a logit.
    internal const int Levels = 64;      // of a probability
    internal const int MapEntries = 16 * Levels;
    internal const int MatchEntries = 19;

    // The mixer's weight sets, each with as many rows.
    internal const int Sets = 3;
    internal const int Rows = 256;

    internal const int MatchSlots = 4096;
    internal const int FieldSlots = 256;
    internal const int HistoryBytes = 1 << 17; // more than a frame's content with the ends of its messages
    internal const int HistoryStart = 8;       // before it stand zeros

    /// <summary>Bytes of content that a code's messages may have in all. spec 16.1-4</summary>
    /// <param name="code">The code's bytes.</param>
    /// <param name="messages">The number of messages.</param>
    internal static int Content(int code, int messages) => Math.Min(1 << 16, (64 * (code + 16)) - (8 * messages));
}
