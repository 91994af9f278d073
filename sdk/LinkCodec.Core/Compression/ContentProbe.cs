namespace LinkCodec.Core.Compression;

/// <summary>Tells content that is compressed or encrypted already from its first bytes, so that no prediction is spent
/// on it.</summary>
internal static class ContentProbe
{
    /// <summary>Fewer bytes tell too little.</summary>
    public const int Least = 128;

    private const int Most = 1024;

    // Pearson's chi-squared of 256 equally likely bytes has a mean of 255 and a deviation of 23; text, code and samples
    // have far more.
    private const int MostChiSquared = 400;

    private static readonly int[] Distances = [0, 1, 2, 4];

    /// <summary>Whether the content's first bytes are spread as evenly as random ones, and so are their differences
    /// from bytes a little before them.</summary>
    /// <param name="content">The content; false where it is shorter than <see cref="Least"/>.</param>
    public static bool IsDense(ReadOnlySpan<byte> content)
    {
        if (content.Length < Least)
        {
            return false;
        }

        foreach (int distance in Distances)
        {
            if (ChiSquared(content[..Math.Min(content.Length, Most)], distance) > MostChiSquared)
            {
                return false;
            }
        }

        return true;
    }

    private static long ChiSquared(ReadOnlySpan<byte> content, int distance)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        for (int i = distance; i < content.Length; i++)
        {
            counts[(byte)(distance == 0 ? content[i] : content[i] - content[i - distance])]++;
        }

        long squares = 0;
        foreach (int count in counts)
        {
            squares += (long)count * count;
        }

        int total = content.Length - distance;
        return (squares * 256 / total) - total;
    }
}
