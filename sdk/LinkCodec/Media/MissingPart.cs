namespace LinkCodec.Media;

/// <summary>A tile of an image, or a segment of a sound, that was lost.</summary>
/// <param name="Column">Its place among the tiles of a row, or among the segments, from 0.</param>
/// <param name="Row">Its row of tiles, from 0; 0 for sound.</param>
/// <param name="X">Its first column of the image, or first time of the sound, in samples.</param>
/// <param name="Y">Its first row of the image; 0 for sound.</param>
/// <param name="Width">Samples a row, or samples a channel.</param>
/// <param name="Height">Rows; 1 for sound.</param>
public readonly record struct MissingPart(int Column, int Row, int X, int Y, int Width, int Height);
