using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using Xunit;

namespace LinkCodec.Tests.Session;

public sealed class ReceivedCountersTests
{
    private const ulong Seed = 0xB1;

    [Fact]
    [Spec("4.4-2")]
    public void A_report_says_what_came_since_the_eighth_report_before_it_and_nothing_wrong()
    {
        RandomSource random = RandomSource.FromSeed(Seed);
        ReceivedCounters received = new();
        HashSet<ulong> opened = [];
        Queue<HashSet<ulong>> reports = new([[]]);
        Span<byte> bitmap = stackalloc byte[FrameLimits.MaxReportBitmap];
        ulong next = 0;
        for (int i = 0; i < 30_000; i++)
        {
            next += random.NextUInt64() % 3;
            ulong counter = next - Math.Min(next, random.NextUInt64() % 40 == 0 ? random.NextUInt64() % 600 : 0);
            received.Record(counter);
            opened.Add(counter);
            reports.Last().Add(counter);
            if (random.NextUInt64() % 12 != 0)
            {
                continue;
            }

            HashSet<ulong> said = Said(received, bitmap[..received.WriteBitmap(bitmap, full: false)]);
            Assert.True(said.IsSubsetOf(opened), $"seed {Seed:x}, case {i}");
            Assert.All(reports.SelectMany(r => r).Where(c => received.Largest - c <= 384),
                c => Assert.Contains(c, said));
            received.OnReported();
            reports.Enqueue([]);
            while (reports.Count > 8)
            {
                reports.Dequeue();
            }
        }
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
                Said(received, bitmap[..received.WriteBitmap(bitmap, full: true)]).Count - 1);
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

    private static HashSet<ulong> Said(ReceivedCounters received, ReadOnlySpan<byte> bitmap)
    {
        HashSet<ulong> said = [received.Largest];
        for (int i = 0; i < 8 * bitmap.Length; i++)
        {
            if ((bitmap[i >> 3] >> (i & 7) & 1) != 0)
            {
                said.Add(received.Largest - 1 - (ulong)i);
            }
        }

        return said;
    }
}
