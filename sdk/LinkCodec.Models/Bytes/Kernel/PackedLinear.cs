namespace LinkCodec.Models.Bytes.Kernel;

/// <summary>A matrix ready to multiply by, with its scales and biases padded like its columns. Immutable.</summary>
internal sealed class PackedLinear
{
    private readonly float[] _scale;
    private readonly float[] _bias;

    /// <summary>Packs a matrix.</summary>
    /// <param name="dot">The product that the weights are packed for.</param>
    /// <param name="linear">The matrix.</param>
    /// <param name="zero">The byte that stands for 0 in what it is multiplied by.</param>
    /// <param name="parts">Equal parts of its columns, each padded on its own.</param>
    internal PackedLinear(DotProduct dot, LinearWeights linear, int zero, int parts = 1)
    {
        Matrix = new PackedMatrix(dot, linear.Weights, linear.Rows, linear.Columns, parts, zero);
        Columns = parts * RowMath.Padded(linear.Columns / parts);
        _scale = Pad(linear.Scale, parts);
        _bias = Pad(linear.Bias, parts);
    }

    /// <summary>The weights.</summary>
    internal PackedMatrix Matrix { get; }

    /// <summary>Columns with their padding.</summary>
    internal int Columns { get; }

    /// <summary>The scale of each padded column.</summary>
    internal ReadOnlySpan<float> Scale => _scale;

    /// <summary>The bias of each padded column; empty where there is none.</summary>
    internal ReadOnlySpan<float> Bias => _bias;

    /// <summary>Values in equal parts, each of which begins at a multiple of the padding.</summary>
    internal static float[] Pad(ReadOnlySpan<float> values, int parts)
    {
        int width = values.Length / parts;
        int stride = RowMath.Padded(width);
        float[] padded = new float[stride * parts];
        for (int part = 0; part < parts; part++)
        {
            values.Slice(part * width, width).CopyTo(padded.AsSpan(part * stride));
        }

        return padded;
    }
}
