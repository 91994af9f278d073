using LinkCodec.Core.Framing;

namespace LinkCodec.Core.Erasure;

/// <summary>Makes repairs of the segments that a sender has sent: linear combinations of their plaintexts, from which a
/// receiver computes those that were lost (RFC 8681, in the terms of segments).</summary>
internal sealed class RepairMaker
{
    private readonly SourceWindow _window = new();

    // The counters of the last two repairs, plus one; 0 without.
    private ulong _last;
    private ulong _lastButOne;

    /// <summary>Notes a segment that was sent and is no repair.</summary>
    /// <param name="counter">Its counter.</param>
    /// <param name="plaintext">Its plaintext, which must not change.</param>
    public void Add(ulong counter, ReadOnlyMemory<byte> plaintext) => _window.Add(counter, plaintext);

    /// <summary>Makes the repair of the segments from <paramref name="first"/> on, or of the last ones where that is
    /// further than repairs reach.</summary>
    /// <param name="counter">The counter of the repair, one more than that of the segment before it.</param>
    /// <param name="first">The first segment that should enter it.</param>
    /// <param name="maxSymbol">Bytes of the symbol at most.</param>
    /// <param name="repair">The repair; its symbol belongs to whoever takes it.</param>
    /// <returns>False where there is nothing to repair.</returns>
    public bool TryMake(ulong counter, ulong first, int maxSymbol, out RepairFrame repair)
    {
        repair = default;
        _window.Reach(2 * (int)Math.Min(counter - Math.Min(first, counter), RepairLimits.MaxReach));
        first = Math.Max(first, _window.First);
        int length = _window.SymbolLength(first);
        first = Math.Max(first, counter - Math.Min(counter, (ulong)RepairLimits.ReachFor(length)));
        if (first >= counter || length > maxSymbol)
        {
            return false;
        }

        Span<byte> coefficients = stackalloc byte[(int)(counter - first)];
        CodingCoefficients.Draw(coefficients, counter);
        byte[] symbol = new byte[length];
        bool any = false;
        for (int i = 0; i < coefficients.Length; i++)
        {
            if (coefficients[i] != 0 && _window.TryGet(first + (ulong)i, out ReadOnlySpan<byte> plaintext))
            {
                SourceWindow.AddProduct(symbol, plaintext, coefficients[i]);
                any = true;
            }
        }

        if (!any)
        {
            return false;
        }

        repair = new RepairFrame
        {
            Reach = coefficients.Length,
            BackToLast = Distance(counter, _last),
            BackToLastButOne = Distance(counter, _lastButOne),
            Symbol = symbol,
        };
        (_lastButOne, _last) = (_last, counter + 1);
        _window.AddRepair(counter);
        return true;
    }

    private static byte Distance(ulong counter, ulong next) =>
        next == 0 || counter + 1 - next > byte.MaxValue ? (byte)0 : (byte)(counter + 1 - next); // spec 15.2-4
}
