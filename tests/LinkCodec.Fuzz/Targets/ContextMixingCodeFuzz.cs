using LinkCodec.Core.Coding;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Codes of messages: any bytes decode to something, and what was decoded before the code ended is coded by the same
/// decisions again.
/// </summary>
internal static class ContextMixingCodeFuzz
{
    private const int Most = 24; // bytes of a message that are decoded
    private static readonly ContextMixingPredictor Predictor = new(
        new MixingModel([Profile(0, false), Profile(1, true)], new byte[2 * ProfileDetector.Buckets], null), []);
    private static readonly PredictorLanes Lanes = Predictor.CreateLanes(2);
    private static readonly StreamContext Context = MakeContext();

    public static void Run(ReadOnlySpan<byte> data)
    {
        var decoder = new RangeDecoder(data);
        var reader = new DecisionReader(ref decoder, data, ContextMixingPredictor.ScaleBits);
        StreamContext? context = (data.Length & 1) == 0 ? null : Context;
        Lanes.BeginDecode(0, context, ref reader);
        DecisionList decisions = new(ContextMixingPredictor.ScaleBits);
        List<byte> message = [];
        while (message.Count < Most && !reader.IsExhausted && Lanes.Decode(0, ref reader) is int symbol
            && symbol != LinkCodec.Core.Prediction.Predictor.EndSymbol)
        {
            message.Add((byte)symbol);
            Lanes.Step([symbol]);
        }

        Lanes.BeginEncode(1, message.ToArray(), ContentHint.Auto, context, decisions);
        foreach (byte value in message)
        {
            Lanes.Encode(1, value, decisions);
        }

        Lanes.Encode(1, LinkCodec.Core.Prediction.Predictor.EndSymbol, decisions);
        if (decisions.Items.Length != 2 + (9 * message.Count))
        {
            throw new InvalidOperationException("another number of decisions");
        }
    }

    private static MixingProfile Profile(int number, bool isBinary)
    {
        MixingProfile profile = new()
        {
            Number = number,
            Name = "fuzz",
            Hint = ContentHint.Auto,
            Network = -1,
            IsBinary = isBinary,
            Rate = 23,
            StartRate = 1000,
        };

        // Anything at all, the extremes among it.
        foreach (ushort[] map in (ushort[][])[profile.RunMap, profile.CounterMap, profile.ExpectedByteMap,
            profile.EndMap])
        {
            for (int i = 0; i < map.Length; i++)
            {
                map[i] = (ushort)(i % 5 == 0 ? 65535 : i * 40503);
            }
        }

        foreach (int[] weights in (int[][])[profile.Weights, profile.FinalWeights, profile.EndWeights])
        {
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = i % 3 == 0 ? 1 << 19 : i % 3 == 1 ? -(1 << 19) : (i * 7919 % 40000) - 20000;
            }
        }

        return profile;
    }

    private static StreamContext MakeContext()
    {
        StreamContext context = Predictor.CreateContext();
        DecisionList decisions = new(ContextMixingPredictor.ScaleBits);
        byte[] text = "$A,0001,12*5C\n$A,0002,12*5F\n{\"a\":1,\"a\":2}"u8.ToArray();
        Lanes.BeginEncode(0, text, ContentHint.Auto, null, decisions);
        EncodeAll(text, decisions);
        byte[] packet = [0xB5, 0x62, 1, 7, 3, 0, 9, 9, 9, 38, 41];
        Lanes.ContinueEncode(0, packet, ContentHint.Auto, decisions);
        EncodeAll(packet, decisions);
        Lanes.Save(0, context);
        return context;
    }

    private static void EncodeAll(byte[] message, DecisionList decisions)
    {
        foreach (byte value in message)
        {
            Lanes.Encode(0, value, decisions);
            if (Lanes.NeedsStep(0))
            {
                Lanes.Step([value]);
            }
        }

        Lanes.Encode(0, LinkCodec.Core.Prediction.Predictor.EndSymbol, decisions);
    }
}
