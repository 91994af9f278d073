using System.Reflection;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using LinkCodec.Tests.Coding;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

public sealed class ContextMixingRoundTripTests
{
    public static TheoryData<string, bool> Cases
    {
        get
        {
            TheoryData<string, bool> cases = [];
            foreach (string name in Messages.Keys)
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }

            return cases;
        }
    }

    private static Dictionary<string, byte[]> Messages { get; } = new()
    {
        ["empty"] = [],
        ["one byte"] = [0x0A],
        ["every byte value"] = [.. Enumerable.Range(0, 512).Select(i => (byte)(i * 3))],
        ["longer than the history"] = [.. Enumerable.Range(0, 1400).SelectMany(i => ContextMixingRun.Message(2, i))],
        ["noise longer than 65,536 bytes"] = new TestRandom(5).Bytes(70_000),
        ["empty lines and fields"] = "\n\n,,\n\"\":\n$,,\n!*\n*00\n,,,,,,,,,\n\n"u8.ToArray(),
        ["numbers of every length"] = [.. Enumerable.Range(0, 60)
            .SelectMany(i => System.Text.Encoding.ASCII.GetBytes($"{new string('9', i % 22)},{i},-{i}.{i}\n"))],
        ["one byte again and again"] = [.. Enumerable.Repeat((byte)'7', 1000)],
        ["a packet that states its length"] = ContextMixingRun.Message(3, 4),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    [Spec("7.1-1")]
    public void What_is_encoded_is_decoded_cold_and_from_a_context(string name, bool withNetworks)
    {
        byte[] message = withNetworks ? [.. Messages[name].Take(5000)] : Messages[name];
        using ContextMixingPredictor predictor = TrainedModels.Load(withNetworks);
        StreamContext context = predictor.CreateContext();
        ContextMixingRun.Absorb(predictor, context, ContextMixingRun.Message(2, 3));
        ContextMixingRun.Absorb(predictor, context, message);
        foreach (StreamContext? start in (StreamContext?[])[null, context])
        {
            byte[] code = ContextMixingCode.Encode(predictor, message, ContentHint.Log, start);
            Assert.Equal(message, ContextMixingCode.Decode(predictor, code, start?.Clone()));
        }
    }

    [Fact]
    [Spec("7.1-4")]
    public void A_context_makes_what_it_has_seen_cheap()
    {
        using ContextMixingPredictor predictor = TrainedModels.Load(false);
        StreamContext context = predictor.CreateContext();
        int cold = 0;
        int warm = 0;
        for (int i = 0; i < 12; i++)
        {
            byte[] message = ContextMixingRun.Message(1, 500 + i);
            cold += ContextMixingCode.Encode(predictor, message, ContentHint.Auto, null).Length;
            warm += ContextMixingCode.Encode(predictor, message, ContentHint.Auto, context).Length;
            ContextMixingRun.Absorb(predictor, context, message);
        }

        Assert.InRange(warm, 1, cold * 3 / 4);
    }

    [Fact]
    public void Contexts_that_absorb_at_the_same_time_are_equal()
    {
        using ContextMixingPredictor predictor = TrainedModels.Load(true);
        var contexts = new ContextMixingStreamContext[6];
        Parallel.For(0, contexts.Length, i =>
        {
            contexts[i] = (ContextMixingStreamContext)predictor.CreateContext();
            for (int message = 0; message < 10; message++)
            {
                ContextMixingRun.Absorb(predictor, contexts[i],
                    ContextMixingRun.Message(message % ContextMixingRun.Kinds, message));
            }
        });
        foreach (ContextMixingStreamContext other in contexts[1..])
        {
            AssertEqual(contexts[0].Memory, other.Memory);
        }

        AssertEqual(contexts[0].Memory, ((ContextMixingStreamContext)contexts[0].Clone()).Memory);
    }

    [Fact]
    [Spec("10.2-2")]
    public void A_memory_takes_less_than_320_KB()
    {
        int bytes = Arrays().Sum(field => Buffer.ByteLength((Array)field.GetValue(new MixingMemory())!));
        Assert.InRange(bytes, 200_000, (320 * 1024) - 64); // and a few numbers
    }

    [Fact]
    public void A_memory_counts_positions_for_ever()
    {
        MixingMemory memory = new();
        MixingMemory late = new() { Position = (1 << 30) + 1 };
        foreach (int i in Enumerable.Range(0, 5))
        {
            int[] expected = ContextMixingCode.Expected(MixingLayout.AlikeByte, ContextMixingRun.Message(4, i),
                false, memory);
            Assert.Equal(expected,
                ContextMixingCode.Expected(MixingLayout.AlikeByte, ContextMixingRun.Message(4, i), false, late));
        }

        Assert.Equal(memory.Position + (1 << 29), late.Position);
    }

    [Fact]
    public void Contexts_and_lanes_of_others_are_refused()
    {
        using ContextMixingPredictor predictor = TrainedModels.Load(false);
        using ContextMixingPredictor other = TrainedModels.Load(false);
        using PredictorLanes lanes = predictor.CreateLanes(2);
        DecisionList list = new(predictor.FrequencyBits);
        Assert.Throws<ArgumentException>(
            () => lanes.BeginEncode(0, [1], ContentHint.Auto, other.CreateContext(), list));
        Assert.Throws<ArgumentException>(() => predictor.CreateContext().CopyFrom(other.CreateContext()));
        Assert.Throws<InvalidOperationException>(() => lanes.Encode(0, 1, list));
        Assert.Throws<InvalidOperationException>(() => lanes.Step([1]));
        Assert.Throws<InvalidOperationException>(() => lanes.Copy(0, 1));
        lanes.BeginEncode(0, [1], ContentHint.Auto, null, list);
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Encode(0, 257, list));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Step([257]));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Copy(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => predictor.CreateLanes(257));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ContextMixingPredictor(predictor.Model, [new FakeByteModel()]));
        lanes.Copy(0, 1);
        Assert.Throws<InvalidOperationException>(() => lanes.Encode(0, 1, list));
        lanes.Encode(1, 1, list);
    }

    private static IEnumerable<FieldInfo> Arrays() =>
        typeof(MixingMemory).GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(field => field.FieldType.GetElementType() is { IsPrimitive: true });

    private static void AssertEqual(MixingMemory one, MixingMemory other)
    {
        Assert.All(Arrays(), field => Assert.Equal((Array)field.GetValue(one)!, (Array)field.GetValue(other)!));
        Assert.Equal((one.Position, one.LastRecord, one.RecordBefore, one.Learned, one.Profile),
            (other.Position, other.LastRecord, other.RecordBefore, other.Learned, other.Profile));
    }
}
