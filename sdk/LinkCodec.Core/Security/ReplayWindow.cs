namespace LinkCodec.Core.Security;

/// <summary>
/// A memory of the counters that were opened: a bitmap that slides with the highest one. Not thread-safe.
/// </summary>
/// <remarks>
/// Spec: protocol-spec/03-segments.md, section 3.4. Source: RFC 6479. Constant memory (about 1 KiB) and cost.
/// </remarks>
internal sealed class ReplayWindow
{
    /// <summary>
    /// The number of counters, the highest included, that are remembered one by one; older ones count as opened.
    /// </summary>
    internal const int Size = 8192;

    // One word more than the window, so that the word that is being filled never holds counters that still count.
    private const int Words = (Size / 64) + 1;
    private readonly ulong[] _words = new ulong[Words];
    private readonly ulong _first;
    private ulong _next;

    /// <summary>
    /// A window that takes every counter from <paramref name="first"/> on as not opened, and every one before as
    /// opened.
    /// </summary>
    internal ReplayWindow(ulong first = 0) => _first = _next = first;

    /// <summary>One more than the highest counter opened; the first counter before any was.</summary>
    internal ulong Next => _next;

    /// <summary>The highest counter opened, or null.</summary>
    internal ulong? Highest => _next == _first ? null : _next - 1;

    /// <summary>
    /// Whether <paramref name="counter"/> may still be opened: it was not, and it is not too old to tell.
    /// </summary>
    internal bool IsNew(ulong counter) => counter >= _next || (IsRemembered(counter) && !Bit(counter));

    /// <summary>Whether <paramref name="counter"/> was opened, as far as the window remembers.</summary>
    internal bool WasOpened(ulong counter) => counter < _next && IsRemembered(counter) && Bit(counter);

    /// <summary>Marks a counter as opened, once its segment was found authentic.</summary>
    internal void Accept(ulong counter)
    {
        if (counter >= _next)
        {
            ulong from = _next == 0 ? 0 : ((_next - 1) / 64) + 1;
            ulong to = counter / 64;
            if (to >= from + Words)
            {
                Array.Clear(_words);
            }
            else
            {
                for (ulong word = from; word <= to; word++)
                {
                    _words[word % Words] = 0;
                }
            }

            _next = counter + 1;
        }

        _words[counter / 64 % Words] |= 1UL << (int)(counter % 64);
    }

    private bool IsRemembered(ulong counter) => counter >= _first && _next - counter <= Size;

    private bool Bit(ulong counter) => (_words[counter / 64 % Words] >> (int)(counter % 64) & 1) != 0;
}
