using LinkCodec.Core.Erasure;
using LinkCodec.Core.Framing;
using LinkCodec.Core.Primitives;
using Xunit;

namespace LinkCodec.Tests.Erasure;

/// <summary>A receiver that computes what it lacks, whatever comes in which order.</summary>
public sealed class RepairSolverTests
{
    [Theory]
    [InlineData(1000, 12, 0.05)]
    [InlineData(1000, 3, 0.2)]
    [InlineData(9000, 10, 0.06)]
    public void So_many_segments_with_a_repair_behind_each_few_at_this_loss(int segments, int every, double loss)
    {
        Stream stream = new(0xE5, segments, every);
        RandomSource random = RandomSource.FromSeed(0xE6);
        RepairSolver solver = new();
        HashSet<ulong> missing = [];
        Play(stream, solver, stream.Counters, _ => random.NextUInt64() % 1000 < loss * 1000, missing);
        Assert.False(solver.IsBroken);
        Assert.All(missing, c => Assert.True(c + 1000 > stream.Counters[^1], $"{c} was not computed"));
    }

    [Fact]
    public void A_gap_of_250_segments_is_computed_from_as_many_repairs()
    {
        Stream stream = new(0xE7, 4000, 10);
        HashSet<ulong> missing = [];
        Play(stream, new RepairSolver(), stream.Counters, c => c is >= 1000 and < 1250, missing);
        Assert.Empty(missing);
    }

    [Fact]
    public void Segments_that_come_late_are_no_harm()
    {
        Stream stream = new(0xE8, 600, 6);
        RandomSource random = RandomSource.FromSeed(0xE9);
        ulong[] shuffled = [.. stream.Counters.OrderBy(c => c + (random.NextUInt64() % 64))];
        HashSet<ulong> missing = [];
        RepairSolver solver = new();
        Play(stream, solver, shuffled, _ => random.NextUInt64() % 20 == 0, missing);
        Assert.False(solver.IsBroken);
        Assert.InRange(missing.Count, 0, 12);
    }

    [Fact]
    [Spec("15.3-1")]
    public void A_peer_whose_repairs_are_random_costs_bounded_memory()
    {
        RandomSource random = RandomSource.FromSeed(0xEA);
        RepairSolver solver = new();
        byte[] symbol = new byte[1200];
        for (ulong counter = 8192; counter < 40_000; counter += 1 + (random.NextUInt64() % 40))
        {
            random.Fill(symbol);
            solver.OnRepair(counter, new RepairFrame
            {
                Reach = 1 + (int)(random.NextUInt64() % 8192),
                BackToLast = (byte)random.NextUInt64(),
                Symbol = symbol.AsMemory(0, 3 + (int)(random.NextUInt64() % 1198)),
            });
            Assert.InRange(solver.Bytes, 0, 26 << 20);
            Assert.InRange(solver.Held.Unknown, solver.Held.Equations, 2048);
        }
    }

    private static void Play(Stream stream, RepairSolver solver, IEnumerable<ulong> order, Func<ulong, bool> isLost,
        HashSet<ulong> missing)
    {
        foreach (ulong counter in order)
        {
            bool isRepair = stream.Repairs.TryGetValue(counter, out RepairFrame repair);
            if (isLost(counter))
            {
                _ = isRepair || missing.Add(counter);
            }
            else if (isRepair)
            {
                solver.OnRepair(counter, repair);
            }
            else
            {
                solver.OnSegment(counter, stream.Plaintexts[counter]);
            }

            while (solver.TryTake(out ulong found, out ReadOnlyMemory<byte> plaintext))
            {
                Assert.Equal(stream.Plaintexts[found], plaintext.ToArray());
                missing.Remove(found); // Or it is late, and comes after.
            }
        }
    }

    private sealed class Stream
    {
        public Stream(ulong seed, int segments, int every)
        {
            RandomSource random = RandomSource.FromSeed(seed);
            RepairMaker maker = new();
            for (ulong counter = 0; Plaintexts.Count < segments; counter++)
            {
                Counters.Add(counter);
                if (counter % (ulong)(every + 1) == (ulong)every)
                {
                    Assert.True(maker.TryMake(counter, 0, 1200, out RepairFrame repair));
                    Repairs[counter] = repair;
                    continue;
                }

                byte[] plaintext = new byte[1 + (random.NextUInt64() % 200)];
                random.Fill(plaintext);
                Plaintexts[counter] = plaintext;
                maker.Add(counter, plaintext);
            }
        }

        public List<ulong> Counters { get; } = [];

        public Dictionary<ulong, byte[]> Plaintexts { get; } = [];

        public Dictionary<ulong, RepairFrame> Repairs { get; } = [];
    }
}
