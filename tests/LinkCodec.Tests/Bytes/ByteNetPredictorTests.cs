using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Bytes;
using Xunit;

namespace LinkCodec.Tests.Bytes;

public sealed class ByteNetPredictorTests
{
    private const int V = Predictor.ByteAlphabet;

    [Fact]
    public void Lanes_that_are_left_out_keep_their_state()
    {
        using ByteNetPredictor predictor = TestSnapshots.Load(TestSnapshots.Tiny);
        using var lanes = (DistributionLanes)predictor.CreateLanes(3);
        uint[] weights = new uint[3 * V];
        StartAll(lanes, weights);
        lanes.Step("abc"u8.ToArray().Select(b => (int)b).ToArray(), weights);
        lanes.Step(['d', 'e'], weights.AsSpan(0, 2 * V)); // lane 2 rests, once, so that the sets of the lanes differ
        lanes.Step(['x', 'y', 'z'], weights);
        Assert.Equal(Alone(predictor, "cz"), weights[(2 * V)..]);
        Assert.Equal(Alone(predictor, "adx"), weights[..V]);
        lanes.Copy(2, 0);
        lanes.Step(['!'], weights.AsSpan(0, V));
        Assert.Equal(Alone(predictor, "cz!"), weights[..V]);
    }

    [Fact]
    public void A_step_of_more_lanes_than_a_batch_is_split()
    {
        using ByteNetPredictor whole = TestSnapshots.Load(TestSnapshots.Tiny);
        using ByteNetPredictor split = TestSnapshots.Load(TestSnapshots.Tiny, largestBatch: 3);
        Assert.Equal(ExactnessRun.Of(whole, 10, 20, 10), ExactnessRun.Of(split, 10, 20, 10));
        Assert.Equal(ExactnessRun.Of(whole, 9, 20, 9), ExactnessRun.Of(split, 9, 20, 9));
    }

    [Fact]
    public void A_step_allocates_nothing_once_its_batch_size_is_known()
    {
        using ByteNetPredictor predictor = TestSnapshots.Load(TestSnapshots.Tiny);
        using var lanes = (DistributionLanes)predictor.CreateLanes(4);
        uint[] weights = new uint[4 * V];
        int[] symbols = [1, 2, 3, 4];
        StartAll(lanes, weights);
        long Allocated(int rounds)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < rounds; i++)
            {
                lanes.Step(symbols, weights);
                lanes.Step(symbols.AsSpan(0, 3), weights.AsSpan(0, 3 * V));
                lanes.Start(3, weights.AsSpan(0, V));
                lanes.Copy(0, 3);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(20);
        Assert.Equal(0, Allocated(100));
    }

    [Fact]
    public void Lanes_on_many_threads_do_not_disturb_each_other()
    {
        using ByteNetPredictor predictor = TestSnapshots.Load(TestSnapshots.Tiny);
        ExactnessRun.Hashes alone = ExactnessRun.Of(predictor, 6, 100, 2);
        var together = new ExactnessRun.Hashes[8];
        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i => together[i] = ExactnessRun.Of(predictor, 6, 100, 1 + (i % 6)));
        Assert.All(together, h => Assert.Equal(alone, h));
    }

    [Fact]
    public void Lanes_outlive_their_predictor()
    {
        ByteNetPredictor predictor = TestSnapshots.Load(TestSnapshots.Tiny);
        uint[] expected = Alone(predictor, "ab");
        var lanes = (DistributionLanes)predictor.CreateLanes(1);
        predictor.Dispose();
        predictor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => predictor.CreateLanes(1));
        uint[] weights = new uint[V];
        lanes.Start(0, weights);
        lanes.Step(['a'], weights);
        lanes.Step(['b'], weights);
        Assert.Equal(expected, weights);
        lanes.Dispose();
        lanes.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lanes.Step(['c'], weights));
        Assert.Throws<ObjectDisposedException>(() => lanes.Start(0, weights));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(257)]
    [InlineData(int.MaxValue)]
    public void A_symbol_outside_the_alphabet_is_refused_and_changes_nothing(int symbol)
    {
        using ByteNetPredictor predictor = TestSnapshots.Load(TestSnapshots.Tiny);
        using var lanes = (DistributionLanes)predictor.CreateLanes(2);
        uint[] weights = new uint[2 * V];
        StartAll(lanes, weights);
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step(['a', symbol], weights));
        lanes.Step(['b', 'c'], weights);
        Assert.Equal(Alone(predictor, "b"), weights[..V]);
    }

    [Fact]
    public void A_lane_past_its_end_may_be_stepped_and_no_other_feels_it()
    {
        using ByteNetPredictor predictor = TestSnapshots.Load(TestSnapshots.Tiny);
        using var lanes = (DistributionLanes)predictor.CreateLanes(2);
        uint[] weights = new uint[2 * V];
        StartAll(lanes, weights);
        lanes.Step([Predictor.EndSymbol, 'a'], weights);
        lanes.Step([Predictor.EndSymbol, 'b'], weights);
        Assert.Equal(Alone(predictor, "ab"), weights[V..]);
        lanes.Copy(1, 0);
        lanes.Step(['c', 'c'], weights);
        Assert.Equal(Alone(predictor, "abc"), weights[..V]);
    }

    [Fact]
    public void Misuse_is_refused_before_anything_runs()
    {
        using ByteNetPredictor predictor = TestSnapshots.Load(TestSnapshots.Tiny);
        using var lanes = (DistributionLanes)predictor.CreateLanes(2);
        uint[] weights = new uint[2 * V];
        Assert.Throws<InvalidOperationException>(() => lanes.Step(['a'], weights.AsSpan(0, V)));
        Assert.Throws<InvalidOperationException>(() => lanes.Copy(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Start(2, weights.AsSpan(0, V)));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Start(-1, weights.AsSpan(0, V)));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Start(0, weights));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Start(0, new uint[V - 1]));
        StartAll(lanes, weights);
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([1, 2, 3], new uint[3 * V]));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([1, 2], new uint[(2 * V) - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([1], weights));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Copy(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => predictor.CreateLanes(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => predictor.CreateLanes(257));
        lanes.Step([], []);
        lanes.Step(['a', 'b'], weights);
        Assert.Equal(Alone(predictor, "b"), weights[V..]);
    }

    private static void StartAll(DistributionLanes lanes, uint[] weights)
    {
        for (int lane = 0; lane < lanes.Capacity; lane++)
        {
            lanes.Start(lane, weights.AsSpan(0, V));
        }
    }

    private static uint[] Alone(ByteNetPredictor predictor, string text)
    {
        using var lanes = (DistributionLanes)predictor.CreateLanes(1);
        uint[] weights = new uint[V];
        lanes.Start(0, weights);
        foreach (char c in text)
        {
            lanes.Step([c], weights);
        }

        return weights;
    }
}
