using System.Text;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Models.Bytes;
using Xunit;

namespace LinkCodec.Tests.Bytes;

/// <summary>What is said of a lane's coming symbols, true or not, shows in no weight.</summary>
public sealed class ForesightTests
{
    private static readonly byte[] Text = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * 37 % 19} over {i}, ")));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Foresight.Block)]
    [InlineData(Foresight.Block + 1)]
    [InlineData((3 * Foresight.Block) - 5)]
    [InlineData(200)]
    public void A_lane_that_leaves_what_was_foreseen_goes_on_as_if_nothing_had_been(int turn)
    {
        byte[] taken = [.. Text];
        taken[turn] ^= 1;
        using ByteNetModel model = Load();
        using ByteModelLanes plain = model.CreateLanes(1), lanes = model.CreateLanes(1);
        plain.Start(0);
        lanes.Start(0);
        lanes.Foresee(0, Text);
        foreach (byte symbol in taken.AsSpan(0, 250))
        {
            Assert.Equal(plain.Weights(0), lanes.Weights(0));
            plain.Step([0], [symbol]);
            lanes.Step([0], [symbol]);
        }

        Assert.Equal(plain.Weights(0), lanes.Weights(0));
        lanes.Step([0], [Predictor.EndSymbol]);
        lanes.Start(0);
        plain.Start(0);
        Assert.Equal(plain.Weights(0), lanes.Weights(0));
        lanes.Step([0], ['x']);
        plain.Step([0], ['x']);
        Assert.Equal(plain.Weights(0), lanes.Weights(0));
    }

    [Fact]
    public void Lanes_that_foresee_step_beside_others_and_are_copied()
    {
        using ByteNetModel model = Load();
        using ByteModelLanes plain = model.CreateLanes(4), lanes = model.CreateLanes(4);
        for (int lane = 0; lane < 3; lane++)
        {
            plain.Start(lane);
            lanes.Start(lane);
        }

        lanes.Foresee(0, Text.AsSpan(0, 70)); // and what comes then was not foreseen
        lanes.Foresee(2, Text.AsSpan(50));
        for (int i = 0; i < 100; i++)
        {
            int[] stepped = i % 3 == 0 ? [0, 2] : i < 60 ? [2, 1, 0] : [3, 2, 0];
            int[] symbols = [.. stepped.Select(lane => (int)(lane == 0 ? Text[i] : Text[50 + i]))];
            if (i == 60)
            {
                plain.Copy(0, 3);
                lanes.Copy(0, 3);
            }

            plain.Step(stepped, symbols);
            lanes.Step(stepped, symbols);
            Assert.All(stepped, lane => Assert.Equal(plain.Weights(lane), lanes.Weights(lane)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Guesses_are_free(int count)
    {
        using ByteNetModel model = Load();
        using ByteModelLanes plain = model.CreateLanes(count), lanes = model.CreateLanes(count);
        int[] all = [.. Enumerable.Range(0, count)];
        Array.ForEach(all, plain.Start);
        Array.ForEach(all, lanes.Start);
        for (int i = 0; i < 120; i++)
        {
            // Right, wrong and missing ones; lanes that step alone now and then, and one that is moved.
            int[] stepped = i % 5 == 4 ? [i % count] : all;
            foreach (int lane in stepped.Where(lane => (i + lane) % 7 != 0))
            {
                lanes.Guess(lane, (byte)(Symbol(i + 1, lane) + ((i + lane) % 3 == 0 ? 1 : 0)));
            }

            int[] symbols = [.. stepped.Select(lane => (int)Symbol(i, lane))];
            plain.Step(stepped, symbols);
            lanes.Step(stepped, symbols);
            Assert.All(all, lane => Assert.Equal(plain.Weights(lane), lanes.Weights(lane)));
            if (i % 11 == 0 && count > 1)
            {
                plain.Copy(1, 0);
                lanes.Copy(1, 0);
                plain.Step([0], [Symbol(i, 0)]);
                lanes.Step([0], [Symbol(i, 0)]);
            }
        }

        static byte Symbol(int i, int lane) => Text[(i + (5 * lane)) % Text.Length];
    }

    private static ByteNetModel Load() => ByteNetModel.Load(TestSnapshots.Graph(TestSnapshots.Tiny),
        WeightsTable.Parse(TestSnapshots.Table(TestSnapshots.Tiny)), TestSnapshots.LargestBatch);
}
