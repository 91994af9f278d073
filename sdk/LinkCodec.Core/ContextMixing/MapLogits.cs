using System.Runtime.CompilerServices;

namespace LinkCodec.Core.ContextMixing;

/// <summary>
/// What the maps of runs, counters and expected bytes say, as logits in one table: an entry is looked up for each input
/// of each bit, and the table of all logits would not stay in the first cache beside the maps.
/// </summary>
/// <remarks>Memory: 210 KB, taken when a profile is first used.</remarks>
internal sealed class MapLogits
{
    /// <summary>The first entry of the map of counters; that of runs begins at 0.</summary>
    internal const int CounterStart = MixingLayout.RunContexts * MixingLayout.RunMapEntries;

    /// <summary>The first entry of the map of expected bytes.</summary>
    internal const int ExpectedByteStart = CounterStart
        + (MixingLayout.CounterContexts * MixingLayout.CounterMapEntries);

    /// <summary>An entry whose logit is 0, for inputs that have nothing to say.</summary>
    internal const int None = ExpectedByteStart + (MixingLayout.ExpectedBytes * MixingLayout.ExpectedByteMapEntries);

    private readonly short[] _values = new short[None + 1];

    /// <summary>Makes a table that says nothing yet.</summary>
    internal MapLogits()
    {
    }

    /// <summary>Makes the table of a profile.</summary>
    internal MapLogits(MixingProfile profile) => Fill(profile);

    /// <summary>The logit of each entry.</summary>
    internal short[] Values => _values;

    /// <summary>Takes a profile's maps as they are now.</summary>
    internal void Fill(MixingProfile profile)
    {
        Fill(profile.RunMap, 0);
        Fill(profile.CounterMap, CounterStart);
        Fill(profile.ExpectedByteMap, ExpectedByteStart);
        for (int i = 0; i < MixingLayout.CounterContexts; i++)
        {
            // spec 10.4-2: a counter that has seen nothing says nothing, whatever the map holds for it
            _values.AsSpan(CounterStart + (i * MixingLayout.CounterMapEntries), 64).Clear();
        }
    }

    /// <summary>Moves an entry of a map towards what came, in training only.</summary>
    /// <param name="map">The map.</param>
    /// <param name="start">The map's first entry in this table.</param>
    /// <param name="entry">The entry in this table.</param>
    /// <param name="came">Whether what the entry is the probability of came.</param>
    /// <param name="shift">The rate, as for <see cref="AdaptiveProbability.Update"/>.</param>
    internal void Train(ushort[] map, int start, int entry, bool came, int shift)
    {
        AdaptiveProbability.Update(ref map[entry - start], came, shift);
        bool isEmptyCounter = start == CounterStart && ((entry - start) & (MixingLayout.CounterMapEntries - 1)) < 64;
        _values[entry] = isEmptyCounter ? (short)0 : (short)LogisticTables.Stretch(map[entry - start]);
    }

    /// <summary>Reads four logits; written out, so that all places but the entries are constants.</summary>
    /// <param name="inputs">Takes the logits, from <paramref name="at"/> on.</param>
    /// <param name="logits">The table's start.</param>
    /// <param name="entries">Entries of the table, from <paramref name="at"/> on.</param>
    /// <param name="at">The place, a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Load(ref int inputs, ref short logits, ref int entries, nint at)
    {
        Unsafe.Add(ref inputs, at) = Unsafe.Add(ref logits, (nint)Unsafe.Add(ref entries, at));
        Unsafe.Add(ref inputs, at + 1) = Unsafe.Add(ref logits, (nint)Unsafe.Add(ref entries, at + 1));
        Unsafe.Add(ref inputs, at + 2) = Unsafe.Add(ref logits, (nint)Unsafe.Add(ref entries, at + 2));
        Unsafe.Add(ref inputs, at + 3) = Unsafe.Add(ref logits, (nint)Unsafe.Add(ref entries, at + 3));
    }

    private void Fill(ushort[] map, int start)
    {
        for (int i = 0; i < map.Length; i++)
        {
            _values[start + i] = (short)LogisticTables.Stretch(map[i]);
        }
    }
}
