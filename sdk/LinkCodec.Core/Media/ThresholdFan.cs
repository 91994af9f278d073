namespace LinkCodec.Core.Media;

/// <summary>
/// The decisions on a sample of a channel: first on the prediction, then on thresholds that fan out from it until one
/// side is known, then halvings of what is left.
/// </summary>
/// <param name="best">The prediction, in 64ths.</param>
/// <param name="error">Its mean error, in 64ths.</param>
/// <param name="least">The least value of a sample.</param>
/// <param name="end">The value behind the largest.</param>
internal ref struct ThresholdFan(int best, long error, int least, int end)
{
    // Kinds of decisions: the first; on each distance above and below; halvings.
    private const int Above = 1;
    private const int Below = 8;
    private const int Halving = 15;

    private readonly long _error = Math.Max(1, error);
    private readonly int _centre = Math.Clamp((best + (1 << (ChannelPredictor.FractionBits - 1)))
        >> ChannelPredictor.FractionBits, least + 1, end - 1);

    private int _step = -1; // of the distances; their number once one side is known
    private bool _isAbove;
    private int _halvings;

    // Distances of the thresholds in 16ths of the mean error.
    private static ReadOnlySpan<byte> Distances => [8, 16, 27, 42, 64, 112, 224];

    /// <summary>The next decision.</summary>
    /// <param name="low">The least value that the sample can still have.</param>
    /// <param name="high">The value behind the largest.</param>
    /// <param name="threshold">The decision is whether the sample is at least this.</param>
    /// <param name="kind">Its kind.</param>
    /// <returns>False where the sample is known.</returns>
    internal bool TryNext(int low, int high, out int threshold, out int kind) // spec 13.5-8
    {
        if (_step < 0)
        {
            (threshold, kind) = (_centre, 0);
            return true;
        }

        if (_step < Distances.Length)
        {
            int distance = (int)Math.Max(_step + 1, (Distances[_step] * _error) >> (ChannelPredictor.FractionBits + 4));
            threshold = _isAbove ? _centre + distance : _centre - distance;
            kind = (_isAbove ? Above : Below) + _step;
            if (threshold > low && threshold < high)
            {
                return true;
            }

            _step = Distances.Length;
        }

        threshold = (low + high) >> 1;
        kind = Halving + Math.Min(_halvings++, ChannelCoder.Kinds - Halving - 1);
        return high - low > 1;
    }

    /// <summary>Takes the answer to the last decision.</summary>
    internal void Take(bool isAtLeast)
    {
        if (_step < 0)
        {
            (_step, _isAbove) = (0, isAtLeast);
        }
        else if (_step < Distances.Length)
        {
            _step = isAtLeast == _isAbove ? _step + 1 : Distances.Length;
        }
    }
}
