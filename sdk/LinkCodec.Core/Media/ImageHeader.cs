using LinkCodec.Core.Primitives;

namespace LinkCodec.Core.Media;

/// <summary>What stands before an image's code: the sizes.</summary>
/// <remarks>
/// A byte with the number of planes less one and the bit depth less one, 4 bits each; then width and height less one,
/// as varints.
/// </remarks>
internal readonly record struct ImageHeader(int Width, int Height, int Planes, int BitDepth)
{
    /// <summary>The longest header.</summary>
    internal const int MaxLength = 9;

    private const int MaxHeight = 1 << 30;

    /// <summary>All samples.</summary>
    internal long Samples => (long)Width * Height * Planes;

    /// <summary>
    /// Which plane is coded at a place in the order: of three and four planes the second comes first, since green
    /// says most about red and blue.
    /// </summary>
    internal int PlaneAt(int place) => Planes is 3 or 4 && place < 2 ? 1 - place : place; // spec 13.4-1

    /// <summary>Writes the header.</summary>
    /// <returns>Its length.</returns>
    internal int Write(Span<byte> destination)
    {
        destination[0] = (byte)(((Planes - 1) << 4) | (BitDepth - 1));
        int length = 1 + VarInt.Write(destination[1..], (ulong)(Width - 1));
        return length + VarInt.Write(destination[length..], (ulong)(Height - 1));
    }

    /// <summary>Reads a header.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, out ImageHeader header, out int length)
    {
        header = default;
        length = 0;
        if (source.IsEmpty
            || !VarInt.TryRead(source[1..], out ulong width, out int widthLength)
            || !VarInt.TryRead(source[(1 + widthLength)..], out ulong height, out int heightLength)
            || width >= MediaLimits.MaxWidth || height >= MaxHeight)
        {
            return false;
        }

        header = new ImageHeader((int)width + 1, (int)height + 1, (source[0] >> 4) + 1, (source[0] & 15) + 1);
        length = 1 + widthLength + heightLength;
        return true;
    }
}
