using LinkCodec.Benchmarks.Dev;
using LinkCodec.Core.Compression;
using LinkCodec.Core.Prediction;

namespace LinkCodec.Benchmarks.Language;

/// <summary>
/// Structured messages: alone, with preambles, behind 1,000 tokens of earlier messages, and as a growing stream.
/// </summary>
internal static class StructuredMeasurement
{
    /// <summary>Tokens of the earlier messages, at least.</summary>
    public const int EarlierTokens = 1000;

    /// <summary>Messages that follow each other behind the same earlier ones.</summary>
    public const int Together = 5;

    private const int Lanes = 16;

    /// <summary>Measures; every message is decoded and compared.</summary>
    /// <param name="subject">The snapshot.</param>
    /// <param name="content">The file.</param>
    /// <param name="options">The amounts to measure.</param>
    /// <param name="dictionary">The dictionary for zstd; null for none.</param>
    public static StructuredFigures Measure(LanguageSubject subject, DevContent content, LanguageOptions options,
        byte[]? dictionary)
    {
        List<byte[]> drawn = content.Draw(options.Structured);
        long plain = ColdMeasurement.Measure(subject.Plain, drawn).Coded;
        long? preambles = subject.HasPreambles ? ColdMeasurement.Measure(subject.Predictor, drawn).Coded : null;
        (long ackedBytes, long acked) = Behind(subject, content.Pieces, Math.Max(1, options.Structured / Together));
        AckedFigures stream = AckedMeasurement.Measure(subject.Predictor,
            content.Pieces[..content.Count(options.StreamKilobytes)])!;
        Dictionary<string, long> baselines = BaselineColumns.MeasureStretch(drawn, content.File, dictionary);
        return new StructuredFigures(
            drawn.Count,
            drawn.Sum(piece => (long)piece.Length),
            plain,
            preambles,
            baselines.TryGetValue(BaselineColumns.Dictionary, out long zstd) ? zstd : null,
            ackedBytes,
            acked,
            stream.Bytes,
            stream.Coded,
            content.Pieces.Sum(piece => (long)piece.Length),
            baselines.TryGetValue(BaselineColumns.Xz, out long xz) ? xz : null);
    }

    // At places spread evenly over the file.
    private static (long Bytes, long Coded) Behind(LanguageSubject subject, List<byte[]> pieces, int places)
    {
        int[] tokens = [.. pieces.Select(piece => StudyText.Count(subject.Model.Tokens, piece))];
        int first = 0;
        for (int sum = 0; sum < EarlierTokens && first < pieces.Count - Together; first++)
        {
            sum += tokens[first];
        }

        (long bytes, long coded) = (0, 0);
        for (int place = 0; place < places; place++)
        {
            int at = places == 1 ? first : first
                + (int)((long)(pieces.Count - Together - first) * place / (places - 1));
            int start = at;
            for (int sum = 0; sum < EarlierTokens && start > 0;)
            {
                sum += tokens[--start];
            }

            List<byte[]> messages = pieces[at..(at + Together)];
            bytes += messages.Sum(message => (long)message.Length);
            coded += Coded(subject.Predictor, pieces[start..at], messages);
        }

        return (bytes, coded);
    }

    private static long Coded(Predictor model, List<byte[]> earlier, List<byte[]> messages)
    {
        using StreamContext context = Behind(model, earlier);
        using MessageEncoder encoder = new(model, Lanes);
        using FrameDecoder decoder = new(model, Lanes);
        LoneMessages batch = new(model,
            [.. messages.Select((message, i) => new OutgoingMessage((ulong)(earlier.Count + i), message))], context);
        encoder.Run(batch);
        CodedMessages[] encoded = batch.Take();
        AckedMeasurement.Verify(decoder, encoded, context);
        return encoded.Sum(ColdMeasurement.Cost);
    }

    // What the messages leave behind that are coded one after another.
    private static StreamContext Behind(Predictor model, List<byte[]> messages)
    {
        StreamContext context = model.CreateContext()
            ?? throw new ArgumentException("The snapshot keeps no context.");
        using PredictorLanes lanes = model.CreateEncodingLanes(1);
        DecisionList decisions = new(model.FrequencyBits);
        for (int i = 0; i < messages.Count; i++)
        {
            if (i == 0)
            {
                lanes.BeginEncode(0, messages[i], ContentHint.Auto, null, decisions);
            }
            else
            {
                lanes.ContinueEncode(0, messages[i], ContentHint.Auto, decisions);
            }

            foreach (byte value in messages[i])
            {
                lanes.Encode(0, value, decisions);
                if (lanes.NeedsStep(0))
                {
                    lanes.Step([value]);
                }
            }

            lanes.Encode(0, Predictor.EndSymbol, decisions);
        }

        if (messages.Count > 0)
        {
            lanes.Save(0, context);
        }

        return context;
    }
}
