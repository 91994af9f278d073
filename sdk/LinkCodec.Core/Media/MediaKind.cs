namespace LinkCodec.Core.Media;

/// <summary>What a carried form holds, and in which way a media code codes it.</summary>
internal enum MediaKind : byte
{
    /// <summary>Bytes as they are: what would be taken for a carried form otherwise.</summary>
    Bytes,

    /// <summary>An image.</summary>
    Image,

    /// <summary>Sound.</summary>
    Sound,

    /// <summary>Video.</summary>
    Video,

    /// <summary>A signal: samples of an instrument, a receiver or a sensor.</summary>
    Signal,

    /// <summary>A cube: an image of any number of bands.</summary>
    Cube,

    /// <summary>A tile of an image or a cube in the fast code; of no carried form.</summary>
    Fast,
}
