namespace LinkCodec.Models.Language.Running;

/// <summary>Rows of tokens that a <see cref="LanguageNetwork"/> has read, as keys and values. Not thread-safe, but rows of one that nobody changes may be copied by many at once.</summary>
internal abstract class LanguageCache : IDisposable
{
    /// <summary>Rows.</summary>
    public abstract int Rows { get; }

    /// <summary>Tokens that a row holds.</summary>
    public abstract int Length(int row);

    /// <summary>Keeps the first <paramref name="length"/> tokens of a row and forgets the others.</summary>
    public abstract void Truncate(int row, int length);

    /// <summary>Makes a row equal to another one, of this cache or of another cache of the same network.</summary>
    public abstract void CopyRow(LanguageCache source, int from, int to);

    /// <summary>Reads tokens into one row, all at once.</summary>
    /// <param name="row">The row; it has room for them in the window.</param>
    /// <param name="tokens">One or more, each below the vocabulary.</param>
    /// <param name="wanted">Of how many of the last positions the logits are wanted, 1 to <c>tokens.Length</c>.</param>
    /// <returns>Row after row of vocabulary logits, the last position's last; valid until the cache's next call.</returns>
    public abstract ReadOnlySpan<float> Append(int row, ReadOnlySpan<int> tokens, int wanted);

    /// <summary>Reads one token into each of the rows 0 to <c>tokens.Length - 1</c>.</summary>
    /// <param name="tokens">Below the vocabulary, or -1 to leave a row as it is: its logits mean nothing.</param>
    /// <returns>Row after row of vocabulary logits; valid until the cache's next call.</returns>
    public abstract ReadOnlySpan<float> Step(ReadOnlySpan<int> tokens);

    /// <inheritdoc/>
    public abstract void Dispose();
}
