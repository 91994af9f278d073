using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Coding;

/// <summary>
/// A seeded source with the draws that property tests need. The seed is part of every case's name, so a failure
/// replays.
/// </summary>
internal sealed class TestRandom(ulong seed)
{
    private readonly RandomSource _source = RandomSource.FromSeed(seed);

    /// <summary>A seed for each case of a property.</summary>
    public static TheoryData<ulong> Seeds(int count)
    {
        var data = new TheoryData<ulong>();
        for (int i = 0; i < count; i++)
        {
            data.Add((ulong)(1000 + i));
        }

        return data;
    }

    /// <summary>Uniform below <paramref name="limit"/>.</summary>
    public int Next(int limit) => (int)(_source.NextUInt64() % (ulong)limit);

    /// <summary>A number from 1 to the limit, each magnitude as likely as the others.</summary>
    public uint Skewed(int bits)
    {
        int width = 1 + Next(bits);
        return (uint)(1 + (_source.NextUInt64() & ((1UL << width) - 1)));
    }

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _source.Fill(bytes);
        return bytes;
    }

    /// <summary>An interval of a random scale, its size skewed.</summary>
    public Interval Interval()
    {
        int bits = 1 + Next(24);
        uint cumulative = (uint)Next(1 << bits);
        uint frequency = Math.Min((1u << bits) - cumulative, Skewed(bits));
        return new Interval(cumulative, frequency, bits);
    }

    public Interval[] Intervals(int count)
    {
        var intervals = new Interval[count];
        for (int i = 0; i < count; i++)
        {
            intervals[i] = Interval();
        }

        return intervals;
    }
}
