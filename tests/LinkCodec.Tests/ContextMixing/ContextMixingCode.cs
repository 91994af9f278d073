using LinkCodec.Core.Coding;
using LinkCodec.Core.ContextMixing;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>Messages to codes and back, with one predictor.</summary>
internal static class ContextMixingCode
{
    public static byte[] Encode(Predictor predictor, byte[] message, ContentHint hint, StreamContext? context) =>
        Code(ContextMixingRun.Decide(predictor, message, hint, context), predictor.FrequencyBits);

    /// <summary>The code of decisions that stand alone.</summary>
    public static byte[] Code(Decision[] decisions, int bits)
    {
        DecisionList list = new(bits);
        foreach (Decision decision in decisions)
        {
            list.Add(decision.Cumulative, decision.Frequency);
        }

        return list.Finish().ToArray();
    }

    public static byte[] Decode(Predictor predictor, byte[] code, StreamContext? context)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        var decoder = new RangeDecoder(code);
        var reader = new DecisionReader(ref decoder, code, predictor.FrequencyBits);
        lanes.BeginDecode(0, context, ref reader);
        List<byte> message = [];
        while (lanes.Decode(0, ref reader) is int symbol && symbol != Predictor.EndSymbol)
        {
            message.Add((byte)symbol);
            lanes.Step([symbol]);
            Assert.False(reader.IsExhausted);
        }

        Assert.False(reader.IsExhausted);
        return [.. message];
    }

    /// <summary>
    /// Runs a message through its contexts and tells for each byte what one of the models expected there; -1 for
    /// nothing.
    /// </summary>
    public static int[] Expected(int index, byte[] message, bool isBinary, MixingMemory? memory = null)
    {
        memory ??= new MixingMemory();
        MessageContexts contexts = new(null);
        RunModel runs = new();
        BitCounterModel counters = new();
        int[] found = new int[message.Length];
        contexts.Begin(memory, SmallModel.Profile(0, isBinary ? ContentHint.Binary : ContentHint.Auto));
        for (int i = 0; i < message.Length; i++)
        {
            contexts.SetContexts(memory, runs, counters);
            found[i] = !contexts.Expected.Has(index) ? -1 : Enumerable.Range(0, 256)
                .Single(value => contexts.Expected.Is(index, (byte)value));
            runs.Update(memory, message[i]);
            contexts.Update(memory, message[i]);
        }

        contexts.End(memory);
        return found;
    }
}
