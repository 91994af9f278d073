using LinkCodec.Transport.Files;

namespace LinkCodec.State;

/// <summary>Finds out how much of an input is in the queue already, or was.</summary>
internal static class QueuedInput
{
    /// <summary>Opens an input: standard input that is a regular file as that file, which can be read again.</summary>
    /// <exception cref="Core.Primitives.LinkException">It cannot be opened.</exception>
    public static Stream Open(string path) =>
        FileStreams.Open(StandardFiles.IsInput(path) && UnixFiles.Identify("/dev/stdin")?.Kind == FileKind.Regular
            ? "/proc/self/fd/0"
            : path);

    /// <summary>The mark of the beginning of an input.</summary>
    public static InputMark BeginningOf(string path) =>
        InputMark.Of(StandardFiles.IsInput(path) ? "-" : Path.GetFullPath(path));

    /// <summary>Reads over what was queued, and leaves the file there.</summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <param name="known">How far the queue's last input was read.</param>
    /// <param name="begun">The mark of this input's beginning.</param>
    /// <returns>
    /// <paramref name="known"/> where this is that input and begins with the same bytes; <paramref name="begun"/>
    /// otherwise.
    /// </returns>
    public static async Task<InputMark> SkipAsync(Stream file, InputMark known, InputMark begun)
    {
        if (known.Name != begun.Name || file.Length < (long)known.Position)
        {
            return begun;
        }

        byte[] buffer = new byte[1 << 16];
        uint crc = 0;
        for (long left = (long)known.Position; left > 0;)
        {
            int most = (int)Math.Min(left, buffer.Length);
            int got = await file.ReadAsync(buffer.AsMemory(0, most)).ConfigureAwait(false);
            if (got == 0)
            {
                break;
            }

            crc = RecordBuffer.Crc32C(crc, buffer.AsSpan(0, got));
            left -= got;
        }

        if (crc == known.Crc)
        {
            return known;
        }

        file.Position = 0;
        return begun;
    }

    /// <summary>How the messages of a stream stand in it.</summary>
    /// <param name="format">The form of the stream.</param>
    /// <param name="isOpen">Whether the message is one that no terminator follows.</param>
    public static InputForm FormOf(MessageFormat format, bool isOpen) => format switch
    {
        MessageFormat.Lines => isOpen ? InputForm.OpenLine : InputForm.Line,
        MessageFormat.RecordSeparated => isOpen ? InputForm.OpenRecord : InputForm.Record,
        MessageFormat.LengthPrefixed => InputForm.Prefixed,
        _ => InputForm.Whole,
    };

    /// <summary>The form of the stream that a message came from; null where it came from none.</summary>
    public static MessageFormat? FormatOf(InputForm form) => form switch
    {
        InputForm.Line or InputForm.OpenLine => MessageFormat.Lines,
        InputForm.Record or InputForm.OpenRecord => MessageFormat.RecordSeparated,
        InputForm.Prefixed => MessageFormat.LengthPrefixed,
        InputForm.Whole => MessageFormat.Whole,
        _ => null,
    };
}
