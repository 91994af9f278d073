namespace LinkCodec.Core.Media;

/// <summary>The samples of a frame of video, or of a strip of one, plane by plane.</summary>
internal sealed class VideoFrame
{
    private readonly ushort[][] _planes;

    /// <summary>A frame of zeros.</summary>
    internal VideoFrame(VideoFormat format)
    {
        Format = format;
        _planes = new ushort[format.Planes][];
        for (int i = 0; i < _planes.Length; i++)
        {
            _planes[i] = new ushort[format.WidthOf(i) * format.HeightOf(i)];
        }
    }

    /// <summary>What it is.</summary>
    internal VideoFormat Format { get; }

    /// <summary>The samples of a plane, row by row.</summary>
    internal ushort[] Plane(int index) => _planes[index];

    /// <summary>A row of a plane.</summary>
    internal Span<ushort> Row(int plane, int y) =>
        _planes[plane].AsSpan(y * Format.WidthOf(plane), Format.WidthOf(plane));

    /// <summary>Whether every sample fits the bit depth.</summary>
    internal bool IsInRange() => Array.TrueForAll(_planes, plane =>
        !plane.AsSpan().ContainsAnyExceptInRange((ushort)0, (ushort)((1 << Format.BitDepth) - 1)));

    /// <summary>A whole frame from its bytes: strip by strip, plane by plane, row by row.</summary>
    internal static VideoFrame Read(VideoFormat format, int stripRows, ReadOnlySpan<byte> bytes)
    {
        VideoFrame frame = new(format);
        int at = 0;
        for (int first = 0; first < format.Height; first += stripRows)
        {
            VideoFormat strip = format.Strip(first, stripRows);
            for (int plane = 0; plane < format.Planes; plane++)
            {
                int start = plane == 0 ? first : first >> format.ShiftDown;
                Span<ushort> samples = frame._planes[plane].AsSpan(start * format.WidthOf(plane),
                    strip.HeightOf(plane) * format.WidthOf(plane));
                SampleBytes.Read(bytes[at..], format.SampleBytes, samples);
                at += samples.Length * format.SampleBytes;
            }
        }

        return frame;
    }

    /// <summary>Writes the samples plane by plane.</summary>
    internal void Write(Span<byte> bytes)
    {
        int at = 0;
        foreach (ushort[] plane in _planes)
        {
            SampleBytes.Write(plane, Format.SampleBytes, bytes[at..]);
            at += plane.Length * Format.SampleBytes;
        }
    }
}
