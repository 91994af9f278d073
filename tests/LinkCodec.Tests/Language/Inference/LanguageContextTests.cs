using System.Text;
using LinkCodec.Core.Prediction;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.ContextMixing;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

public sealed class LanguageContextTests
{
    private static readonly byte[][] Stream =
    [
        .. Enumerable.Range(0, 40).Select(i => Encoding.ASCII.GetBytes(
            i % 4 == 3 ? $"{{\"t\":{i},\"v\":{i * i}}}" : $"The pump is running again. Wind {i % 5} from the west.")),
    ];

    [Fact]
    [Spec("11.2-1")]
    [Spec("11.7-1")]
    [Spec("11.7-2")]
    [Spec("11.7-3")]
    public void What_was_absorbed_before_a_clone_and_after_it_is_the_same_stream()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        StreamContext straight = predictor.CreateContext();
        StreamContext branched = predictor.CreateContext();
        foreach (byte[] message in Stream)
        {
            ContextMixingRun.Absorb(predictor, straight, message);
            StreamContext next = branched.Clone();
            ContextMixingRun.Absorb(predictor, next, message);
            branched.CopyFrom(next);
            ContextMixingRun.Absorb(predictor, next, "something else"u8);
            Assert.Equal(ContextMixingRun.Decide(predictor, Stream[0], ContentHint.Auto, straight),
                ContextMixingRun.Decide(predictor, Stream[0], ContentHint.Auto, branched));
        }
    }

    [Fact]
    public void A_context_that_is_disposed_of_lends_its_memory_to_the_next_and_never_twice()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        StreamContext first = predictor.CreateContext();
        ContextMixingRun.Absorb(predictor, first, Stream[0]);
        int caches = TestLanguage.NetworkOf(predictor).Caches;
        first.Dispose();
        first.Dispose();
        using StreamContext second = predictor.CreateContext();
        using StreamContext third = predictor.CreateContext();
        Assert.InRange(TestLanguage.NetworkOf(predictor).Caches, caches, caches + 1);
        ContextMixingRun.Absorb(predictor, second, Stream[0]);
        ContextMixingRun.Absorb(predictor, third, Stream[1]);
        using StreamContext plain = predictor.CreateContext();
        ContextMixingRun.Absorb(predictor, plain, Stream[0]);
        Assert.Equal(ContextMixingRun.Decide(predictor, Stream[2], ContentHint.Auto, plain),
            ContextMixingRun.Decide(predictor, Stream[2], ContentHint.Auto, second));
    }

    [Fact]
    [Spec("11.7-3")]
    public void The_row_never_holds_more_than_the_shape_says()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        var context = (LanguageContext)predictor.CreateContext();
        int most = 0;
        foreach (byte[] message in Stream)
        {
            ContextMixingRun.Absorb(predictor, context, message);
            Assert.InRange(context.State.Count, 1, 1 + TestLanguage.Shape().ContextTokens);
            most = Math.Max(most, context.State.Count);
        }

        Assert.True(most > 1 + (TestLanguage.Shape().ContextTokens / 2));
        int before = context.State.Count;
        // its end alone
        ContextMixingRun.Absorb(predictor, context, Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog.", 30))));
        Assert.InRange(context.State.Count, 1, 1 + TestLanguage.Shape().ContextTokens);
        Assert.True(before > 1);
    }

    [Fact]
    [Spec("11.7-1")]
    public void Messages_that_are_no_text_leave_the_network_alone()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        var context = (LanguageContext)predictor.CreateContext();
        ContextMixingRun.Absorb(predictor, context, new TestRandom(1).Bytes(500));
        ContextMixingRun.Absorb(predictor, context, [1, 2, 3, 4]);
        Assert.False(context.HasRead);
        Assert.Equal(0, TestLanguage.NetworkOf(predictor).Read);
        Assert.NotEqual(
            ContextMixingRun.Decide(predictor, [1, 2, 3, 4], ContentHint.Auto, null),
            ContextMixingRun.Decide(predictor, [1, 2, 3, 4], ContentHint.Auto, context));
    }

    [Fact]
    [Spec("11.4-2")]
    [Spec("11.4-3")]
    [Spec("11.7-4")]
    public void Ends_grow_cheap_where_messages_are_lines()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        StreamContext context = predictor.CreateContext();
        byte[] message = Encoding.ASCII.GetBytes("All is well and the crew is safe.");
        uint cold = ContextMixingRun.Decide(predictor, message, ContentHint.Auto, null)[^1].Frequency;
        for (int i = 0; i < 6; i++)
        {
            ContextMixingRun.Absorb(predictor, context, message);
        }

        Decision end = ContextMixingRun.Decide(predictor, message, ContentHint.Auto, context)[^1];
        Assert.True(end.Frequency > 5 * cold && end.Frequency > 1 << 21,
            $"{cold} of 2^24 cold, {end.Frequency} after six");
    }

    [Fact]
    [Spec("11.3-3")]
    [Spec("11.3-4")]
    public void The_choice_follows_what_earlier_messages_would_have_chosen()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        StreamContext context = predictor.CreateContext();
        byte[] message = Encoding.ASCII.GetBytes("All is well and the crew is safe.");
        Decision cold = ContextMixingRun.Decide(predictor, message, ContentHint.Auto, null)[1];
        Assert.Equal((1u << 24) / 16 * 15, cold.Frequency);
        ContextMixingRun.Absorb(predictor, context, message);
        Assert.Equal((61_440u + 1_024) << 8,
            ContextMixingRun.Decide(predictor, message, ContentHint.Auto, context)[1].Frequency);
        ModelProbabilities probabilities = new([ContentHint.Prose, ContentHint.Weather]);
        for (int i = 0; i < 30; i++)
        {
            probabilities.Learn(0, isLanguage: false);
            probabilities.Learn(1, isLanguage: true);
        }

        Assert.Equal([(65_536u - 1_024) << 8, (65_536u - 64_512) << 8], [probabilities.No(0), probabilities.No(1)]);
        Assert.Equal((6 * 256, 8), (probabilities.Cost(0, isLanguage: true), probabilities.Cost(0, isLanguage: false)));
    }

    [Fact]
    [Spec("11.8-1")]
    public void A_preamble_stands_before_messages_of_its_profile_that_start_cold()
    {
        FakeTokenizer tokens = new();
        List<int> preamble = [];
        tokens.Encode("All is well and the crew is safe.\n"u8, preamble);
        using LanguagePredictor plain = TestLanguage.Create();
        using LanguagePredictor prepared = TestLanguage.Create(
            preambles: PreambleSet.Parse(PreambleSet.Write((0, [.. preamble])), profiles: 3, tokens.Count,
                longest: 32, "test"));
        byte[] prose = "All is well and the crew is safe."u8.ToArray();
        byte[] json = "{\"t\":20,\"v\":4}"u8.ToArray();
        Assert.True(Bits(prepared, prose) + 3 < Bits(plain, prose));
        Assert.Equal(ContextMixingRun.Decide(plain, json, ContentHint.Json, null),
            ContextMixingRun.Decide(prepared, json, ContentHint.Json, null));
        Assert.Equal(prose, ContextMixingCode.Decode(prepared,
            ContextMixingCode.Encode(prepared, prose, ContentHint.Prose, null), null));

        // The first message that a context absorbs stands after it too.
        var context = (LanguageContext)prepared.CreateContext();
        ContextMixingRun.Absorb(prepared, context, prose);
        // a message's ".", and the separator
        Assert.Equal(1 + preamble.Count + preamble.Count + 1, context.State.Count);
    }

    [Fact]
    public void A_context_of_another_predictor_is_refused()
    {
        using LanguagePredictor one = TestLanguage.Create();
        using LanguagePredictor other = TestLanguage.Create();
        Assert.Throws<ArgumentException>(() => one.CreateContext().CopyFrom(other.CreateContext()));
        using PredictorLanes lanes = one.CreateLanes(1);
        Assert.Throws<ArgumentException>(
            () => lanes.BeginEncode(0, [], ContentHint.Auto, other.CreateContext(), new DecisionList(24)));
    }

    private static double Bits(Predictor predictor, byte[] message) =>
        ContextMixingRun.Decide(predictor, message, ContentHint.Prose, null)
            .Sum(decision => 24 - Math.Log2(decision.Frequency));
}
