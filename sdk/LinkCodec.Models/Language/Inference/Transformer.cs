namespace LinkCodec.Models.Language.Inference;

/// <summary>
/// An exact causal transformer: the logits of a position depend on the tokens of its row up to it, and on nothing else,
/// to the last bit. spec 11.9-1
/// </summary>
/// <remarks>Thread-safe; its caches are not. What they may still do once it is disposed of is its own to say.</remarks>
internal abstract class Transformer : IDisposable
{
    /// <summary>Tokens of the vocabulary.</summary>
    public abstract int Vocabulary { get; }

    /// <summary>Positions that a row holds at most.</summary>
    public abstract int Window { get; }

    /// <summary>Makes empty rows of keys and values; memory is taken as they grow.</summary>
    public abstract KvCache CreateCache(int rows);

    /// <inheritdoc/>
    public abstract void Dispose();
}
