using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>Scales, counters, slices: rules that hold for every value.</summary>
public sealed class ContextMixingRuleTests
{
    public static TheoryData<int> Counts => [.. Enumerable.Range(1, 32)];

    [Fact]
    [Spec("10.1-1")]
    public void Probabilities_rise_with_the_logit_and_are_those_of_the_logistic_function()
    {
        for (int logit = -2840; logit <= 2840; logit++)
        {
            double exact = 65536 / (1 + Math.Exp(-logit / 256.0));
            Assert.InRange(LogisticTables.Squash(logit), 1, 65535);
            Assert.InRange(LogisticTables.Squash(logit) - exact, -1.01, 1.01);
            Assert.True(LogisticTables.Squash(logit) >= LogisticTables.Squash(logit - 1));
        }

        Assert.Equal((1, 32768, 65535),
            (LogisticTables.Squash(-5000), LogisticTables.Squash(0), LogisticTables.Squash(5000)));
    }

    [Fact]
    [Spec("10.1-2")]
    public void Logits_are_the_first_that_reach_the_probability()
    {
        for (int p = 0; p < 65536; p++)
        {
            int logit = LogisticTables.Stretch(p);
            Assert.True(LogisticTables.Squash(logit) >= p && (logit == -2840 || LogisticTables.Squash(logit - 1) < p),
                $"{p}");
        }
    }

    [Fact]
    [Spec("10.1-3")]
    public void Surprise_is_in_256ths_of_a_bit()
    {
        Assert.Equal(2816, LogisticTables.Surprisal(63));
        for (int p = 64; p <= 65536; p++)
        {
            Assert.InRange(LogisticTables.Surprisal(p) - (256 * (10 - Math.Log2(p >> 6))), 0, 1.001);
        }
    }

