namespace LinkCodec.Media;

/// <summary>A tile of an image, a segment of a sound or of samples, or a frame of a video or a strip of one, that was
/// lost.</summary>
/// <param name="Column">Its place among the tiles of a row, or among the segments, or that of the frame in the video,
/// from 0.</param>
/// <param name="Row">Its row of tiles, or the strip of the frame, from 0; 0 for segments and whole frames.</param>
/// <param name="X">Its first column of the image, or first time of the sound, in samples; 0 for video.</param>
/// <param name="Y">Its first row of the image or of the frame; 0 for segments.</param>
/// <param name="Width">Samples a row, or samples a channel.</param>
/// <param name="Height">Rows; 1 for segments.</param>
public readonly record struct MissingPart(int Column, int Row, int X, int Y, int Width, int Height);
