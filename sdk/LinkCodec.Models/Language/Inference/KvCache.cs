namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// Rows of tokens that a <see cref="Transformer"/> has read, as keys and values. Not thread-safe, but rows of one that
/// nobody changes may be copied by many at once.
/// </summary>
internal abstract class KvCache : IDisposable
{
    /// <summary>The number of rows.</summary>
    public abstract int Rows { get; }

    /// <summary>
    /// The logits that the last <see cref="Append"/> or <see cref="Step"/> gave; valid until the next one.
    /// </summary>
    public abstract ReadOnlySpan<float> Logits { get; }

    /// <summary>Tokens that a row holds.</summary>
    public abstract int Length(int row);

    /// <summary>Keeps the first <paramref name="length"/> tokens of a row and forgets the others.</summary>
    public abstract void Truncate(int row, int length);

    /// <summary>Makes a row equal to another one, of this cache or of another cache of the same network.</summary>
    /// <param name="source">The cache that holds the other row.</param>
    /// <param name="from">The other row.</param>
    /// <param name="to">The row here.</param>
    /// <param name="known">The number of tokens at their beginning that are the same in both: these are not
    /// copied.</param>
    public abstract void CopyRow(KvCache source, int from, int to, int known = 0);

    /// <summary>Reads tokens into one row, all at once.</summary>
    /// <param name="row">The row; it has room for them in the window.</param>
    /// <param name="tokens">The tokens, one or more, each below the vocabulary.</param>
    /// <param name="wanted">The number of the last positions whose logits are wanted, 1 to
    /// <c>tokens.Length</c>.</param>
    /// <returns>Row after row of vocabulary logits, the last position's last; valid until the cache's next
    /// call.</returns>
    public abstract ReadOnlySpan<float> Append(int row, ReadOnlySpan<int> tokens, int wanted);

    /// <summary>Reads one token into each of the rows 0 to <c>tokens.Length - 1</c>.</summary>
    /// <param name="tokens">Below the vocabulary, or -1 to leave a row as it is: its logits mean nothing.</param>
    /// <returns>Row after row of vocabulary logits; valid until the cache's next call.</returns>
    public abstract ReadOnlySpan<float> Step(ReadOnlySpan<int> tokens);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Refuses what <see cref="Append"/> does not take.</summary>
    /// <exception cref="ArgumentException">There is no such row or token, no room in the window, or logits are wanted
    /// of more positions than there are tokens, or of none.</exception>
    protected void CheckAppend(int row, ReadOnlySpan<int> tokens, int wanted, int vocabulary, int window)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, tokens.Length);
        CheckTokens(tokens, 0, vocabulary);
        if (tokens.Length > window - Length(row))
        {
            throw new ArgumentException(
                $"A row of {Length(row)} tokens has no room for {tokens.Length} more in a window of {window}.",
                nameof(tokens));
        }
    }

    /// <summary>Refuses what <see cref="Step"/> does not take.</summary>
    /// <returns>Tokens of the longest row that is stepped, once it is; 0 where none is.</returns>
    /// <exception cref="ArgumentException">More tokens than rows, none, no such token, or a row that is
    /// full.</exception>
    protected int CheckStep(ReadOnlySpan<int> tokens, int vocabulary, int window)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tokens.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Length, Rows);
        CheckTokens(tokens, -1, vocabulary);
        int longest = 0;
        for (int row = 0; row < tokens.Length; row++)
        {
            longest = tokens[row] >= 0 ? Math.Max(longest, Length(row) + 1) : longest;
        }

        return longest <= window
            ? longest
            : throw new ArgumentException($"A row is full: the window has {window} positions.", nameof(tokens));
    }

    private static void CheckTokens(ReadOnlySpan<int> tokens, int least, int vocabulary)
    {
        foreach (int token in tokens)
        {
            if (token < least || token >= vocabulary)
            {
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"Tokens are below {vocabulary}.");
            }
        }
    }
}