    [Fact]
    [Spec("10.4-1")]
    public void Counters_stay_in_their_range_and_move_towards_what_comes()
    {
        for (int counter = 0; counter < 65536; counter++)
        {
            foreach (int limit in (int[])[12, 14, 15])
            {
                int zero = BitCounter.Update((ushort)counter, 0, limit);
                int one = BitCounter.Update((ushort)counter, 1, limit);
                Assert.True(zero >> 4 <= counter >> 4 && one >> 4 >= counter >> 4);
                Assert.Equal((zero & 15, one & 15),
                    (Math.Min((counter & 15) + 1, limit), Math.Min((counter & 15) + 1, limit)));
            }
        }

        Assert.Equal((2048 + (2047 * 40960 >> 16), 1),
            (BitCounter.Update(2048 << 4, 1, 15) >> 4, BitCounter.Update(2048 << 4, 1, 15) & 15));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    [Spec("10.9-2")]
    public void Every_profile_has_a_slice_and_the_slices_fill_the_scale(int count)
    {
        for (int last = -1; last < count; last++)
        {
            uint end = 0;
            for (int profile = 0; profile < count; profile++)
            {
                (uint cumulative, uint frequency) = ProfileChoice.Interval(profile, count, last);
                Assert.Equal(end, cumulative);
                Assert.InRange(frequency, last == profile ? 61440u : 1u, 65536u);
                foreach (uint position in (uint[])[cumulative, cumulative + (frequency / 2),
                    cumulative + frequency - 1])
                {
                    Assert.Equal(profile, ProfileChoice.Find(position, count, last, out uint found, out uint size));
                    Assert.Equal((cumulative, frequency), (found, size));
                }

                end = cumulative + frequency;
            }

            Assert.Equal(65536u, end);
        }
    }

    [Fact]
    [Spec("10.9-1")]
    public void Hints_and_the_last_profile_count_in_the_choice()
    {
        MixingProfile[] profiles = [.. Enumerable.Range(0, 3)
            .Select(i => SmallModel.Profile(i, i == 2 ? ContentHint.Json : ContentHint.Csv))];
        byte[] costs = new byte[ProfileDetector.Buckets * 3];
        ProfileDetector even = new(costs, profiles);
        Assert.Equal(0, even.Detect([1, 2, 3], ContentHint.Auto, -1));
        Assert.Equal(1, even.Detect([1, 2, 3], ContentHint.Auto, 1));
        Assert.Equal(2, even.Detect([1, 2, 3], ContentHint.Json, 1));
        Assert.Equal(0, even.Detect([], ContentHint.Mail, -1));
        for (int row = 0; row < ProfileDetector.Buckets; row++)
        {
            (costs[3 * row], costs[(3 * row) + 1], costs[(3 * row) + 2]) = (4, 0, 8);
        }

        // 8 a byte and three traits of 96 speak against the third profile, 512 for it where the hint names it, 256 for
        // the last one; of equals the first is taken.
        ProfileDetector uneven = new(costs, profiles);
        Assert.Equal(1, uneven.Detect([1], ContentHint.Auto, -1));
        Assert.Equal(2, uneven.Detect(new byte[55], ContentHint.Json, 2));
        Assert.Equal(1, uneven.Detect(new byte[60], ContentHint.Json, 2));
        Assert.Equal(2, uneven.Detect([], ContentHint.Json, 0));
    }

    [Fact]
    [Spec("10.6-4")]
    public void The_mixer_neither_overflows_nor_leaves_its_limits()
    {
        MixingMemory memory = new();
        Mixer mixer = new();
        foreach (int sign in (int[])[1, -1])
        {
            Array.Fill(memory.Weights, sign << 19);
            Array.Fill(memory.FinalWeights, sign << 19);
            for (int i = 0; i < MixingLayout.Inputs; i++)
            {
                mixer.Inputs[i] = 2840;
            }

            for (int round = 0; round < 200; round++)
            {
                mixer.Predict(memory);
                Assert.InRange(mixer.Probability, 1, 65535);
                mixer.Update(memory, (round / 50) & 1, 1023, 2);
                Assert.All(memory.Weights, weight => Assert.InRange(weight, -(1 << 19), 1 << 19));
                Assert.All(memory.FinalWeights, weight => Assert.InRange(weight, -(1 << 19), 1 << 19));
            }
        }
    }

    [Theory]
    [Spec("10.8-1")]
    [InlineData("B562010705000102030405" + "AABB", 13, 5)]
    [InlineData("D300050102030405AABBCC", 11, 5)]
    [InlineData("0800C00000050102030405060708", 12, 5)]
    [InlineData("8D4840D6202CC371C32CE0576098", 14, 6)]
    [InlineData("5D4840D6202CC3", 7, 6)]
    public void Messages_are_known_to_end_where_their_header_says(string hex, int end, int input)
    {
        MixingProfile profile = SmallModel.Profile(0, ContentHint.Binary);
        Array.Fill(profile.EndMap, (ushort)600);
        for (int place = 1; place < 4 * 8; place += 4)
        {
            profile.EndMap[4096 + place] = 65000; // where the length is as stated
        }

        for (int row = 0; row < 4; row++)
        {
            profile.EndWeights[(8 * row) + input] = 16384;
        }

        byte[] message = Convert.FromHexString(hex);
        ContextMixer mixer = new(null);
        EndProbabilities ends = new([]);
        mixer.Begin(new MixingMemory(), profile);
        foreach (int symbol in (int[])[.. message, Predictor.EndSymbol])
        {
            mixer.Code(ref ends, symbol, []);
        }

        Assert.Equal(message.Length + 1, ends.Found.Count);
        for (int i = 0; i < message.Length; i++)
        {
            // nothing is stated before the sixth byte
            int known = i >= (input == 5 ? 6 : 1) ? i == end ? 64_000 : 400 : 30_000;
            Assert.InRange(ends.Found[i], known, known + (known == 30_000 ? 3_000 : 1_500));
        }

        Assert.InRange(ends.Found[^1], message.Length == end ? 64_000 : 400, message.Length == end ? 65_535 : 1_500);
    }

    // Keeps the first of the nine decisions of each symbol: whether the message ends.
    private struct EndProbabilities(List<int> found) : IBinaryCoder
    {
        private int _decisions;

        public readonly List<int> Found => found;

        public bool Code(int yes, bool isYes)
        {
            if (_decisions++ % 9 == 0)
            {
                found.Add(yes);
            }

            return isYes;
        }
    }
}
