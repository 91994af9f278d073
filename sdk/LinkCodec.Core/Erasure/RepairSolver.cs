using System.Buffers.Binary;
using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Erasure;

/// <summary>Computes lost segments from repairs: solves the linear equations that the repairs are, as they
/// come.</summary>
/// <remarks>
/// Equations are kept in reduced row echelon form: each has a pivot, an unknown segment that no other holds. One whose
/// only unknown is its pivot is solved. At most 2,048 unknown segments and 8 MiB of equations are held; a repair beyond
/// that is left out. A repair costs a pass over the segments that enter it, and one over the equations.
/// </remarks>
internal sealed class RepairSolver
{
    private const int MaxUnknown = FrameLimits.MaxEquations;
    private const long MaxBytes = 8 << 20;

    private readonly SourceWindow _window = new();
    private readonly List<Equation> _equations = [];
    private readonly Dictionary<ulong, int> _columns = [];
    private readonly Stack<int> _freeColumns = new();
    private readonly Queue<(ulong Counter, ReadOnlyMemory<byte> Plaintext)> _recovered = new();

    // The unknown segment of each column; null where the column is free.
    private ulong?[] _counters = [];

    /// <summary>Whether a repair was none: then the peer breaks the protocol.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Equations held, and unknown segments in them: the difference is what is still to be learned to know
    /// them all.</summary>
    public (int Equations, int Unknown) Held => (_equations.Count, _columns.Count);

    /// <summary>Whether a segment is unknown that repairs still reach.</summary>
    public bool MayMend => _window.Unknown > 0;

    /// <summary>Bytes of the segments and equations held.</summary>
    public long Bytes => _window.Bytes + EquationBytes;

    private long EquationBytes => _equations.Sum(equation => equation.Bytes);

    /// <summary>Takes a segment that was opened, or is known in another way.</summary>
    /// <param name="counter">Its counter.</param>
    /// <param name="plaintext">What enters repairs of it; must not change.</param>
    public void OnSegment(ulong counter, ReadOnlyMemory<byte> plaintext)
    {
        _window.Add(counter, plaintext);
        Settle(counter, plaintext.Span);
    }

    /// <summary>Takes a repair.</summary>
    /// <param name="counter">The counter of its segment, at least as high as it reaches back.</param>
    /// <param name="repair">The repair; its symbol is not kept.</param>
    public void OnRepair(ulong counter, in RepairFrame repair)
    {
        _window.Reach(2 * repair.Reach); // spec 15.3-1: the next one may reach further.
        OnRepairAt(counter);
        foreach (byte back in (ReadOnlySpan<byte>)[repair.BackToLast, repair.BackToLastButOne])
        {
            if (back > 0 && back <= counter)
            {
                OnRepairAt(counter - back); // spec 15.2-4
            }
        }

        Span<byte> coefficients = stackalloc byte[repair.Reach];
        CodingCoefficients.Draw(coefficients, counter);
        ulong first = counter - (ulong)repair.Reach;
        if (IsUseful(first, coefficients) && ToEquation(first, coefficients, repair.Symbol) is { } equation)
        {
            Insert(equation);
            TakeSolved();
        }
    }

    /// <summary>Takes a segment that was computed; false where there is none.</summary>
    public bool TryTake(out ulong counter, out ReadOnlyMemory<byte> plaintext)
    {
        bool any = _recovered.TryDequeue(out (ulong Counter, ReadOnlyMemory<byte> Plaintext) recovered);
        (counter, plaintext) = recovered;
        return any;
    }

    private void OnRepairAt(ulong counter)
    {
        if (_window.IsUnknown(counter))
        {
            _window.AddRepair(counter);
            Settle(counter, default); // What is no source has coefficients, but adds nothing.
        }
    }

    // An unknown segment became known: it leaves the equations.
    private void Settle(ulong counter, ReadOnlySpan<byte> plaintext)
    {
        Expire();
        if (!_columns.TryGetValue(counter, out int column))
        {
            return;
        }

        Equation? orphan = null;
        foreach (Equation equation in _equations)
        {
            byte factor = equation.Coefficients[column];
            if (factor != 0)
            {
                equation.Grow(plaintext.Length + RepairLimits.SymbolHeader);
                SourceWindow.AddProduct(equation.Symbol, plaintext, factor);
                equation.Coefficients[column] = 0;
                orphan = equation.Pivot == column ? equation : orphan;
            }
        }

        Free(column);
        if (orphan is not null)
        {
            _equations.Remove(orphan);
            Insert(orphan);
        }

        TakeSolved();
    }

