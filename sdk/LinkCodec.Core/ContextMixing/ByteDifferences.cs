using System.Numerics;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// The references of binary records: the byte of the record alike and the byte one period before, each with a carry
/// from the byte before and with how far it was off in its column.
/// </summary>
/// <remarks>Spec: protocol-spec/10-context-mixing.md, section 5.10.</remarks>
internal sealed class ByteDifferences
{
    private const int Nothing = 3; // the state behind a byte that had no reference
    private readonly int[] _references = new int[MixingLayout.Differences]; // -1: none
    private readonly int[] _columns = new int[MixingLayout.Differences];
    private readonly int[] _carries = new int[MixingLayout.Differences];
    private readonly int[] _states = new int[MixingLayout.Differences];

    /// <summary>Begins a message.</summary>
    internal void Begin()
    {
        Array.Fill(_references, -1);
        Array.Clear(_carries);
        Array.Fill(_states, Nothing);
    }

    /// <summary>Sets a reference, before a byte. spec 10.5-10</summary>
    /// <param name="memory">The stream's memory.</param>
    /// <param name="map">The profile's map of differences.</param>
    /// <param name="differences">Takes the reference.</param>
    /// <param name="index">The reference's number.</param>
    /// <param name="reference">The byte, or 256 for none.</param>
    /// <param name="column">Its column, below <see cref="MixingLayout.ColumnSlots"/>.</param>
    internal void Set(MixingMemory memory, uint[] map, DifferenceModel differences, int index, uint reference,
        int column)
    {
        (_references[index], _columns[index]) = (reference < 256 ? (int)reference : -1, column);
        if (reference < 256)
        {
            int scale = memory.Scales[(index * MixingLayout.ColumnSlots) + column];
            int size = scale == 0 ? 0 : 33 - BitOperations.LeadingZeroCount((uint)(scale - 1));
            differences.Set(map, index, ((int)reference + _carries[index]) & 255, (4 * size) + _states[index]);
        }
    }

    /// <summary>Learns the byte that came.</summary>
    internal void Update(MixingMemory memory, byte value)
    {
        for (int i = 0; i < MixingLayout.Differences; i++)
        {
            if (_references[i] < 0)
            {
                (_carries[i], _states[i]) = (0, Nothing);
                continue;
            }

            int expected = _references[i] + _carries[i];
            int difference = (sbyte)(value - expected);
            ref ushort scale = ref memory.Scales[(i * MixingLayout.ColumnSlots) + _columns[i]];
            int size = Math.Abs(difference) * 8;
            int before = scale == 0 ? size : scale - 1; // 0 is none
            scale = (ushort)(1 + before + ((size - before) >> 2));
            _carries[i] = expected + difference > 255 ? 1 : expected + difference < 0 ? -1 : 0;
            _states[i] = _carries[i] != 0 ? 2 : difference != 0 ? 1 : 0;
        }
    }
}
