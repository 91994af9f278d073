using LinkCodec.Core.Coding;
using LinkCodec.Core.Experts;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.Experts;

/// <summary>Messages to codes and back, with one predictor.</summary>
internal static class ExpertCode
{
    public static byte[] Encode(Predictor predictor, byte[] message, ContentHint hint, StreamContext? context) =>
        Code(ExpertRun.Decide(predictor, message, hint, context), predictor.FrequencyBits);

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

    /// <summary>Runs a message through the reader and tells, for each byte, what a guess expected there; -1 for nothing.</summary>
    public static int[] Guesses(int guess, byte[] message, bool isBinary, ExpertMemory? memory = null)
    {
        memory ??= new ExpertMemory();
        MessageReader reader = new(null);
        FollowerExperts followers = new();
        CounterExperts counters = new();
        int[] found = new int[message.Length];
        reader.Begin(memory, isBinary);
        for (int i = 0; i < message.Length; i++)
        {
            reader.Look(memory, followers, counters);
            found[i] = !reader.Guesses.Has(guess) ? -1 : Enumerable.Range(0, 256).Single(value => reader.Guesses.Is(guess, (byte)value));
            followers.Learn(memory, message[i]);
            reader.Learn(memory, message[i]);
        }

        reader.End(memory);
        return found;
    }
}
