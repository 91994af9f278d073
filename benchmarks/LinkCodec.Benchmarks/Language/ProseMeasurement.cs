using LinkCodec.Benchmarks.Dev;

namespace LinkCodec.Benchmarks.Language;

/// <summary>
/// The beginning of a file as one acknowledged stream, cut into messages at the ends of lines, beside baselines that
/// are given all of it.
/// </summary>
internal static class ProseMeasurement
{
    /// <summary>Bytes of a message at most.</summary>
    public const int MessageBytes = 4000;

    /// <summary>Measures; every message is decoded and compared.</summary>
    public static ProseFigures Measure(LanguageSubject subject, byte[] beginning)
    {
        List<byte[]> messages = Cut(beginning);
        AckedFigures acked = AckedMeasurement.Measure(subject.Predictor, messages)!;
        return new ProseFigures(acked.Messages, acked.Bytes, acked.Coded, acked.Seconds,
            BaselineColumns.MeasureStretch(messages, beginning, null));
    }

    // Behind a line's end, else behind a space, else in the middle of a word; nothing is left out.
    private static List<byte[]> Cut(byte[] text)
    {
        List<byte[]> messages = [];
        for (int at = 0; at < text.Length;)
        {
            Span<byte> rest = text.AsSpan(at, Math.Min(MessageBytes, text.Length - at));
            int line = rest.LastIndexOf((byte)'\n');
            int end = at + rest.Length == text.Length ? rest.Length : line > 0 ? line + 1
                : rest.LastIndexOf((byte)' ') + 1;
            messages.Add(rest[..(end == 0 ? rest.Length : end)].ToArray());
            at += messages[^1].Length;
        }

        return messages;
    }
}
