using System.Buffers.Binary;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

public sealed class ProfileTrialTests
{
    public static TheoryData<int> Lengths => [0, 1, 31, 32, 33, 127, 128, 129, 255, 256, 257, 700];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void What_is_coded_by_trial_is_decoded_without(int length)
    {
        using ContextMixingPredictor predictor = TrainedModels.Load(withNetworks: true);
        StreamContext context = predictor.CreateContext();
        for (int kind = 0; kind < ContextMixingRun.Kinds; kind++)
        {
            byte[] message = Long(kind, length);
            foreach (StreamContext? start in (StreamContext?[])[null, context])
            {
                Assert.Equal(message,
                    ContextMixingCode.Decode(predictor, Code(predictor, message, ContentHint.Auto, start), start));
            }

            ContextMixingRun.Absorb(predictor, context, message);
        }
    }

    [Fact]
    public void Lanes_side_by_side_code_what_a_lane_alone_codes()
    {
        using ContextMixingPredictor predictor = TrainedModels.Load(withNetworks: true);
        byte[][] messages = [.. Enumerable.Range(0, 7).Select(i => Long(i % ContextMixingRun.Kinds, 300))];
        DecisionList[] lists = [.. messages.Select(_ => new DecisionList(predictor.FrequencyBits))];
        using PredictorLanes lanes = predictor.CreateEncodingLanes(messages.Length);
        for (int i = 0; i < messages.Length; i++)
        {
            lanes.BeginEncode(i, messages[i], ContentHint.Auto, null, lists[i]);
        }

        for (int at = 0; at < 300; at++)
        {
            int[] symbols = [.. messages.Select(message => (int)message[at])];
            for (int i = 0; i < messages.Length; i++)
            {
                lanes.Encode(i, symbols[i], lists[i]);
            }

            lanes.Step(symbols);
        }

        for (int i = 0; i < messages.Length; i++)
        {
            lanes.Encode(i, Predictor.EndSymbol, lists[i]);
            Assert.Equal(Code(predictor, messages[i], ContentHint.Auto, null), lists[i].Finish().ToArray());
        }
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1 << 20, 0)]
    public void The_cheapest_profile_wins_handicaps_included(int handicap, int winner)
    {
        using ContextMixingPredictor predictor = TrainedModels.Load(withNetworks: false);
        ProfileTrial trial = new(null);
        trial.Begin(new MixingMemory(), predictor.Model, [0, 4, 2], [0, handicap, 0], predictor.FrequencyBits);
        byte[] table = Long(4, ProfileTrial.Length);
        int coded = 0;
        while (!trial.Encode(table[coded++], default, predictor.Model, 0))
        {
        }

        ProfileCoder track = trial.Take(new ProfileCoder(null), out ReadOnlySpan<Decision> decisions);
        Assert.Equal(winner, track.Profile);
        Assert.Equal(9 * coded, decisions.Length);
        Assert.Equal(ProfileTrial.Length, coded);
        Assert.False(trial.IsOpen);
    }

    [Fact]
    public void A_stream_is_tried_at_its_start_and_goes_on_with_the_profile_that_has_adapted()
    {
        using ContextMixingPredictor predictor = TrainedModels.Load(withNetworks: false);
        using PredictorLanes lanes = predictor.CreateEncodingLanes(1);
        DecisionList list = new(predictor.FrequencyBits);
        List<int> profiles = [];
        List<int> detected = [];
        for (int i = 0; i < 80; i++)
        {
            // No kind that the model was trained on: floats, little-endian.
            byte[] message = new byte[16];
            for (int k = 0; k < 4; k++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(message.AsSpan(4 * k), (i / 7f) + (k * 100f));
            }

            if (i == 0)
            {
                lanes.BeginEncode(0, message, ContentHint.Auto, null, list);
            }
            else
            {
                lanes.ContinueEncode(0, message, ContentHint.Auto, list);
            }

            Array.ForEach([.. message, Predictor.EndSymbol], symbol => lanes.Encode(0, symbol, list));
            detected.Add(predictor.Model.Detector.Detect(message, ContentHint.Auto, profiles.LastOrDefault(-1)));
            profiles.Add(predictor.ProfileOf(lanes, 0));
        }

        int tried = ProfileTrial.Length / 16;
        Assert.Single(profiles.Skip(tried).Distinct());
        Assert.NotEqual(detected, profiles); // Or this would show nothing.
    }

    private static byte[] Long(int kind, int length) =>
        [.. Enumerable.Range(300, 40).SelectMany(i => ContextMixingRun.Message(kind, i)).Take(length)];

    private static byte[] Code(ContextMixingPredictor predictor, byte[] message, ContentHint hint,
        StreamContext? context)
    {
        using PredictorLanes lanes = predictor.CreateEncodingLanes(1);
        return ContextMixingCode.Code(ContextMixingRun.Decide(lanes, predictor.FrequencyBits, message, hint, context),
            predictor.FrequencyBits);
    }
}
