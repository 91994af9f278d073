namespace LinkCodec.Core.Erasure;

/// <summary>A linear equation over unknown segments: a coefficient for each column, and the symbol that their
/// combination is.</summary>
internal sealed class Equation(byte[] symbol, int columns)
{
    private byte[] _symbol = symbol;
    private byte[] _coefficients = new byte[columns];

    /// <summary>The coefficient of each column.</summary>
    public byte[] Coefficients => _coefficients;

    /// <summary>The combination of the unknown segments' symbols.</summary>
    public byte[] Symbol => _symbol;

    /// <summary>The column that no other equation holds.</summary>
    public int Pivot { get; set; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _symbol.Length + _coefficients.Length;

    /// <summary>Whether the pivot is the only unknown, so that the symbol is its own.</summary>
    public bool IsSolved =>
        _coefficients.AsSpan(0, Pivot).IndexOfAnyExcept((byte)0) < 0
        && _coefficients.AsSpan(Pivot + 1).IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Adds <paramref name="factor"/> times another equation, of as many columns.</summary>
    public void Add(Equation other, byte factor)
    {
        if (factor != 0)
        {
            Grow(other._symbol.Length);
            GaloisField.AddProduct(_symbol, other._symbol, factor);
            GaloisField.AddProduct(_coefficients, other._coefficients, factor);
        }
    }

    /// <summary>Multiplies both sides.</summary>
    public void Scale(byte factor)
    {
        GaloisField.Scale(_symbol, factor);
        GaloisField.Scale(_coefficients, factor);
    }

    /// <summary>Lengthens the symbol with zeros.</summary>
    public void Grow(int length)
    {
        if (length > _symbol.Length)
        {
            Array.Resize(ref _symbol, length);
        }
    }

    /// <summary>Adds columns that the equation does not hold.</summary>
    public void Widen(int columns)
    {
        if (columns > _coefficients.Length)
        {
            Array.Resize(ref _coefficients, columns);
        }
    }
}
