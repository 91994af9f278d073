namespace LinkCodec.Core.Media;

/// <summary>The samples around one place of a plane, or the differences of two planes there.</summary>
internal readonly struct Neighbours
{
    internal Neighbours(ReadOnlySpan<int> samples, int at, int stride)
    {
        ReadOnlySpan<int> row = samples.Slice(at - 2, 3);
        (WW, W, Here) = (row[0], row[1], row[2]);
        row = samples.Slice(at - stride - 2, 5);
        (NWW, NW, N, NE, NEE) = (row[0], row[1], row[2], row[3], row[4]);
        row = samples.Slice(at - (2 * stride) - 1, 3);
        (NNW, NN, NNE) = (row[0], row[1], row[2]);
        Exists = true;
    }

    /// <summary>Whether there is a plane at all.</summary>
    internal bool Exists { get; private init; }

    /// <summary>The sample itself; of a plane coded before.</summary>
    internal int Here { get; private init; }

    internal int W { get; private init; }

    internal int N { get; private init; }

    internal int NW { get; private init; }

    internal int NE { get; private init; }

    internal int WW { get; private init; }

    internal int NN { get; private init; }

    internal int NEE { get; private init; }

    internal int NNE { get; private init; }

    internal int NWW { get; private init; }

    internal int NNW { get; private init; }

    /// <summary>The difference of the neighbours that the predictors of differences use.</summary>
    internal Neighbours Less(in Neighbours other) => new()
    {
        Exists = true,
        W = W - other.W,
        N = N - other.N,
        NW = NW - other.NW,
        NE = NE - other.NE,
        WW = WW - other.WW,
        NN = NN - other.NN,
        NNE = NNE - other.NNE,
    };
}
