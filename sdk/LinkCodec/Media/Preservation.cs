namespace LinkCodec.Media;

/// <summary>What of a file of an image or a sound crosses the link.</summary>
public enum Preservation
{
    /// <summary>The whole file, where that costs little more than its samples; else the samples, if the kind was named,
    /// and the file as it is, if it was not.</summary>
    Auto,

    /// <summary>The whole file: the other end restores it byte for byte.</summary>
    File,

    /// <summary>The samples, and what says how they are meant: the other end writes another file with the same
    /// samples.</summary>
    Samples,
}
