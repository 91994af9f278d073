namespace LinkCodec.Core.Media;

/// <summary>How many samples of chroma a frame of video has.</summary>
internal enum ChromaForm : byte
{
    /// <summary>None.</summary>
    Mono,

    /// <summary>4:2:0: half as many across and down as of luma.</summary>
    Half,

    /// <summary>4:2:2: half as many across.</summary>
    HalfAcross,

    /// <summary>4:4:4: as many.</summary>
    Full,
}
