using LinkCodec.Core.Prediction;

namespace LinkCodec.Tests.ContextMixing;

/// <summary>Chains of messages.</summary>
internal static class ChainRun
{
    /// <summary>What messages leave behind that are coded one behind the other; null for no message.</summary>
    public static StreamContext? Context(
        Predictor predictor, IEnumerable<(byte[] Content, ContentHint Hint)> messages) =>
        Context(predictor, messages.Select(message => (message.Content, message.Content.Length, message.Hint)));

    /// <summary>The same, where some messages end before all of what was announced has come.</summary>
    public static StreamContext? Context(
        Predictor predictor, IEnumerable<(byte[] Content, int Length, ContentHint Hint)> messages)
    {
        using PredictorLanes lanes = predictor.CreateLanes(1);
        DecisionList decisions = new(predictor.FrequencyBits);
        bool goesOn = false;
        foreach ((byte[] content, int length, ContentHint hint) in messages)
        {
            if (goesOn)
            {
                lanes.ContinueEncode(0, content, hint, decisions);
            }
            else
            {
                lanes.BeginEncode(0, content, hint, null, decisions);
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
            goesOn = true;
        }

        StreamContext? context = goesOn ? predictor.CreateContext() : null;
        if (context is not null)
        {
            lanes.Save(0, context);
        }

        return context;
    }
}
