namespace LinkCodec.ModelBuilder.Import;

/// <summary>Texts that an import looks at: to calibrate with, and to measure on.</summary>
internal static class CalibrationText
{
    private const int MessageLength = 500;
    private const int MessagesOfText = 12;

    /// <summary>
    /// The text that ships with the library: prose, letters, JSON, logs, reports, sentences of positions, code; several
    /// languages.
    /// </summary>
    internal static byte[] Default()
    {
        using Stream stream = typeof(CalibrationText).Assembly.GetManifestResourceStream("calibration.txt")!;
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }

    /// <summary>
    /// A text's first three quarters and its last, cut at a line's end where there is one: to calibrate with and to
    /// measure on where no other text is given.
    /// </summary>
    internal static (ReadOnlyMemory<byte> Start, ReadOnlyMemory<byte> Tail) Split(byte[] text)
    {
        int middle = text.Length / 4 * 3;
        int line = text.AsSpan(middle).IndexOf((byte)'\n');
        middle += line + 1;
        return (text.AsMemory(0, middle), text.AsMemory(middle));
    }

    /// <summary>Messages of 500 bytes, at most twelve, spread over a text; a shorter text is one message.</summary>
    internal static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> text)
    {
        int all = Math.Max(1, text.Length / MessageLength);
        int count = Math.Min(all, MessagesOfText);
        for (int i = 0; i < count; i++)
        {
            int first = (int)((long)all * i / count) * MessageLength;
            yield return text.Slice(first, Math.Min(MessageLength, text.Length - first));
        }
    }
}
