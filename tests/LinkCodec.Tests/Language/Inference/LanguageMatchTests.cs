using System.Text;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Compression;
using LinkCodec.Tests.ContextMixing;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

/// <summary>Text that comes again long after the network has forgotten it.</summary>
public sealed class LanguageMatchTests
{
    private const int UnitSize = 400;
    private const int Window = 32;

    [Theory]
    [InlineData(16, 1)]
    [InlineData(1, 16)]
    [InlineData(3, 2)]
    [Spec("11.5-5")]
    [Spec("11.5-7")]
    [Spec("11.5-9")]
    public void Repeats_over_many_windows_are_decoded_in_any_number_of_lanes(int encoders, int decoders)
    {
        using LanguagePredictor predictor = TestLanguage.Create(Window);
        OutgoingMessage[] messages = Messages.Number(Enumerable.Range(0, 24)
            .Select(i => Bytes(Text(1 + (i % 5), 60), Text(9, 30), Text(1 + (i % 5), 60 - i), "\u00e4", Text(9, 30))));
        Messages.AssertSameInAnyLanes(messages, predictor, UnitSize, encoders, decoders);
    }

    [Fact]
    [Spec("11.5-6")]
    [Spec("11.5-7")]
    public void A_repeat_beyond_the_window_costs_a_fraction()
    {
        using LanguagePredictor predictor = TestLanguage.Create(Window);
        int once = Length(predictor, Bytes(Text(1, 100), Text(2, 100)), null);
        int first = Length(predictor, Bytes(Text(1, 100)), null);
        int twice = Length(predictor, Bytes(Text(1, 100), Text(2, 100), Text(1, 100)), null);
        Assert.InRange(twice - once, 1, first / 4);
    }

    [Fact]
    [Spec("11.5-5")]
    [Spec("11.7-4")]
    public void A_context_remembers_more_than_its_row()
    {
        using LanguagePredictor predictor = TestLanguage.Create(Window);
        StreamContext context = predictor.CreateContext();
        ContextMixingRun.Absorb(predictor, context, Bytes(Text(1, 12)));
        for (int i = 2; i < 30; i++)
        {
            ContextMixingRun.Absorb(predictor, context, Bytes(Text(i, 12)));
        }

        byte[] known = Bytes(Text(1, 12));
        byte[] code = ContextMixingCode.Encode(predictor, known, ContentHint.Prose, context.Clone());
        Assert.True(4 * code.Length < 3 * Length(predictor, Bytes(Text(99, 12)), context));
        Assert.Equal(known, ContextMixingCode.Decode(predictor, code, context));
    }

    [Fact]
    [Spec("11.4-4")]
    [Spec("11.5-4")]
    public void A_repeat_may_end_anywhere_and_hold_bytes_without_a_token()
    {
        using LanguagePredictor predictor = TestLanguage.Create(Window);
        byte[] message = Bytes(Text(1, 30), "\u00e4", Text(1, 20), "\u00e4\u00e4", Text(1, 12));
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList list = new(predictor.FrequencyBits);
        for (int end = message.Length - 70; end <= message.Length; end++)
        {
            list.Clear();
            lanes.BeginEncode(0, message, ContentHint.Auto, null, list);
            Assert.NotEqual(0u, list.Items[1].Cumulative); // by the network
            foreach (byte value in message.AsSpan(0, end))
            {
                lanes.Encode(0, value, list);
            }

            lanes.Encode(0, Predictor.EndSymbol, list);
            Assert.Equal(message[..end], ContextMixingCode.Decode(predictor, list.Finish().ToArray(), null));
        }
    }

    private static int Length(Predictor predictor, byte[] message, StreamContext? context) =>
        ContextMixingCode.Encode(predictor, message, ContentHint.Prose, context).Length;

    private static byte[] Bytes(params string[] parts) => Encoding.UTF8.GetBytes(string.Concat(parts));

    // Words of the tokenizer in an order that nothing predicts.
    private static string Text(int seed, int words)
    {
        string[] known = [" the", " and", " is", " quick", " brown", " fox", " jumps", " over", " lazy", " dog",
            " does", " not", " mind", " pump", " running", " again", " wind", " sky", " clear", " crew"];
        TestRandom random = new((ulong)seed);
        return string.Concat(Enumerable.Range(0, words).Select(_ => known[random.Next(known.Length)]));
    }
}
