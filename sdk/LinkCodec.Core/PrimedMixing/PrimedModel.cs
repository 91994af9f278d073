using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LinkCodec.Core.PrimedMixing;

/// <summary>
/// What was trained: counters by context, what they and matches are believed, and the mixing weights to start from.
/// Read-only once it is made, thread-safe.
/// </summary>
/// <remarks>
/// Part of the protocol, not of a snapshot: every endpoint has it. Memory: 10 MB, taken when first used. Spec:
/// protocol-spec/16-primed-mixing.md, sections 2 and 6.
/// </remarks>
internal sealed class PrimedModel
{
    private const int Line = 64; // bytes of a cache's line, in which two buckets lie side by side
    private static readonly Lazy<PrimedModel> Loaded = new(PrimedFile.ReadBuiltIn);
    private readonly int[] _starts = new int[PrimedLayout.Contexts];
    private readonly ushort[] _counters;
    private readonly int _start;

    /// <summary>Makes room.</summary>
    /// <param name="bits">Binary logarithm of each context's buckets, 3 to 16.</param>
    internal PrimedModel(int[] bits)
    {
        Bits = bits;
        int size = bits.Sum(one => PrimedLayout.BucketSize << one);
        _counters = Aligned(size, out _start);
        int start = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            _starts[i] = start;
            start += PrimedLayout.BucketSize << bits[i];
        }
    }

    /// <summary>The model of the protocol; takes some tens of milliseconds where it is asked for first.</summary>
    internal static PrimedModel BuiltIn => Loaded.Value;

    /// <summary>Binary logarithm of each context's buckets.</summary>
    internal int[] Bits { get; }

    /// <summary>All buckets; those of a context begin at its <see cref="Starts"/>.</summary>
    internal ref ushort Counters => 
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_counters), _start);

    /// <summary>Where each context's buckets begin.</summary>
    internal int[] Starts => _starts;

    /// <summary>The logit of a counter's count and level, context by context.</summary>
    internal short[] Map { get; } = new short[PrimedLayout.Contexts * PrimedLayout.MapEntries];

    /// <summary>The logit of a match by its length.</summary>
    internal short[] MatchMap { get; } = new short[PrimedLayout.MatchEntries];

    /// <summary>The weights of the three sets, row by row, in 16,384ths.</summary>
    internal int[] Weights { get; } = new int[PrimedLayout.Sets * PrimedLayout.Rows * PrimedLayout.RowSize];

    /// <summary>A context's buckets: of each a check, 0 for an empty one, and fifteen counters.</summary>
    internal Span<ushort> Table(int context) =>
        _counters.AsSpan(_start + _starts[context], PrimedLayout.BucketSize << Bits[context]);

    /// <summary>Room for buckets.</summary>
    /// <param name="size">Numbers.</param>
    /// <param name="start">The first one that stands at the beginning of a cache's line.</param>
    internal static ushort[] Aligned(int size, out int start)
    {
        ushort[] room = GC.AllocateArray<ushort>(size + (Line / sizeof(ushort)), pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(room, 0);
        start = (int)(-address & (Line - 1)) / sizeof(ushort);
        return room;
    }
}
