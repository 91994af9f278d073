using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Primitives;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using Xunit;

namespace LinkCodec.Tests.Bytes;

/// <summary>
/// A network as an input of context mixing gives the weights that the same network gives alone, whatever lanes are
/// stepped together.
/// </summary>
public sealed class ByteNetModelTests
{
    private const int V = Predictor.ByteAlphabet;

    [Theory]
    [InlineData(64)]
    [InlineData(3)]
    public void Any_list_of_lanes_gets_the_weights_that_each_has_alone(int largestBatch)
    {
        using ByteNetModel model = Load(largestBatch);
        using ByteModelLanes lanes = model.CreateLanes(11);
        string[] texts = new string[11];
        for (int lane = 0; lane < texts.Length; lane++)
        {
            lanes.Start(lane);
            texts[lane] = "";
        }

        RandomSource random = RandomSource.FromSeed(7);
        for (int round = 0; round < 25; round++)
        {
            int[] chosen = [.. Enumerable.Range(0, texts.Length).OrderBy(_ => random.NextUInt64())
                .Take(1 + (round % texts.Length))];
            int[] symbols = [.. chosen.Select(lane => 'a' + ((round + lane) % 26))];
            lanes.Step(chosen, symbols);
            for (int i = 0; i < chosen.Length; i++)
            {
                texts[chosen[i]] += (char)symbols[i];
            }
        }

        for (int lane = 0; lane < texts.Length; lane++)
        {
            Assert.Equal(Alone(texts[lane]), lanes.Weights(lane).ToArray());
        }
    }

    [Fact]
    [Spec("7.1-3")]
    public void A_started_lane_forgets_what_it_held()
    {
        using ByteNetModel model = Load();
        using ByteModelLanes lanes = model.CreateLanes(2);
        lanes.Start(1);
        Assert.Equal(Alone(""), lanes.Weights(1).ToArray());
        lanes.Step([1], ['x']);
        lanes.Start(1);
        Assert.Equal(Alone(""), lanes.Weights(1).ToArray());
        lanes.Step([1], ['y']);
        Assert.Equal(Alone("y"), lanes.Weights(1).ToArray());
    }

    [Fact]
    public void A_copy_goes_on_where_its_origin_was()
    {
        using ByteNetModel model = Load();
        using ByteModelLanes lanes = model.CreateLanes(3);
        lanes.Start(2);
        lanes.Step([2], ['a']);
        lanes.Copy(2, 0);
        lanes.Copy(0, 0);
        lanes.Step([2, 0], ['b', 'c']);
        Assert.Equal(Alone("ac"), lanes.Weights(0).ToArray());
        Assert.Equal(Alone("ab"), lanes.Weights(2).ToArray());
    }

    [Fact]
    public void A_lane_past_its_end_is_felt_by_no_other()
    {
        using ByteNetModel model = Load();
        using ByteModelLanes lanes = model.CreateLanes(2);
        lanes.Start(0);
        lanes.Start(1);
        lanes.Step([0, 1], [Predictor.EndSymbol, 'a']);
        lanes.Step([1, 0], ['b', Predictor.EndSymbol]);
        Assert.Equal(Alone("ab"), lanes.Weights(1).ToArray());
    }

    [Fact]
    public void A_step_allocates_nothing_once_its_number_of_lanes_has_come()
    {
        using ByteNetModel model = Load();
        using ByteModelLanes lanes = model.CreateLanes(4);
        int[] all = [3, 1, 0, 2];
        int[] symbols = [1, 2, 3, 4];
        foreach (int lane in all)
        {
            lanes.Start(lane);
        }

        long Allocated(int rounds)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < rounds; i++)
            {
                lanes.Step(all, symbols);
                lanes.Step(all.AsSpan(1), symbols.AsSpan(1));
                lanes.Start(3);
                lanes.Copy(0, 3);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(20);
        Assert.Equal(0, Allocated(100));
    }

    [Fact]
    public void Misuse_is_refused_before_anything_runs()
    {
        using ByteNetModel model = Load();
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateLanes(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateLanes(257));
        using ByteModelLanes lanes = model.CreateLanes(2);
        Assert.Throws<InvalidOperationException>(() => lanes.Step([0], ['a']));
        Assert.Throws<InvalidOperationException>(() => lanes.Copy(0, 1));
        Assert.Throws<InvalidOperationException>(() => lanes.Weights(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Start(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Start(-1));
        lanes.Start(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([0], [257]));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([0], [-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([0], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([2], ['a']));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([0, 0, 0], [1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Copy(0, 2));
        lanes.Step([], []);
        lanes.Step([0], ['a']);
        Assert.Equal(Alone("a"), lanes.Weights(0).ToArray());
    }

    [Fact]
    public void Lanes_outlive_their_model()
    {
        ByteNetModel model = Load();
        ByteModelLanes lanes = model.CreateLanes(1);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.CreateLanes(1));
        lanes.Start(0);
        lanes.Step([0], ['a']);
        Assert.Equal(Alone("a"), lanes.Weights(0).ToArray());
        lanes.Dispose();
        lanes.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lanes.Step([0], ['a']));
        Assert.Throws<ObjectDisposedException>(() => lanes.Start(0));
    }

    [Theory]
    [InlineData(6, 17)]
    [InlineData(5, 16)]
    [InlineData(0, 0)]
    [Spec("6.3-3")]
    public void A_graph_of_other_dimensions_than_stated_is_refused(int states, int width)
    {
        LinkException e = Assert.Throws<LinkException>(
            () => ByteNetModel.Load(Graph, Table, new ByteNetworkShape(states, width, 64), "here/network-0.onnx"));
        Assert.Equal(LinkErrorCode.SnapshotAltered, e.Code);
        Assert.Equal($"here/network-0.onnx: expected {states} states of {width}, found 6 of 16.", e.Message);
    }

    private static byte[] Graph => TestSnapshots.Graph(TestSnapshots.Tiny);

    private static WeightsTable Table => WeightsTable.Parse(TestSnapshots.Table(TestSnapshots.Tiny));

    private static ByteNetModel Load(int largestBatch = 64) =>
        ByteNetModel.Load(Graph, Table, new ByteNetworkShape(6, 16, largestBatch), "here");

    private static uint[] Alone(string text)
    {
        using ByteNetPredictor predictor = TestSnapshots.Load(TestSnapshots.Tiny);
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
