using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;
using LinkCodec.Core.Snapshots;
using LinkCodec.Tests.Coding;
using LinkCodec.Tests.ContextMixing;
using Xunit;

namespace LinkCodec.Tests.Prediction;

/// <summary>
/// What the decisions of every predictor must hold, or decoding is not exact: inherit it, and say how to make one.
/// </summary>
[Spec("7.1-1")]
public abstract class DecisionContractTests
{
    /// <summary>A predictor of its own for each test; disposed by the test.</summary>
    private protected abstract Predictor CreatePredictor();

    /// <summary>Messages of the tests over batches; fewer for a slow model.</summary>
    protected virtual int Messages => 24;

    [Fact]
    public void What_is_encoded_is_decoded()
    {
        using Predictor predictor = CreatePredictor();
        foreach (StreamContext? context in Contexts(predictor))
        {
            foreach (byte[] message in Texts().Take(Messages).Append([]))
            {
                byte[] code = ContextMixingCode.Code(Alone(predictor, message, context), predictor.FrequencyBits);
                Assert.Equal(message, ContextMixingCode.Decode(predictor, code, context));
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(32)]
    public void A_message_is_coded_the_same_in_every_batch_and_lane(int batch)
    {
        using Predictor predictor = CreatePredictor();
        byte[][] messages = [.. Texts().Take(Messages).OrderByDescending(m => m.Length)];
        foreach (StreamContext? context in Contexts(predictor))
        {
            Decision[][] alone = [.. messages.Select(m => Alone(predictor, m, context))];
            for (int first = 0; first < messages.Length; first += batch)
            {
                byte[][] group = [.. messages.Skip(first).Take(batch)];
                Assert.Equal(alone.Skip(first).Take(batch), Together(predictor, group, context));
            }
        }
    }

    [Fact]
    public void A_copied_lane_goes_on_and_its_source_starts_again()
    {
        using Predictor predictor = CreatePredictor();
        byte[] first = [.. "ab"u8];
        byte[] second = Texts().First(m => m.Length >= 20)[..20];
        byte[] third = Texts().Last(m => m.Length >= 20)[..20];
        foreach (StreamContext? context in Contexts(predictor))
        {
            using PredictorLanes lanes = predictor.CreateLanes(4);
            DecisionList[] lists = [.. Enumerable.Range(0, 4).Select(_ => new DecisionList(predictor.FrequencyBits))];
            int[] places = [0, 1, 2]; // of the first message, the second and the third
            lanes.BeginEncode(0, first, ContentHint.Auto, context, lists[0]);
            lanes.BeginEncode(1, second, ContentHint.Auto, context, lists[1]);
            lanes.BeginEncode(2, third, ContentHint.Auto, context, lists[2]);
            for (int i = 0; i < 20; i++)
            {
                if (i <= first.Length)
                {
                    lanes.Encode(places[0], i < first.Length ? first[i] : Predictor.EndSymbol, lists[0]);
                }

                lanes.Encode(places[1], second[i], lists[1]);
                lanes.Encode(places[2], third[i], lists[2]);
                if (i == first.Length)
                {
                    // The third message takes the place of the one that has ended, by way of a free lane, and another
                    // begins where it was.
                    lanes.Copy(2, 3);
                    lanes.Copy(3, 0);
                    lanes.Copy(0, 0);
                    lists[3].Clear();
                    lanes.BeginEncode(2, first, ContentHint.Auto, context, lists[3]);
                    lanes.Encode(2, first[0], lists[3]);
                    places[2] = 0;
                }
                else if (i == first.Length + 1)
                {
                    lanes.Encode(2, first[1], lists[3]);
                }
                else if (i == first.Length + 2)
                {
                    lanes.Encode(2, Predictor.EndSymbol, lists[3]);
                }

                lanes.Step(i < first.Length ? [first[i], second[i], third[i]]
                    : i < 2 * first.Length ? [third[i], second[i], first[i - first.Length]] : [third[i], second[i]]);
            }

            lanes.Encode(0, Predictor.EndSymbol, lists[2]);
            lanes.Encode(1, Predictor.EndSymbol, lists[1]);
            Assert.Equal(Alone(predictor, first, context), lists[0].Items.ToArray());
            Assert.Equal(Alone(predictor, second, context), lists[1].Items.ToArray());
            Assert.Equal(Alone(predictor, third, context), lists[2].Items.ToArray());
            Assert.Equal(Alone(predictor, first, context), lists[3].Items.ToArray());
        }
    }

    [Fact]
    [Spec("7.1-3")]
    public void Beginning_forgets_what_the_lane_has_coded()
    {
        using Predictor predictor = CreatePredictor();
        byte[] message = Texts().First();
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList list = new(predictor.FrequencyBits);
        foreach (byte[] other in Texts().Take(5))
        {
            Encode(lanes, other, null, list);
            Encode(lanes, message, null, list);
            Assert.Equal(Alone(predictor, message, null), list.Items.ToArray());
        }
    }

    [Fact]
    public void Any_code_decodes_to_something_and_is_exhausted_soon()
    {
        using Predictor predictor = CreatePredictor();
        using PredictorLanes lanes = predictor.CreateLanes(1);
        for (int seed = 0; seed < 20; seed++)
        {
            byte[] code = new TestRandom((ulong)seed).Bytes(seed * 3);
            var decoder = new RangeDecoder(code);
            var reader = new DecisionReader(ref decoder, code, predictor.FrequencyBits);
            lanes.BeginDecode(0, Contexts(predictor)[^1], ref reader);
            for (int i = 0; i < 2_000 && !reader.IsExhausted; i++)
            {
                int symbol = lanes.Decode(0, ref reader);
                Assert.InRange(symbol, 0, Predictor.EndSymbol);
                if (symbol == Predictor.EndSymbol)
                {
                    lanes.BeginDecode(0, null, ref reader);
                    continue;
                }

                lanes.Step([symbol]);
            }
        }
    }

    [Fact]
    public void A_context_is_what_it_absorbed_and_no_message_changes_it()
    {
        using Predictor predictor = CreatePredictor();
        byte[][] messages = [.. Texts().Take(8)];
        StreamContext? made = predictor.CreateContext();
        Assert.Equal(predictor.KeepsContext, made is not null);
        if (made is not { } context)
        {
            return; // Such a predictor has nothing else to keep to.
        }

        StreamContext copied = predictor.CreateContext()!;
        Decision[] cold = Alone(predictor, messages[^1], null);
        Assert.Equal(cold, Alone(predictor, messages[^1], predictor.CreateContext()));
        foreach (byte[] message in messages)
        {
            ContextMixingRun.Absorb(predictor, context, message);
        }

        StreamContext clone = context.Clone();
        copied.CopyFrom(context);
        Decision[] expected = Alone(predictor, messages[^1], context);
        Assert.NotEqual(cold, expected);
        Assert.Equal(expected, Alone(predictor, messages[^1], context));
        Assert.Equal(expected, Alone(predictor, messages[^1], clone));
        ContextMixingRun.Absorb(predictor, clone, messages[0]);
        Assert.NotEqual(expected, Alone(predictor, messages[^1], clone));
        Assert.Equal(expected, Alone(predictor, messages[^1], context));
        Assert.Equal(expected, Alone(predictor, messages[^1], copied));
        clone.CopyFrom(predictor.CreateContext()!);
        Assert.Equal(cold, Alone(predictor, messages[^1], clone));
    }

    [Fact]
    [Spec("5.5-2")]
    public void A_message_behind_another_is_coded_as_from_the_context_that_the_lane_has_left()
    {
        using Predictor predictor = CreatePredictor();
        using PredictorLanes lanes = predictor.CreateLanes(2);
        using StreamContext? saved = predictor.CreateContext();
        DecisionList list = new(predictor.FrequencyBits);
        byte[][] messages = [.. Texts().Take(6).Append([])];
        Encode(lanes, messages[0], null, list);
        foreach (byte[] message in messages[1..])
        {
            if (saved is not null)
            {
                lanes.Save(0, saved);
            }

            Decision[] expected = Alone(predictor, message, saved);
            list.Clear();
            lanes.ContinueEncode(0, message, ContentHint.Auto, list);
            EncodeSymbols(lanes, message, list);
            Assert.Equal(expected, list.Items.ToArray());
        }
    }

    [Fact]
    [Spec("5.5-2")]
    public void Messages_that_follow_each_other_in_a_code_are_decoded_in_any_lane()
    {
        using Predictor predictor = CreatePredictor();
        byte[][] messages = [.. Texts().Take(6).Append([]).Append(Texts().First())];
        foreach (StreamContext? context in Contexts(predictor))
        {
            using PredictorLanes lanes = predictor.CreateEncodingLanes(1);
            DecisionList list = new(predictor.FrequencyBits);
            lanes.BeginEncode(0, messages[0], ContentHint.Auto, context, list);
            EncodeSymbols(lanes, messages[0], list);
            foreach (byte[] message in messages[1..])
            {
                lanes.ContinueEncode(0, message, ContentHint.Auto, list);
                EncodeSymbols(lanes, message, list);
            }

            OpenCode code = new(list.Finish().ToArray(), predictor.FrequencyBits);
            using PredictorLanes others = predictor.CreateLanes(3);
            DecisionReader reader = code.Reader();
            others.BeginDecode(0, context, ref reader);
            for (int i = 0; i < messages.Length; i++)
            {
                if (i > 0)
                {
                    others.ContinueDecode(0, ref reader);
                }

                Assert.Equal(messages[i], DecodeSymbols(others, ref reader));
            }
        }
    }

    [Fact]
    [Spec("6.4-2")]
    public void The_self_test_agrees_with_itself()
    {
        using Predictor predictor = CreatePredictor();
        Assert.True(NumericFingerprint.TryCompute(predictor, predictor.FrequencyBits, Texts().First(),
            out NumericFingerprint _));
    }

    /// <summary>The decisions of one message alone.</summary>
    private protected static Decision[] Alone(Predictor predictor, byte[] message, StreamContext? context)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList list = new(predictor.FrequencyBits);
        Encode(lanes, message, context, list);
        return list.Items.ToArray();
    }

    private static IEnumerable<byte[]> Texts() =>
        [.. TestMessages.All().Where(m => m.Length is > 20 and < 400), .. Enumerable.Range(1, 30)
            .Select(i => TestMessages.Records(40)[(i * 11)..(i * 12)])];

    private static void Encode(PredictorLanes lanes, byte[] message, StreamContext? context, DecisionList list)
    {
        list.Clear();
        lanes.BeginEncode(0, message, ContentHint.Auto, context, list);
        EncodeSymbols(lanes, message, list);
    }

    private static void EncodeSymbols(PredictorLanes lanes, byte[] message, DecisionList list)
    {
        foreach (byte value in message)
        {
            lanes.Encode(0, value, list);
            lanes.Step([value]);
        }

        lanes.Encode(0, Predictor.EndSymbol, list);
    }

    private static byte[] DecodeSymbols(PredictorLanes lanes, ref DecisionReader reader)
    {
        List<byte> message = [];
        while (lanes.Decode(0, ref reader) is int symbol and not Predictor.EndSymbol)
        {
            message.Add((byte)symbol);
            lanes.Step([symbol]);
        }

        return [.. message];
    }

    // Longest first, so that those which have ended are always the last ones.
    private static Decision[][] Together(Predictor predictor, byte[][] messages, StreamContext? context)
    {
        using PredictorLanes lanes = predictor.CreateLanes(messages.Length);
        DecisionList[] lists = [.. messages.Select(_ => new DecisionList(predictor.FrequencyBits))];
        for (int lane = 0; lane < messages.Length; lane++)
        {
            lanes.BeginEncode(lane, messages[lane], ContentHint.Auto, context, lists[lane]);
        }

        int active = messages.Length;
        for (int at = 0; active > 0; at++)
        {
            for (int lane = 0; lane < active; lane++)
            {
                lanes.Encode(lane, at < messages[lane].Length ? messages[lane][at] : Predictor.EndSymbol, lists[lane]);
            }

            active = messages.Count(m => m.Length > at);
            lanes.Step([.. messages.Take(active).Select(m => (int)m[at])]);
        }

        return [.. lists.Select(l => l.Items.ToArray())];
    }

    private static List<StreamContext?> Contexts(Predictor predictor)
    {
        StreamContext? context = predictor.CreateContext();
        if (context is not null)
        {
            ContextMixingRun.Absorb(predictor, context, Texts().First());
        }

        return context is null ? [null] : [null, context];
    }
}
