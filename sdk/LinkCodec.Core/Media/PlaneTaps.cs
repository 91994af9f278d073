namespace LinkCodec.Core.Media;

/// <summary>Which samples around a place a regression predicts from.</summary>
internal sealed class PlaneTaps
{
    private readonly int[][] _offsets = new int[5][];

    /// <summary>Taps, each plane's as steps to the right and down.</summary>
    internal PlaneTaps(int stride, params (int Right, int Down)[][] planes)
    {
        for (int i = 0; i < _offsets.Length; i++)
        {
            _offsets[i] = i < planes.Length ? [.. planes[i].Select(tap => tap.Right + (tap.Down * stride))] : [];
            Count += _offsets[i].Length;
        }
    }

    /// <summary>The number of taps.</summary>
    internal int Count { get; }

    /// <summary>Takes the samples.</summary>
    internal void Fill(in PlaneContext planes, int at, Span<int> inputs)
    {
        int next = Fill(planes.Own, _offsets[0], at, inputs, 0);
        next = Fill(planes.Near, _offsets[1], at, inputs, next);
        next = Fill(planes.Far, _offsets[2], at, inputs, next);
        next = Fill(planes.Third, _offsets[3], at, inputs, next);
        Fill(planes.Fourth, _offsets[4], at, inputs, next);
    }

    private static int Fill(ReadOnlySpan<int> plane, int[] offsets, int at, Span<int> inputs, int next)
    {
        foreach (int offset in offsets)
        {
            inputs[next++] = plane[at + offset];
        }

        return next;
    }
}
