using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using Xunit;

namespace LinkCodec.Tests.Session;

public sealed class ReceivedCountersTests
{
    private const ulong Seed = 0xB1;

    // Segments between two reports: few, and so many that eight reports reach over more than one frame tells.
    [Theory]
    [InlineData(12)]
    [InlineData(100)]
    [Spec("4.4-2")]
    [Spec("4.4-4")]
    public void Reports_say_what_came_since_the_eighth_before_and_four_times_what_came_late(ulong spacing)
    {
        RandomSource random = RandomSource.FromSeed(Seed);
        ReceivedCounters received = new();
        HashSet<ulong> opened = [];
        Dictionary<ulong, int> late = [];
        Queue<HashSet<ulong>> reports = new([[]]);
        ulong next = 0;
        int parts = 0;
        for (int i = 0; i < 30_000; i++)
        {
            next += random.NextUInt64() % 3;
            ulong counter = next - Math.Min(next, random.NextUInt64() % 40 == 0 ? random.NextUInt64() % 600 : 0);
            received.Record(counter);
            bool isLate = received.Largest - counter > 192;
            if (opened.Add(counter) && isLate)
            {
                late.Add(counter, 0);
            }

            _ = isLate || reports.Last().Add(counter);
            if (random.NextUInt64() % spacing != 0)
            {
                continue;
            }

            HashSet<ulong> said = SaidInAll(received, late, ref parts);
            Assert.True(said.IsSubsetOf(opened), $"seed {Seed:x}, case {i}");
            Assert.All(reports.SelectMany(r => r).Where(c => received.Largest - c <= 1536),
                c => Assert.Contains(c, said));
            received.OnReported();
            reports.Enqueue([]);
            while (reports.Count > 8)
            {
                reports.Dequeue();
            }
        }

        while (received.TryWriteLate(new byte[FrameLimits.MaxReportBitmap], out _, out _))
        {
            received.OnReported();
        }

        Assert.True(spacing < 50 || parts > 0);
        Assert.True(late.Count(told => told.Value >= 4) > late.Count * 9 / 10, $"{late.Count} late");
    }

    private static HashSet<ulong> SaidInAll(ReceivedCounters received, Dictionary<ulong, int> late, ref int parts)
    {
        Span<byte> bitmap = stackalloc byte[FrameLimits.MaxReportBitmap];
        HashSet<ulong> said = Said(received.Largest, bitmap[..received.WriteBitmap(bitmap, full: false)]);
        for (int part = 1; part < ReceivedCounters.MaxParts; part++)
        {
            if (received.TryWriteOlder(bitmap, part, out ulong largest, out int length))
            {
                parts++;
                said.UnionWith(Said(largest, bitmap[..length]));
            }
        }

        for (int i = 0; i < 4 && received.TryWriteLate(bitmap, out ulong largest, out int length); i++)
        {
            HashSet<ulong> told = Said(largest, bitmap[..length]);
            foreach (ulong counter in told.Where(late.ContainsKey))
            {
                late[counter]++;
            }

            said.UnionWith(told);
        }

        return said;
    }

    [Fact]
    public void A_full_report_looks_back_384_counters_and_never_under_zero()
    {
        ReceivedCounters received = new();
        Span<byte> bitmap = stackalloc byte[FrameLimits.MaxReportBitmap];
        for (ulong counter = 0; counter < 1000; counter++)
        {
            received.Record(counter);
            Assert.Equal((int)Math.Min(counter, 384),
                Said(received.Largest, bitmap[..received.WriteBitmap(bitmap, full: true)]).Count - 1);
            received.OnReported();
        }
    }

    [Fact]
    public void A_gap_is_told_once_when_it_opens()
    {
        ReceivedCounters received = new();
        Assert.False(received.Record(0));
        Assert.False(received.Record(1));
        Assert.True(received.Record(3));
        Assert.False(received.Record(4));
        Assert.False(received.Record(2));
        Assert.True(received.Record(10_000));
        Assert.Equal(10_000UL, received.Largest);
    }

    private static HashSet<ulong> Said(ulong largest, ReadOnlySpan<byte> bitmap)
    {
        HashSet<ulong> said = [largest];
        for (int i = 0; i < 8 * bitmap.Length; i++)
        {
            if ((bitmap[i >> 3] >> (i & 7) & 1) != 0)
            {
                said.Add(largest - 1 - (ulong)i);
            }
        }

        return said;
    }
}
