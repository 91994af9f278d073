using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>What stands before the code of a part of video: what its frames are, and which of them it needs.</summary>
/// <remarks>
/// A byte with the bit depth less one in its lower 4 bits, then 2 bits for the chroma and 2 for the number of frames
/// before the part that it needs; then width and height of the whole frame less one each, as varints; then a varint:
/// twice the number of frames less one, or, where the part is a strip of a frame, one more than twice the rows of a
/// strip; then for a strip its number, a varint.
/// </remarks>
internal readonly record struct VideoHeader
{
    /// <summary>The longest header.</summary>
    internal const int MaxLength = 1 + 4 + 4 + 8 + 4;

    /// <summary>The most frames before a part that it needs.</summary>
    internal const int MaxReferences = 2;

    /// <summary>What a whole frame is.</summary>
    internal VideoFormat Format { get; init; }

    /// <summary>Frames that stand whole before the part, and which it needs.</summary>
    internal int References { get; init; }

    /// <summary>Frames in the part; 1 for a strip.</summary>
    internal int Frames { get; init; }

    /// <summary>Rows of a strip; the height for whole frames.</summary>
    internal int StripRows { get; init; }

    /// <summary>Which strip of the frame the part is.</summary>
    internal int StripIndex { get; init; }

    /// <summary>The first row of the strip.</summary>
    internal int FirstRow => StripIndex * StripRows;

    /// <summary>What a frame of the part is: a whole one, or the strip.</summary>
    internal VideoFormat Strip => Format.Strip(FirstRow, StripRows);

    /// <summary>All samples of the part.</summary>
    internal long Samples => Frames * Strip.Samples;

    /// <summary>Bytes of a whole frame.</summary>
    internal int FrameBytes => (int)Format.Samples * Format.SampleBytes;

    /// <summary>Bytes of all frames that the part needs.</summary>
    internal int ReferenceBytes => References * FrameBytes;

    /// <summary>Bytes from the first frame that the part needs to the part.</summary>
    internal int Back => ReferenceBytes + (int)(Format.Strip(0, FirstRow).Samples * Format.SampleBytes);

    // spec 12.2-1, 12.2-4
    private bool IsValid => Format.IsValid && References <= MaxReferences && Frames >= 1 && StripRows >= 1
        && StripRows <= Format.Height && (long)StripIndex * StripRows < Format.Height
        && (StripRows == Format.Height || (StripRows & Format.ShiftDown) == 0);

    /// <summary>Writes the header.</summary>
    /// <returns>Its length.</returns>
    internal int Write(Span<byte> destination)
    {
        destination[0] = (byte)((References << 6) | ((int)Format.Chroma << 4) | (Format.BitDepth - 1));
        int length = 1 + VarInt.Write(destination[1..], (ulong)(Format.Width - 1));
        length += VarInt.Write(destination[length..], (ulong)(Format.Height - 1));
        if (StripRows == Format.Height)
        {
            return length + VarInt.Write(destination[length..], 2 * (ulong)(Frames - 1));
        }

        length += VarInt.Write(destination[length..], (2 * (ulong)StripRows) + 1);
        return length + VarInt.Write(destination[length..], (ulong)StripIndex);
    }

    /// <summary>Reads a header. Peer bytes: never throws.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, out VideoHeader header, out int length)
    {
        header = default;
        length = 0;
        if (source.IsEmpty)
        {
            return false;
        }

        length = 1;
        if (!TryNumber(source, ref length, out int width) || !TryNumber(source, ref length, out int height)
            || !TryNumber(source, ref length, out int extent))
        {
            return false;
        }

        bool isStrip = (extent & 1) != 0;
        int index = 0;
        if (isStrip && !TryNumber(source, ref length, out index))
        {
            return false;
        }

        header = new VideoHeader
        {
            Format = new VideoFormat(width + 1, height + 1, (ChromaForm)(source[0] >> 4 & 3), (source[0] & 15) + 1),
            References = source[0] >> 6,
            Frames = isStrip ? 1 : (extent >> 1) + 1,
            StripRows = isStrip ? extent >> 1 : height + 1,
            StripIndex = index,
        };
        return header.IsValid && !(isStrip && header.StripRows == header.Format.Height);
    }

    private static bool TryNumber(ReadOnlySpan<byte> source, ref int length, out int number)
    {
        bool isRead = VarInt.TryRead(source[length..], out ulong value, out int taken) && value < int.MaxValue;
        number = isRead ? (int)value : 0;
        length += isRead ? taken : 0;
        return isRead;
    }
}
