namespace LinkCodec.Media;

/// <summary>Samples pixel by pixel to plane by plane, and back.</summary>
internal static class Planes
{
    /// <summary>Plane by plane.</summary>
    public static ushort[] Of(ushort[] pixels, int planes)
    {
        int count = pixels.Length / planes;
        ushort[] result = planes == 1 ? pixels : new ushort[pixels.Length];
        for (int i = 0; planes > 1 && i < count; i++)
        {
            for (int plane = 0; plane < planes; plane++)
            {
                result[(plane * count) + i] = pixels[(i * planes) + plane];
            }
        }

        return result;
    }

    /// <summary>Pixel by pixel.</summary>
    public static ushort[] Join(ushort[] samples, int planes)
    {
        int count = samples.Length / planes;
        ushort[] result = planes == 1 ? samples : new ushort[samples.Length];
        for (int i = 0; planes > 1 && i < count; i++)
        {
            for (int plane = 0; plane < planes; plane++)
            {
                result[(i * planes) + plane] = samples[(plane * count) + i];
            }
        }

        return result;
    }
}
