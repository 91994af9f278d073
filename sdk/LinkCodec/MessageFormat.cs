namespace LinkCodec;

/// <summary>The forms in which messages stand in a stream of bytes.</summary>
public enum MessageFormat
{
    /// <summary>
    /// Each line without its newline (byte 0x0A) is a message; bytes after the last newline are one more.
    /// </summary>
    Lines,

    /// <summary>Each message is ended by the byte 0x1E; bytes after the last one are one more message.</summary>
    RecordSeparated,

    /// <summary>Each message is preceded by its length, 4 bytes little-endian.</summary>
    LengthPrefixed,

    /// <summary>The whole stream is one message.</summary>
    Whole,
}
