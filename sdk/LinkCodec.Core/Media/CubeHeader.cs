using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>What stands before the code of a cube's tile.</summary>
/// <remarks>A byte with the bit depth less one; then bands, width and height, each less one, as varints.</remarks>
internal readonly record struct CubeHeader(int Width, int Height, int Bands, int BitDepth)
{
    /// <summary>The longest header.</summary>
    internal const int MaxLength = 1 + (3 * 8);

    /// <summary>All samples.</summary>
    internal long Samples => (long)Width * Height * Bands;

    /// <summary>Bytes of all samples.</summary>
    internal long SamplesLength => Samples * ((BitDepth + 7) / 8);

    /// <summary>Writes the header.</summary>
    /// <returns>Its length.</returns>
    internal int Write(Span<byte> destination)
    {
        destination[0] = (byte)(BitDepth - 1);
        int length = 1 + VarInt.Write(destination[1..], (ulong)(Bands - 1));
        length += VarInt.Write(destination[length..], (ulong)(Width - 1));
        return length + VarInt.Write(destination[length..], (ulong)(Height - 1));
    }

    /// <summary>Reads a header.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, out CubeHeader header, out int length)
    {
        header = default;
        length = 1;
        if (source.IsEmpty || source[0] > 15 || !TryNumber(source, MediaLimits.MaxBands, ref length, out int bands)
            || !TryNumber(source, MediaLimits.MaxWidth, ref length, out int width)
            || !TryNumber(source, MediaLimits.MaxWidth, ref length, out int height))
        {
            return false;
        }

        header = new CubeHeader(width, height, bands, source[0] + 1);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> source, int most, ref int at, out int number)
    {
        bool isRead = VarInt.TryRead(source[at..], out ulong value, out int length) && value < (ulong)most;
        number = isRead ? (int)value + 1 : 0;
        at += isRead ? length : 0;
        return isRead;
    }
}
