namespace LinkCodec.Core.Media;

/// <summary>What a frame of video is, or a strip of one.</summary>
/// <param name="Width">Samples of luma a row.</param>
/// <param name="Height">Rows of luma.</param>
/// <param name="Chroma">How many samples of chroma there are.</param>
/// <param name="BitDepth">Bits a sample, 1 to 16.</param>
internal readonly record struct VideoFormat(int Width, int Height, ChromaForm Chroma, int BitDepth)
{
    /// <summary>The most samples of a frame: two of them are held while a third is decoded.</summary>
    internal const int MaxSamples = 1 << 24;

    /// <summary>Planes: one of luma, and two of chroma where there is any.</summary>
    internal int Planes => Chroma == ChromaForm.Mono ? 1 : 3;

    /// <summary>Bytes a sample.</summary>
    internal int SampleBytes => (BitDepth + 7) / 8;

    /// <summary>How often a plane of chroma halves the columns: 0 or 1.</summary>
    internal int ShiftAcross => Chroma is ChromaForm.Half or ChromaForm.HalfAcross ? 1 : 0;

    /// <summary>How often a plane of chroma halves the rows: 0 or 1.</summary>
    internal int ShiftDown => Chroma == ChromaForm.Half ? 1 : 0;

    /// <summary>Samples of all planes.</summary>
    internal long Samples => ((long)Width * Height) + ((Planes - 1L) * WidthOf(1) * HeightOf(1));

    /// <summary>Whether the numbers are within their limits.</summary>
    internal bool IsValid => Width is >= 1 and <= MediaLimits.MaxWidth && Height is >= 1 and <= MediaLimits.MaxWidth
        && Chroma <= ChromaForm.Full && BitDepth is >= 1 and <= 16 && Samples <= MaxSamples;

    /// <summary>Samples a row of a plane.</summary>
    internal int WidthOf(int plane) => plane == 0 ? Width : (Width + ShiftAcross) >> ShiftAcross;

    /// <summary>Rows of a plane.</summary>
    internal int HeightOf(int plane) => plane == 0 ? Height : (Height + ShiftDown) >> ShiftDown;

    /// <summary>The strip of some rows, which begins at an even row and is cut where the frame ends.</summary>
    internal VideoFormat Strip(int firstRow, int rows) => this with { Height = Math.Min(rows, Height - firstRow) };
}
