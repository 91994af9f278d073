namespace LinkCodec.Core.Media;

/// <summary>
/// The fixed predictors of a sample from its neighbours in its own plane and in the two planes coded before.
/// </summary>
/// <remarks>
/// Neighbours are named by the compass: W is the sample to the left, N the one above, NNE two rows up and one column
/// right. Predictions are in eighths. Sources: MED, of LOCO-I (Weinberger et al., 2000); GAP, of CALIC (Wu and Memon,
/// 1997).
/// </remarks>
internal static class PixelPredictors
{
    /// <summary>The predictors of a first plane, of one with a plane before it, and of one with two.</summary>
    internal static int CountOf(int planesBefore) => planesBefore switch { 0 => 14, 1 => 15, _ => 22 };

    /// <summary>Writes the predictions.</summary>
    /// <param name="own">The sample's own plane.</param>
    /// <param name="near">The plane coded last, where there is one.</param>
    /// <param name="far">The plane coded before that, where there is one.</param>
    /// <param name="edge">The difference of gradients that makes an edge, for GAP: 1 for 8 bits.</param>
    /// <param name="predictions">As many as <see cref="CountOf"/> says.</param>
    internal static void Predict(in Neighbours own, in Neighbours near, in Neighbours far, int edge,
        Span<int> predictions) // spec 13.4-4
    {
        if (!near.Exists)
        {
            PredictAlone(own, edge, predictions);
            return;
        }

        predictions[0] = 8 * Median(own.W, own.N, own.NW);
        predictions[1] = Gradient(own, edge);
        predictions[2] = 8 * (own.W + own.N - own.NW);
        Neighbours difference = own.Less(near);
        int here = 8 * near.Here;
        predictions[3] = here + (8 * difference.W);
        predictions[4] = here + (8 * difference.N);
        predictions[5] = here + (8 * Median(difference.W, difference.N, difference.NW));
        predictions[6] = here + Gradient(difference, edge);
        predictions[7] = here + (4 * (difference.W + difference.NE));
        predictions[8] = here + (2 * (difference.W + difference.N + difference.NW + difference.NE));
        predictions[9] = here + (8 * ((2 * difference.N) - difference.NN));
        predictions[10] = here + (8 * ((2 * difference.W) - difference.WW));
        int stepW = near.Here - near.W;
        int stepN = near.Here - near.N;
        predictions[11] = (8 * own.W) + (4 * stepW);
        predictions[12] = (8 * own.N) + (4 * stepN);
        predictions[13] = (8 * (own.W + own.N - own.NW)) + (4 * (near.Here - (near.W + near.N - near.NW)));
        predictions[14] = (4 * (own.W + own.N)) + (4 * (stepW + stepN));
        if (!far.Exists)
        {
            return;
        }

        difference = own.Less(far);
        here = 8 * far.Here;
        predictions[15] = here + (8 * difference.W);
        predictions[16] = here + (8 * difference.N);
        predictions[17] = here + (8 * Median(difference.W, difference.N, difference.NW));
        predictions[18] = here + Gradient(difference, edge);
        int farW = far.Here - far.W;
        int farN = far.Here - far.N;
        predictions[19] = (8 * own.W) + (4 * (stepW + farW));
        predictions[20] = (8 * own.N) + (4 * (stepN + farN));
        predictions[21] = (4 * (own.W + own.N)) + (2 * (stepW + stepN + farW + farN));
    }

    private static void PredictAlone(in Neighbours own, int edge, Span<int> predictions)
    {
        predictions[0] = 8 * own.W;
        predictions[1] = 8 * own.N;
        predictions[2] = 8 * Median(own.W, own.N, own.NW);
        predictions[3] = 4 * (own.W + own.NE);
        predictions[4] = Gradient(own, edge);
        predictions[5] = 8 * (own.W + own.NE - own.N);
        predictions[6] = 8 * (own.N + own.NE - own.NNE);
        predictions[7] = 8 * ((2 * own.N) - own.NN);
        predictions[8] = 8 * ((2 * own.W) - own.WW);
        predictions[9] = 8 * (own.W + own.N - own.NW);
        predictions[10] = 8 * (own.N + own.NW - own.NNW);
        predictions[11] = 2 * ((3 * (own.W + own.N)) - own.NN - own.WW);
        predictions[12] = 4 * (own.W + own.NEE);
        predictions[13] = 8 * (own.W + own.NW - own.NWW);
    }

    // MED: the plane through three neighbours, kept between W and N.
    private static int Median(int w, int n, int nw) => Math.Clamp(w + n - nw, Math.Min(w, n), Math.Max(w, n));

    // GAP: leans to W or N the more, the more the gradients say that an edge lies between.
    private static int Gradient(in Neighbours at, int edge)
    {
        int across = Math.Abs(at.W - at.WW) + Math.Abs(at.N - at.NW) + Math.Abs(at.N - at.NE);
        int down = Math.Abs(at.W - at.NW) + Math.Abs(at.N - at.NN) + Math.Abs(at.NE - at.NNE);
        int lean = down - across;
        int smooth = 2 * ((2 * at.W) + (2 * at.N) + at.NE - at.NW);
        int towards = 8 * (lean > 0 ? at.W : at.N);
        return (Math.Abs(lean) / edge) switch
        {
            > 80 => towards,
            > 32 => (smooth + towards) >> 1,
            > 8 => ((3 * smooth) + towards) >> 2,
            _ => smooth,
        };
    }
}
