using System.Text;
using LinkCodec.Core.Coding;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;
using LinkCodec.Models.Language.Inference;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.Compression;
using LinkCodec.Tests.ContextMixing;
using LinkCodec.Tests.Prediction;
using Xunit;

namespace LinkCodec.Tests.Language.Inference;

public sealed class LanguagePredictorTests
{
    private const int UnitSize = 400;
    private const string Prose = "The quick brown fox jumps over the lazy dog.";

    [Theory]
    [InlineData(32, 1)]
    [InlineData(1, 32)]
    [InlineData(5, 7)]
    [Spec("11.5-3")]
    public void What_some_lanes_encode_any_number_of_lanes_decodes(int encoders, int decoders)
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        OutgoingMessage[] messages = Messages.Number(Mixture());
        Messages.AssertSameInAnyLanes(messages, predictor, UnitSize, encoders, decoders);
    }

    [Fact]
    [Spec("11.6-1")]
    public void Long_messages_go_on_in_new_windows_and_pieces()
    {
        using LanguagePredictor predictor = TestLanguage.Create(window: 32);
        string sentences = string.Concat(Enumerable.Range(0, 900)
            .Select(i => i % 3 == 0 ? Prose : i % 3 == 1 ? " The pump is running again.\n" : $" No. {i} is well. "));
        OutgoingMessage[] messages = Messages.Number([Encoding.ASCII.GetBytes(sentences), .. Enumerable.Range(1, 60)
            .Select(n => Encoding.ASCII.GetBytes(sentences[..n]))]);
        List<PackedUnit> units = Messages.Pack(messages, predictor, UnitSize / 4);
        Assert.True(units.Count > 4);
        List<ReceivedMessage> received = Messages.Assemble(Messages.Decode(units.Select(Messages.Bytes), predictor, 3));
        Assert.Equal(messages.Select(m => m.Content.ToArray()), received.Select(m => m.Content.ToArray()));
    }

    [Fact]
    public void Decoding_lanes_wait_for_each_other_so_that_steps_are_full()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        OutgoingMessage[] messages = Messages.Number(Enumerable.Repeat(Encoding.ASCII.GetBytes(Prose), 12));
        List<PackedUnit> units = [.. messages.SelectMany(m => Messages.Pack([m], predictor, UnitSize))];
        FakeTransformer network = TestLanguage.NetworkOf(predictor);
        List<int> elements = [];
        predictor.Model.Tokens.Encode(Encoding.ASCII.GetBytes(Prose), elements);
        network.Steps = 0;
        Messages.Assemble(Messages.Decode(units.Select(Messages.Bytes), predictor, 12));
        Assert.Equal((elements.Count, 12), (network.Steps, network.LargestStep)); // one step a token, not one a byte
    }

    [Fact]
    [Spec("11.1-1")]
    [Spec("11.1-2")]
    [Spec("11.3-2")]
    public void Each_message_goes_to_the_model_that_takes_fewer_bits()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        Assert.True(IsLanguage(predictor, Encoding.ASCII.GetBytes(Prose)));
        Assert.True(IsLanguage(predictor, "All is well and the crew is safe."u8.ToArray()));
        Assert.False(IsLanguage(predictor, [1, 2, 3, 4, 1, 2, 5, 4, 1, 2, 6, 4]));
        Assert.False(IsLanguage(predictor, new TestRandom(3).Bytes(200)));
        // a run, of which the network knows nothing
        Assert.False(IsLanguage(predictor, [.. Enumerable.Repeat((byte)'a', 300)]));
    }

    [Fact]
    [Spec("11.3-2")]
    public void What_is_no_text_costs_the_network_nothing()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        FakeTransformer network = TestLanguage.NetworkOf(predictor);
        network.Read = 0;
        byte[] binary = new TestRandom(3).Bytes(20_000);
        byte[] code = ContextMixingCode.Encode(predictor, binary, ContentHint.Binary, null);
        Assert.Equal(binary, ContextMixingCode.Decode(predictor, code, null));
        Assert.Equal(0, network.Read);
    }

    [Fact]
    [Spec("11.5-4")]
    public void Bytes_without_a_token_are_coded_raw_and_unseen_by_the_network()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        byte[] message = [.. "The quick brown fox "u8, 0xC3, 0x9F, 0x00, 0xFF,
            .. " jumps over the lazy dog, and the lazy dog does not mind."u8];
        Assert.True(IsLanguage(predictor, message));
        byte[] code = ContextMixingCode.Encode(predictor, message, ContentHint.Prose, null);
        FakeTransformer network = TestLanguage.NetworkOf(predictor);
        network.Read = 0;
        Assert.Equal(message, ContextMixingCode.Decode(predictor, code, null));
        List<int> elements = [];
        predictor.Model.Tokens.Encode(message, elements);
        Assert.Equal(4, elements.Count(e => e < 0));
        Assert.Equal(elements.Count - 4, network.Read);
    }

    [Fact]
    [Spec("11.4-4")]
    public void A_message_may_end_within_a_token_and_between_any_two_bytes()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        byte[] message = [.. Encoding.ASCII.GetBytes(Prose), 0xE4, .. " The pump is running again."u8];
        Assert.True(IsLanguage(predictor, message));
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList list = new(predictor.FrequencyBits);
        for (int end = 0; end <= message.Length; end++)
        {
            list.Clear();
            lanes.BeginEncode(0, message, ContentHint.Auto, null, list);
            foreach (byte value in message.AsSpan(0, end))
            {
                lanes.Encode(0, value, list);
            }

            lanes.Encode(0, Predictor.EndSymbol, list);
            Assert.Equal(message[..end], ContextMixingCode.Decode(predictor, list.Finish().ToArray(), null));
        }
    }

    [Fact]
    public void Another_byte_than_was_announced_is_the_callers_mistake()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList list = new(predictor.FrequencyBits);
        lanes.BeginEncode(0, Encoding.ASCII.GetBytes(Prose), ContentHint.Auto, null, list);
        lanes.Encode(0, 'T', list);
        Assert.Throws<ArgumentException>(() => lanes.Encode(0, 'x', list));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Encode(0, 257, list));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Encode(1, 'T', list));
        Assert.Throws<InvalidOperationException>(() => predictor.CreateLanes(1).Encode(0, 'T', list));
    }

    [Fact]
    public void A_lane_that_waits_for_the_network_decodes_nothing()
    {
        using LanguagePredictor predictor = TestLanguage.Create();
        byte[] code = ContextMixingCode.Encode(predictor, Encoding.ASCII.GetBytes(Prose), ContentHint.Auto, null);
        using PredictorLanes lanes = predictor.CreateLanes(1);
        var decoder = new RangeDecoder(code);
        DecisionReader reader = new(ref decoder, code, predictor.FrequencyBits);
        lanes.BeginDecode(0, null, ref reader);
        Assert.False(lanes.NeedsStep(0));
        while (!lanes.NeedsStep(0))
        {
            lanes.Decode(0, ref reader);
        }

        bool hasThrown = false;
        try
        {
            lanes.Decode(0, ref reader);
        }
        catch (InvalidOperationException)
        {
            hasThrown = true;
        }

        Assert.True(hasThrown);
        lanes.Step(['x']);
        Assert.False(lanes.NeedsStep(0));
    }

    [Fact]
    public void Any_code_takes_bounded_work()
    {
        using LanguagePredictor predictor = TestLanguage.Create(window: 32);
        FakeTransformer network = TestLanguage.NetworkOf(predictor);
        for (ulong seed = 0; seed < 60; seed++)
        {
            byte[] code = seed < 30
                ? new TestRandom(seed).Bytes(1 + (int)seed * 3)
                : [.. Enumerable.Repeat((byte)(seed * 9), (int)seed)];
            using PredictorLanes lanes = predictor.CreateLanes(1);
            var decoder = new RangeDecoder(code);
            var reader = new DecisionReader(ref decoder, code, predictor.FrequencyBits);
            lanes.BeginDecode(0, null, ref reader);
            network.Read = 0;
            int bytes = 0;
            while (bytes < 3_000 && !reader.IsExhausted && lanes.Decode(0, ref reader) is int symbol
                && symbol != Predictor.EndSymbol)
            {
                bytes++;
                lanes.Step([symbol]);
            }

            // a token has a byte at least, and an overlap is read again each 24 tokens
            Assert.InRange(network.Read, 0, 2 * (bytes + 32));
        }
    }

    private static bool IsLanguage(Predictor predictor, byte[] message) =>
        ContextMixingRun.Decide(predictor, message, ContentHint.Auto, null)[1].Cumulative != 0;

    private static byte[][] Mixture() =>
    [
        .. TestMessages.All().Where(m => m.Length < 1000),
        .. Enumerable.Range(0, 20).Select(i => Encoding.ASCII.GetBytes(Prose[(i % 7)..])),
        .. Enumerable.Range(0, 20).Select(
            i => Encoding.ASCII.GetBytes($"All is well at {i} and the crew is safe. The pump is running again.")),
        new TestRandom(5).Bytes(3000),
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Prose + "\n", 60))),
    ];
}