    // A repair is of use when something unknown enters it, and nothing that is out of reach.
    private bool IsUseful(ulong first, ReadOnlySpan<byte> coefficients)
    {
        bool any = false;
        int unknown = _columns.Count;
        for (int i = 0; i < coefficients.Length; i++)
        {
            ulong counter = first + (ulong)i;
            if (coefficients[i] == 0)
            {
                continue;
            }

            if (counter < _window.First)
            {
                return false;
            }

            if (_window.IsUnknown(counter))
            {
                any = true;
                unknown += _columns.ContainsKey(counter) ? 0 : 1;
            }
        }

        return any && unknown <= MaxUnknown && EquationBytes < MaxBytes;
    }

    private Equation? ToEquation(ulong first, ReadOnlySpan<byte> coefficients, ReadOnlyMemory<byte> symbol)
    {
        Equation equation = new(symbol.ToArray(), _counters.Length);
        for (int i = 0; i < coefficients.Length; i++)
        {
            ulong counter = first + (ulong)i;
            if (coefficients[i] == 0)
            {
                continue;
            }

            if (_window.TryGet(counter, out ReadOnlySpan<byte> plaintext))
            {
                if (plaintext.Length + RepairLimits.SymbolHeader > symbol.Length)
                {
                    IsBroken = true; // spec 15.2-2
                    return null;
                }

                SourceWindow.AddProduct(equation.Symbol, plaintext, coefficients[i]);
            }
            else if (_window.IsUnknown(counter))
            {
                int column = ColumnOf(counter);
                equation.Widen(_counters.Length);
                equation.Coefficients[column] = coefficients[i];
            }
        }

        return equation;
    }

    private void Insert(Equation equation)
    {
        equation.Widen(_counters.Length);
        foreach (Equation other in _equations)
        {
            equation.Add(other, equation.Coefficients[other.Pivot]);
        }

        int pivot = equation.Coefficients.AsSpan().IndexOfAnyExcept((byte)0);
        if (pivot >= 0)
        {
            MakePivot(equation, pivot);
            _equations.Add(equation);
        }
    }

    // Makes the equation the only one that holds the column.
    private void MakePivot(Equation equation, int column)
    {
        equation.Scale(GaloisField.Invert(equation.Coefficients[column]));
        equation.Pivot = column;
        foreach (Equation other in _equations)
        {
            if (other != equation)
            {
                other.Add(equation, other.Coefficients[column]);
            }
        }
    }

    private void TakeSolved()
    {
        for (int i = _equations.Count - 1; i >= 0; i--)
        {
            Equation equation = _equations[i];
            if (equation.IsSolved)
            {
                ulong counter = _counters[equation.Pivot]!.Value;
                _equations.RemoveAt(i);
                Free(equation.Pivot);
                Take(counter, equation.Symbol);
            }
        }
    }

    private void Take(ulong counter, ReadOnlyMemory<byte> symbol)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(symbol.Span);
        ReadOnlyMemory<byte> rest = symbol[RepairLimits.SymbolHeader..];
        if (length > rest.Length || rest.Span[length..].ContainsAnyExcept((byte)0))
        {
            IsBroken = true; // spec 15.3-3
        }
        else if (length == 0)
        {
            _window.AddRepair(counter); // It was a repair itself, or held nothing.
        }
        else
        {
            _window.Add(counter, rest[..length]);
            _recovered.Enqueue((counter, rest[..length]));
        }
    }

    // Unknown segments that are out of reach stay unknown: one equation is given up for each.
    private void Expire()
    {
        for (int column = 0; _columns.Count > 0 && column < _counters.Length; column++)
        {
            if (_counters[column] >= _window.First || _counters[column] is null)
            {
                continue;
            }

            Equation? holder = _equations.Find(equation => equation.Coefficients[column] != 0);
            if (holder is not null)
            {
                MakePivot(holder, column);
                _equations.Remove(holder);
            }

            Free(column);
        }
    }

    private int ColumnOf(ulong counter)
    {
        if (_columns.TryGetValue(counter, out int column))
        {
            return column;
        }

        if (_freeColumns.Count == 0)
        {
            Widen();
        }

        column = _freeColumns.Pop();
        _columns[counter] = column;
        _counters[column] = counter;
        return column;
    }

    private void Free(int column)
    {
        _columns.Remove(_counters[column]!.Value);
        _counters[column] = null;
        _freeColumns.Push(column);
    }

    private void Widen()
    {
        int before = _counters.Length;
        Array.Resize(ref _counters, Math.Max(32, 2 * before));
        for (int column = _counters.Length - 1; column >= before; column--)
        {
            _freeColumns.Push(column);
        }

        foreach (Equation equation in _equations)
        {
            equation.Widen(_counters.Length);
        }
    }
}
