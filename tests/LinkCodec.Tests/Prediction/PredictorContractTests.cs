using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.Prediction;

/// <summary>What every predictor must hold, or decoding is not exact: inherit it, and say how to make one.</summary>
[Spec("7.1-1")]
public abstract class PredictorContractTests
{
    /// <summary>A predictor of its own for each test; disposed by the test.</summary>
    private protected abstract Predictor CreatePredictor();

    /// <summary>Symbols of one stream, without the end; the longest test takes 2,000.</summary>
    /// <remarks>By default bytes of records that differ by stream. Override for other alphabets.</remarks>
    protected virtual int[] Stream(int index, int length)
    {
        byte[] records = TestMessages.Records(600);
        int[] symbols = new int[length];
        for (int i = 0; i < length; i++)
        {
            symbols[i] = index % 4 == 3
                ? ((i * 31) + (i * i) + index) & 0xFF
                : records[((index * 37) + i) % records.Length];
        }

        return symbols;
    }

    /// <summary>Steps of the tests over batches; fewer for a slow model.</summary>
    protected virtual int BatchSteps => 120;

    [Fact]
    public void Alphabet_and_scale_are_within_the_contract()
    {
        using Predictor predictor = CreatePredictor();
        _ = new FrequencyQuantiser(predictor.AlphabetSize, predictor.FrequencyBits); // Checks them together.
        Assert.Throws<ArgumentOutOfRangeException>(() => predictor.CreateLanes(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => predictor.CreateLanes(Predictor.MaxLanes + 1));
        using var lanes = (DistributionLanes)predictor.CreateLanes(3);
        Assert.Equal(3, lanes.Capacity);
    }

    [Spec("7.1-2")]
    [Fact]
    public void Weights_are_within_limits_for_two_thousand_steps()
    {
        using Predictor predictor = CreatePredictor();
        using var lanes = (DistributionLanes)predictor.CreateLanes(1);
        uint[] weights = new uint[predictor.AlphabetSize];
        lanes.Start(0, weights);
        AssertWeights(weights);
        foreach (int symbol in Stream(0, 2000))
        {
            lanes.Step([symbol], weights);
            AssertWeights(weights);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(32)]
    public void A_stream_gets_the_same_weights_in_every_batch_and_lane(int batch)
    {
        using Predictor predictor = CreatePredictor();
        ulong[] alone = new ulong[batch];
        for (int i = 0; i < batch; i++)
        {
            alone[i] = PredictorRun.Hash(predictor, [Stream(i, BatchSteps)])[0];
        }

        int[][] streams = [.. Enumerable.Range(0, batch).Select(i => Stream(i, BatchSteps))];
        Assert.Equal(alone, PredictorRun.Hash(predictor, streams));
        Array.Reverse(alone);
        Array.Reverse(streams);
        Assert.Equal(alone, PredictorRun.Hash(predictor, streams));
    }

    [Fact]
    public void Lanes_beyond_those_stepped_keep_their_state()
    {
        using Predictor predictor = CreatePredictor();
        using var lanes = (DistributionLanes)predictor.CreateLanes(2);
        int n = predictor.AlphabetSize;
        uint[] expected = new uint[n];
        uint[] weights = new uint[n];
        int[] stream = Stream(1, 20);
        PredictorRun.Feed(lanes, stream, expected);

        PredictorRun.Feed(lanes, stream[..^1], weights);
        lanes.Copy(0, 1);
        PredictorRun.Feed(lanes, Stream(3, 30), weights); // Only lane 0 moves,
        lanes.Copy(1, 0);
        lanes.Step([stream[^1]], weights);                // and lane 1 is still where it was.
        Assert.Equal(expected, weights);
    }

    [Spec("7.1-3")]
    [Fact]
    public void Start_forgets_what_the_lane_has_seen()
    {
        using Predictor predictor = CreatePredictor();
        using var lanes = (DistributionLanes)predictor.CreateLanes(1);
        uint[] first = new uint[predictor.AlphabetSize];
        uint[] again = new uint[predictor.AlphabetSize];
        int[] stream = Stream(0, 50);
        PredictorRun.Feed(lanes, stream, first);
        PredictorRun.Feed(lanes, Stream(3, 200), again);
        PredictorRun.Feed(lanes, stream, again);
        Assert.Equal(first, again);
    }

    [Fact]
    public void A_copy_goes_on_like_its_source_and_apart_from_it()
    {
        using Predictor predictor = CreatePredictor();
        int n = predictor.AlphabetSize;
        int[] shared = Stream(0, 40);
        int[] left = Stream(1, 30);
        int[] right = Stream(3, 30);
        using var lanes = (DistributionLanes)predictor.CreateLanes(2);
        uint[] weights = new uint[2 * n];
        PredictorRun.Feed(lanes, shared, weights.AsSpan(0, n));
        lanes.Copy(0, 1);
        for (int i = 0; i < left.Length; i++)
        {
            lanes.Step([left[i], right[i]], weights);
        }

        uint[] expected = new uint[n];
        PredictorRun.Feed(lanes, [.. shared, .. left], expected);
        Assert.Equal(expected, weights[..n]);
        PredictorRun.Feed(lanes, [.. shared, .. right], expected);
        Assert.Equal(expected, weights[n..]);
    }

    [Fact]
    public void Another_instance_and_another_run_give_the_same_weights()
    {
        using Predictor one = CreatePredictor();
        using Predictor two = CreatePredictor();
        int[][] streams = [Stream(0, 200), Stream(3, 200)];
        Assert.Equal(PredictorRun.Hash(one, streams), PredictorRun.Hash(two, streams));
        Assert.Equal(PredictorRun.Hash(one, streams), PredictorRun.Hash(one, streams));
    }

    [Fact]
    public async Task Two_threads_with_lanes_of_their_own_do_not_feel_each_other()
    {
        using Predictor predictor = CreatePredictor();
        int[][] streams = [Stream(0, BatchSteps), Stream(1, BatchSteps), Stream(3, BatchSteps)];
        ulong[] expected = PredictorRun.Hash(predictor, streams);
        using var both = new Barrier(2);
        Task<ulong[]>[] tasks = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                both.SignalAndWait();
                return PredictorRun.Hash(predictor, streams);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        foreach (ulong[] hash in await Task.WhenAll(tasks))
        {
            Assert.Equal(expected, hash);
        }
    }

    private static void AssertWeights(uint[] weights)
    {
        Assert.True(weights.Max() <= Predictor.MaxWeight);
        Assert.True(weights.Max() > 0);
    }
}
