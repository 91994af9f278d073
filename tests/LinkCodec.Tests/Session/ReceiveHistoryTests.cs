using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Session;
using Xunit;

namespace LinkCodec.Tests.Session;

public sealed class ReceiveHistoryTests
{
    private const ulong Seed = 0xB1;

    [Fact]
    [Spec("4.4-2")]
    public void A_report_says_what_came_since_the_eighth_report_before_it_and_nothing_wrong()
    {
        RandomSource random = RandomSource.FromSeed(Seed);
        ReceiveHistory history = new();
        HashSet<ulong> opened = [];
        Queue<HashSet<ulong>> reports = new([[]]);
        Span<byte> bitmap = stackalloc byte[FrameLimits.MaxReportBitmap];
        ulong next = 0;
        for (int i = 0; i < 30_000; i++)
        {
            next += random.NextUInt64() % 3;
            ulong counter = next - Math.Min(next, random.NextUInt64() % 40 == 0 ? random.NextUInt64() % 600 : 0);
            history.Record(counter);
            opened.Add(counter);
            reports.Last().Add(counter);
            if (random.NextUInt64() % 12 != 0)
            {
                continue;
            }

            HashSet<ulong> said = Said(history, bitmap[..history.WriteBitmap(bitmap, full: false)]);
            Assert.True(said.IsSubsetOf(opened), $"seed {Seed:x}, case {i}");
            Assert.All(reports.SelectMany(r => r).Where(c => history.Largest - c <= 384), c => Assert.Contains(c, said));
            history.OnReported();
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
        ReceiveHistory history = new();
        Span<byte> bitmap = stackalloc byte[FrameLimits.MaxReportBitmap];
        for (ulong counter = 0; counter < 1000; counter++)
        {
            history.Record(counter);
            Assert.Equal((int)Math.Min(counter, 384), Said(history, bitmap[..history.WriteBitmap(bitmap, full: true)]).Count - 1);
            history.OnReported();
        }
    }

    [Fact]
    public void A_gap_is_told_once_when_it_opens()
    {
        ReceiveHistory history = new();
        Assert.False(history.Record(0));
        Assert.False(history.Record(1));
        Assert.True(history.Record(3));
        Assert.False(history.Record(4));
        Assert.False(history.Record(2));
        Assert.True(history.Record(10_000));
        Assert.Equal(10_000UL, history.Largest);
    }

    private static HashSet<ulong> Said(ReceiveHistory history, ReadOnlySpan<byte> bitmap)
    {
        HashSet<ulong> said = [history.Largest];
        for (int i = 0; i < 8 * bitmap.Length; i++)
        {
            if ((bitmap[i >> 3] >> (i & 7) & 1) != 0)
            {
                said.Add(history.Largest - 1 - (ulong)i);
            }
        }

        return said;
    }
}
