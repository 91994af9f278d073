namespace LinkCodec.Core.Media;

/// <summary>
/// A linear predictor of a sample from its neighbours, whose weights suit the samples near by best: sums of products
/// fade with the distance above, to the left, and to the right in the rows above.
/// </summary>
/// <remarks>Memory: two sums of products for each column, 3 KB each for 26 inputs.</remarks>
internal sealed class LocalRegression
{
    private readonly int _width;
    private readonly int _fadeAcross;
    private readonly int _fadeDown;
    private readonly int _ridge;
    private readonly LeastSquares _squares;
    private readonly double[] _above; // of each column, all rows above
    private readonly double[] _around; // the same, with the columns to both sides
    private readonly double[] _row; // of this row, up to here
    private readonly int[] _inputs;

    /// <summary>A predictor for planes of a width.</summary>
    /// <param name="inputs">The number of neighbours.</param>
    /// <param name="width">The width of the plane.</param>
    /// <param name="fadeAcross">What is left of a sum one column further, in 65,536ths.</param>
    /// <param name="fadeDown">What is left of a sum one row further, in 65,536ths.</param>
    /// <param name="ridge">What is added to the diagonal.</param>
    internal LocalRegression(int inputs, int width, int fadeAcross, int fadeDown, int ridge)
    {
        (_width, _fadeAcross, _fadeDown, _ridge) = (width, fadeAcross, fadeDown, ridge);
        _squares = new LeastSquares(inputs);
        _above = new double[width * _squares.SumLength];
        _around = new double[_above.Length];
        _row = new double[_squares.SumLength];
        _inputs = new int[inputs];
    }

    /// <summary>The neighbours of the next sample; set before <see cref="Predict"/>.</summary>
    internal Span<int> Inputs => _inputs;

    /// <summary>Forgets the samples of a plane.</summary>
    /// <param name="kept">What stays of the sums, in 65,536ths; 0 for nothing.</param>
    internal void Reset(int kept = 0)
    {
        if (kept == 0)
        {
            Array.Clear(_above);
        }
        else
        {
            LeastSquares.Decay(_above, kept);
        }
    }

    /// <summary>Starts a row.</summary>
    internal void StartRow() // spec 13.4-5
    {
        int length = _row.Length;
        Array.Clear(_row);
        for (int x = 0; x < _width; x++)
        {
            int at = x * length;
            LeastSquares.RunForward(_row, _above.AsSpan(at, length), _around.AsSpan(at, length), _fadeAcross);
        }

        Array.Clear(_row);
        for (int x = _width - 1; x >= 0; x--)
        {
            int at = x * length;
            LeastSquares.RunBack(_row, _above.AsSpan(at, length), _around.AsSpan(at, length), _fadeAcross);
        }

        Array.Clear(_row);
        LeastSquares.Decay(_above, _fadeDown);
    }

    /// <summary>The prediction in eighths, 0 to <paramref name="most"/>.</summary>
    internal int Predict(int x, int most)
    {
        _squares.Solve(_around.AsSpan(x * _row.Length, _row.Length), _row, _ridge);
        return _squares.Predict(_inputs, 8, 0, most);
    }

    /// <summary>Learns from the sample that came.</summary>
    internal void Learn(int x, int value)
    {
        _squares.Load(_inputs, value);
        LeastSquares.Decay(_row, _fadeAcross);
        _squares.Add(_row);
        _squares.Add(_above.AsSpan(x * _row.Length, _row.Length));
    }
}
