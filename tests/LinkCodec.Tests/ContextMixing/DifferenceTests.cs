using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>Numbers that change by little, and numbers that begin inside of bytes.</summary>
public sealed class DifferenceTests
{
    [Theory]
    [Spec("10.5-9")]
    [InlineData(100, 103)]
    [InlineData(254, 1)]
    [InlineData(0, 3)]
    public void The_byte_that_lies_as_far_off_as_usual_is_likely(int reference, int likely)
    {
        uint[] map = new uint[MixingLayout.Differences * MixingLayout.DifferenceMapEntries];
        Array.Fill(map, 1u);
        map[(((MixingLayout.DifferenceStates * 1) + 5) * 256) + 3] = 60_000; // reference 1, state 5, three more
        DifferenceModel model = new();
        int[] inputs = new int[MixingLayout.Inputs];
        model.Set(map, 1, reference, 5);
        int partial = 1;
        for (int bit = 0; bit < 8; bit++)
        {
            model.Predict(partial, bit, inputs);
            int came = (likely >> (7 - bit)) & 1;
            Assert.Equal(0, inputs[MixingLayout.DifferenceInput]);
            Assert.InRange(inputs[MixingLayout.DifferenceInput + 1] * (came == 1 ? 1 : -1), 1_300, 2_840);
            partial = (2 * partial) + came;
        }
    }

    [Fact]
    [Spec("10.5-9")]
    public void Training_moves_the_weights_towards_what_comes_and_rounds_them()
    {
        MixingProfile profile = new()
        {
            Number = 0,
            Name = "x",
            Hint = ContentHint.Auto,
            Network = -1,
            IsBinary = true,
            Rate = 1,
            StartRate = 1,
        };
        Array.Fill(profile.DifferenceMap, DifferenceModel.TrainingScale / 256);
        DifferenceModel model = new();
        for (int i = 0; i < 200; i++)
        {
            model.Clear();
            model.Set(profile.DifferenceMap, 0, i, 7);
            model.Train(profile.DifferenceMap, (byte)(i + 2), 6);
        }

        uint[] rounded = [.. profile.DifferenceMap.Skip(7 * 256).Take(256).Select(DifferenceModel.Round)];
        Assert.InRange(rounded[2], 60_000u, 65_535u);
        Assert.All(rounded.Where((_, d) => d != 2), weight => Assert.InRange(weight, 1u, 40u));
        Assert.All(rounded, weight => Assert.Equal(weight, DifferenceModel.Round(weight << 6)));
    }

    [Fact]
    [Spec("10.5-10")]
    public void A_reference_has_a_carry_from_the_byte_before()
    {
        // Rows in which the state behind a carry alone speaks: for no difference.
        uint[] map = new uint[MixingLayout.Differences * MixingLayout.DifferenceMapEntries];
        Array.Fill(map, 1u);
        for (int size = 0; size < 16; size++)
        {
            map[((4 * size) + 2) * 256] = 60_000;
        }

        DifferenceModel model = new();
        ByteDifferences bytes = new();
        MixingMemory memory = new();
        bytes.Begin();
        bytes.Set(memory, map, model, 0, 250, 0);
        bytes.Update(memory, 4); // 250 and 10 more
        bytes.Set(memory, map, model, 0, 7, 1);
        Assert.Equal(8, Likeliest(model));
        bytes.Update(memory, 8);
        bytes.Set(memory, map, model, 0, 3, 2);
        bytes.Update(memory, 255); // 3 and 4 less
        bytes.Set(memory, map, model, 0, 7, 3);
        Assert.Equal(6, Likeliest(model));
        Assert.Equal((1 + 80, 1 + 0, 1 + 32), (memory.Scales[0], memory.Scales[1], memory.Scales[2]));
    }

    [Theory]
    [Spec("10.5-10")]
    [InlineData("a,1234\na,1239\na,12", 17, 3)]
    [InlineData("a,1234\na,1239\na,15", 17, 3)]
    [InlineData("a,1234\na,12", 10, 3)]
    public void A_digit_lies_near_the_one_at_its_place_last_time(string message, int at, int place)
    {
        MixingProfile profile = SmallModel.Profile(0, ContentHint.Csv);
        Array.Fill(profile.DifferenceMap, 1u);
        for (int state = 0; state < MixingLayout.DifferenceStates; state++)
        {
            profile.DifferenceMap[state * 256] = 60_000;
        }

        MessageContexts contexts = new(null);
        MixingMemory memory = new();
        RunModel runs = new();
        BitCounterModel counters = new();
        contexts.Begin(memory, profile);
        foreach (byte value in System.Text.Encoding.ASCII.GetBytes(message))
        {
            contexts.SetContexts(memory, runs, counters);
            contexts.Update(memory, value);
        }

        contexts.SetContexts(memory, runs, counters);
        Assert.Equal(message[at - 5 - place + 2], (char)Likeliest(contexts.Differences));
    }

    [Theory]
    [Spec("10.4-4")]
    [InlineData(12)]
    [InlineData(10)]
    [InlineData(23)]
    public void The_width_of_packed_numbers_is_found(int width)
    {
        PackedModel model = new();
        model.Begin();
        Assert.Equal(8, model.Width);
        ulong noise = 12345;
        for (int i = 0; i < 200; i++)
        {
            noise = (noise * 6364136223846793005) + 1442695040888963407;
            ulong number = (0x5A5A5AUL & ((1UL << width) - 1) & ~7UL) | (noise >> 61);
            for (int bit = width - 1; bit >= 0; bit--)
            {
                model.Contexts();
                model.Update((int)(number >> bit) & 1);
            }
        }

        Assert.Equal(0, model.Width % width);
    }

    private static int Likeliest(DifferenceModel model)
    {
        int[] inputs = new int[MixingLayout.Inputs];
        int partial = 1;
        for (int bit = 0; bit < 8; bit++)
        {
            model.Predict(partial, bit, inputs);
            partial = (2 * partial) + (inputs[MixingLayout.DifferenceInput] > 0 ? 1 : 0);
        }

        return partial & 255;
    }
}
