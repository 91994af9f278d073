namespace LinkCodec.Media;

/// <summary>How a file is made from samples: the first byte of a wrapper (protocol-spec/12-media.md, section
/// 12.4).</summary>
internal enum WrapperKind : byte
{
    /// <summary>As a portable map: PGM, PPM or PAM.</summary>
    PortableMap,

    /// <summary>As WAV.</summary>
    Wave,

    /// <summary>As an uncompressed TIFF.</summary>
    Tiff,

    /// <summary>As PNG; what stands behind it are its chunks.</summary>
    Png,

    /// <summary>Byte for byte: samples as they are between other bytes.</summary>
    Skeleton,

    /// <summary>Byte for byte: PNG, compressed as it was.</summary>
    PngFile,

    /// <summary>As Y4M; byte for byte where everything between the frames stands behind it.</summary>
    Yuv4Mpeg,
}
