using LinkCodec.Core.Coding;
using LinkCodec.Core.Prediction;
using Xunit;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>A chain of messages, encoded and decoded: what either side leaves behind.</summary>
internal sealed class ChainRun : IDisposable
{
    private ChainRun(StreamContext? encoded, StreamContext? decoded) => (Encoded, Decoded) = (encoded, decoded);

    /// <summary>The context behind the messages as the encoder leaves it; null for no message.</summary>
    public StreamContext? Encoded { get; }

    /// <summary>The context behind the messages as the decoder leaves it.</summary>
    public StreamContext? Decoded { get; }

    /// <summary>Codes messages one behind the other, and back.</summary>
    /// <param name="predictor">The predictor, which keeps contexts.</param>
    /// <param name="messages">The messages, how many bytes of each are coded of those that are announced, and
    /// hints.</param>
    public static ChainRun Of(
        Predictor predictor, IReadOnlyList<(byte[] Content, int Length, ContentHint Hint)> messages)
    {
        if (messages.Count == 0)
        {
            return new ChainRun(null, null);
        }

        DecisionList decisions = new(predictor.FrequencyBits);
        StreamContext? encoded = Encode(predictor, messages, decisions);
        return new ChainRun(encoded, Decode(predictor, messages, decisions.Finish().ToArray()));
    }

    public void Dispose()
    {
        Encoded?.Dispose();
        Decoded?.Dispose();
    }

    private static StreamContext? Encode(
        Predictor predictor, IReadOnlyList<(byte[] Content, int Length, ContentHint Hint)> messages,
        DecisionList decisions)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        for (int i = 0; i < messages.Count; i++)
        {
            (byte[] content, int length, ContentHint hint) = messages[i];
            if (i == 0)
            {
                lanes.BeginEncode(0, content, hint, null, decisions);
            }
            else
            {
                lanes.ContinueEncode(0, content, hint, decisions);
            }

            foreach (byte value in content.AsSpan(0, length))
            {
                lanes.Encode(0, value, decisions);
                if (lanes.NeedsStep(0))
                {
                    lanes.Step([value]);
                }
            }

            lanes.Encode(0, Predictor.EndSymbol, decisions);
        }

        return Save(predictor, lanes);
    }

    private static StreamContext? Decode(
        Predictor predictor, IReadOnlyList<(byte[] Content, int Length, ContentHint Hint)> messages, byte[] code)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        RangeDecoder decoder = new(code);
        for (int i = 0; i < messages.Count; i++)
        {
            DecisionReader reader = new(ref decoder, code, predictor.FrequencyBits);
            if (i == 0)
            {
                lanes.BeginDecode(0, null, ref reader);
            }
            else
            {
                lanes.ContinueDecode(0, ref reader);
            }

            List<byte> message = [];
            while (lanes.Decode(0, ref reader) is int symbol && symbol != Predictor.EndSymbol)
            {
                message.Add((byte)symbol);
                Assert.True(message.Count <= messages[i].Length, "the message has ended");
                if (lanes.NeedsStep(0))
                {
                    lanes.Step([symbol]);
                }
            }

            Assert.Equal(messages[i].Content[..messages[i].Length], message);
        }

        return Save(predictor, lanes);
    }

    private static StreamContext? Save(Predictor predictor, PredictorLanes lanes)
    {
        StreamContext? context = predictor.CreateContext();
        if (context is not null)
        {
            lanes.Save(0, context);
        }

        return context;
    }
}
