namespace LinkCodec.Core.Media;

/// <summary>A linear predictor whose weights suit the recent past best: sums of products fade with time.</summary>
internal sealed class FadingRegression
{
    private readonly int _fade;
    private readonly int _ridge;
    private readonly LeastSquares _squares;
    private readonly double[] _sums;
    private readonly double[] _none;
    private readonly int[] _inputs;

    /// <summary>A predictor.</summary>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="fade">What is left of a sum one sample later, in 65,536ths.</param>
    /// <param name="ridge">What is added to the diagonal.</param>
    internal FadingRegression(int inputs, int fade, int ridge)
    {
        (_fade, _ridge) = (fade, ridge);
        _squares = new LeastSquares(inputs);
        _sums = new double[_squares.SumLength];
        _none = new double[_sums.Length];
        _inputs = new int[inputs];
    }

    /// <summary>The inputs of the next prediction; set before <see cref="Predict"/>.</summary>
    internal Span<int> Inputs => _inputs;

    /// <summary>The prediction, <paramref name="scale"/> times finer than the inputs, within
    /// +-<paramref name="most"/>.</summary>
    internal int Predict(int scale, int most) => _squares.Predict(_inputs, scale, -most, most);

    /// <summary>Learns from what came.</summary>
    internal void Learn(int value) // spec 13.5-2
    {
        _squares.Load(_inputs, value);
        LeastSquares.Decay(_sums, _fade);
        _squares.Add(_sums);
        _squares.Solve(_sums, _none, _ridge);
    }
}
