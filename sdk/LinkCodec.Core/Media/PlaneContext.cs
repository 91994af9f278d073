namespace LinkCodec.Core.Media;

/// <summary>A sample's place and the planes around it: what predictors and contexts are made from.</summary>
internal readonly ref struct PlaneContext(ReadOnlySpan<int> own, ReadOnlySpan<int> near, ReadOnlySpan<int> far,
    int stride, ReadOnlySpan<int> third = default, ReadOnlySpan<int> fourth = default)
{
    /// <summary>The plane that is coded.</summary>
    internal readonly ReadOnlySpan<int> Own = own;

    /// <summary>The plane coded last; empty where there is none.</summary>
    internal readonly ReadOnlySpan<int> Near = near;

    /// <summary>The plane coded before that; empty where there is none.</summary>
    internal readonly ReadOnlySpan<int> Far = far;

    /// <summary>One more plane, of video; empty where there is none.</summary>
    internal readonly ReadOnlySpan<int> Third = third;

    /// <summary>The last plane, of video; empty where there is none.</summary>
    internal readonly ReadOnlySpan<int> Fourth = fourth;

    /// <summary>From a sample to the one below.</summary>
    internal readonly int Stride = stride;

    /// <summary>The number of planes before this one, 2 at most.</summary>
    internal int PlanesBefore => Far.Length > 0 ? 2 : Near.Length > 0 ? 1 : 0;

    /// <summary>The number of inputs of the large regression.</summary>
    internal static int LargeInputs(int planesBefore) => planesBefore switch { 0 => 14, 1 => 19, _ => 26 };

    /// <summary>The number of inputs of the small regression.</summary>
    internal static int SmallInputs(int planesBefore) => planesBefore switch { 0 => 6, 1 => 10, _ => 13 };

    /// <summary>The inputs of the large regression at a place.</summary>
    internal void FillLarge(int at, Span<int> inputs) // spec 13.4-5
    {
        int s = Stride;
        FillOwn(at, inputs);
        inputs[6] = Own[at - s + 2];
        inputs[7] = Own[at - s - 2];
        inputs[8] = Own[at - (2 * s) - 1];
        inputs[9] = Own[at - (2 * s) + 1];
        if (Near.Length == 0)
        {
            inputs[10] = Own[at - 3];
            inputs[11] = Own[at - (3 * s)];
            inputs[12] = Own[at - (2 * s) + 2];
            inputs[13] = Own[at - (2 * s) - 2];
            return;
        }

        FillOther(Near, at, inputs[10..]);
        inputs[17] = Near[at + s - 1];
        inputs[18] = Near[at + s + 1];
        if (Far.Length > 0)
        {
            FillOther(Far, at, inputs[19..]);
        }
    }

    /// <summary>The inputs of the small regression at a place.</summary>
    internal void FillSmall(int at, Span<int> inputs)
    {
        FillOwn(at, inputs);
        if (Near.Length == 0)
        {
            return;
        }

        inputs[6] = Near[at];
        inputs[7] = Near[at - 1];
        inputs[8] = Near[at - Stride];
        inputs[9] = Near[at - Stride - 1];
        if (Far.Length > 0)
        {
            inputs[10] = Far[at];
            inputs[11] = Far[at - 1];
            inputs[12] = Far[at - Stride];
        }
    }

    private void FillOwn(int at, Span<int> inputs)
    {
        inputs[0] = Own[at - 1];
        inputs[1] = Own[at - Stride];
        inputs[2] = Own[at - Stride - 1];
        inputs[3] = Own[at - Stride + 1];
        inputs[4] = Own[at - 2];
        inputs[5] = Own[at - (2 * Stride)];
    }

    private void FillOther(ReadOnlySpan<int> plane, int at, Span<int> inputs)
    {
        inputs[0] = plane[at];
        inputs[1] = plane[at - 1];
        inputs[2] = plane[at - Stride];
        inputs[3] = plane[at - Stride - 1];
        inputs[4] = plane[at - Stride + 1];
        inputs[5] = plane[at + 1];
        inputs[6] = plane[at + Stride];
    }
}
