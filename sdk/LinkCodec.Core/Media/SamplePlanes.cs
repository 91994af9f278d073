namespace LinkCodec.Core.Media;

/// <summary>An image: planes of unsigned samples, all of one size and one bit depth.</summary>
/// <remarks>Samples stand row by row, plane after plane; each is below 2^<see cref="BitDepth"/>.</remarks>
internal sealed class SamplePlanes
{
    /// <summary>An image of these samples, which it keeps and does not copy.</summary>
    /// <param name="width">Samples a row, at least 1.</param>
    /// <param name="height">Rows a plane, at least 1.</param>
    /// <param name="count">Planes, 1 to 1,024, of which an image has 16 at most.</param>
    /// <param name="bitDepth">Bits a sample, 1 to 16.</param>
    /// <param name="samples">All samples: width times height times count.</param>
    /// <exception cref="ArgumentException">A number is out of range, or a sample is.</exception>
    internal SamplePlanes(int width, int height, int count, int bitDepth, ushort[] samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MediaLimits.MaxBands);
        ArgumentOutOfRangeException.ThrowIfLessThan(bitDepth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitDepth, 16);
        if ((long)width * height * count != samples.Length)
        {
            throw new ArgumentException("As many samples as the sizes say.", nameof(samples));
        }

        if (samples.AsSpan().ContainsAnyExceptInRange((ushort)0, (ushort)((1 << bitDepth) - 1)))
        {
            throw new ArgumentException("A sample does not fit the bit depth.", nameof(samples));
        }

        (Width, Height, Count, BitDepth, Samples) = (width, height, count, bitDepth, samples);
    }

    /// <summary>Samples a row.</summary>
    internal int Width { get; }

    /// <summary>Rows a plane.</summary>
    internal int Height { get; }

    /// <summary>The number of planes.</summary>
    internal int Count { get; }

    /// <summary>Bits a sample.</summary>
    internal int BitDepth { get; }

    /// <summary>All samples.</summary>
    internal ushort[] Samples { get; }

    /// <summary>The samples of one plane.</summary>
    internal Span<ushort> Plane(int index) => Samples.AsSpan(index * Width * Height, Width * Height);
}
