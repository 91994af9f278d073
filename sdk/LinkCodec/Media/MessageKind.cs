namespace LinkCodec.Media;

/// <summary>What the messages of a sender are, where their content is a file.</summary>
public enum MessageKind
{
    /// <summary>
    /// The sender looks at each message: a file of an image, a sound or a video crosses as its samples where the other
    /// end can restore it byte for byte, everything else as it is.
    /// </summary>
    Auto,

    /// <summary>Text: no message is taken for a file of samples.</summary>
    Text,

    /// <summary>Bytes: no message is taken for a file of samples.</summary>
    Bytes,

    /// <summary>Images.</summary>
    Image,

    /// <summary>Sound.</summary>
    Audio,

    /// <summary>Video.</summary>
    Video,

    /// <summary>Samples without a header, which <see cref="MediaOptions.Samples"/> describes.</summary>
    Samples,
}
