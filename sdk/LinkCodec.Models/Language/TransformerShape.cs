namespace LinkCodec.Models.Language;

/// <summary>
/// The form of a causal transformer, after the import has made every family alike: RMS norms whose gains are folded
/// away, one matrix for query, key and value.
/// </summary>
/// <remarks>
/// Rows are residual vectors of <see cref="Width"/> numbers; the stream was rotated by an orthogonal matrix at import.
/// </remarks>
internal sealed record TransformerShape
{
    /// <summary>Numbers of a residual row.</summary>
    public required int Width { get; init; }

    /// <summary>Blocks of attention and feed-forward.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads: a multiple of <see cref="KeyValueHeads"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Numbers of a head; even.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Numbers between the two matrices of the feed-forward block.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Tokens of the vocabulary, 2 to 2^18.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Positions that a cache holds at most.</summary>
    public required int Window { get; init; }

    /// <summary>Whether the feed-forward block has a gate (Llama) or one matrix in (GPT-2).</summary>
    public required bool IsGated { get; init; }

    /// <summary>
    /// Whether positions rotate queries and keys (tables rope.cos, rope.sin); otherwise rows of position.* are added to
    /// the embedding.
    /// </summary>
    public required bool HasRotaryEmbedding { get; init; }

    /// <summary>
    /// Whether qkv, o, in and down have biases (as tensors ".b"); a family with some has zeros for the others.
    /// </summary>
    public required bool HasBias { get; init; }

    /// <summary>
    /// Whether each head's query and key are normalised before they are rotated (Qwen3: tensors q_norm, k_norm).
    /// </summary>
    public required bool HasQueryKeyNorm { get; init; }

    /// <summary>Added to the mean square of a row by its RMS norm.</summary>
    public required double Epsilon { get; init; }

    /// <summary>
    /// Lowest input of the activation's table (tensor "activation"), whose steps are 1/64; symmetric.
    /// </summary>
    public double ActivationRange { get; init; } = 12;
}
