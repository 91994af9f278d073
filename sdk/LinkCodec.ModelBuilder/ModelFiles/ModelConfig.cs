namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>
/// The config of a model: enough to compute it, and nothing about its tokenizer. Every number was checked against
/// <see cref="ModelLimits"/>.
/// </summary>
internal sealed record ModelConfig
{
    /// <summary>
    /// "llama", "mistral", "qwen2", "qwen3" or "gpt2". GGUF calls Mistral "llama" as well, and SmolLM2 is a Llama.
    /// </summary>
    public required string Family { get; init; }

    /// <summary>Numbers of a residual row.</summary>
    public required int Width { get; init; }

    /// <summary>Blocks of attention and feed-forward.</summary>
    public required int Layers { get; init; }

    /// <summary>
    /// Query heads: a multiple of <see cref="KeyValueHeads"/>; those that share a key head are neighbours.
    /// </summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Numbers of a head. Not always <see cref="Width"/> / <see cref="Heads"/>.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Numbers between the two halves of the feed-forward block.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Rows of the embedding. Some models have more rows than tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Positions that the model was made for.</summary>
    public required int Context { get; init; }

    /// <summary>
    /// Base of the rotary embedding's frequencies: base^(-2i/HeadWidth); 0 where positions have an embedding instead.
    /// </summary>
    public required double RotaryBase { get; init; }

    /// <summary>
    /// Whether the rows of queries and keys (and their biases) lie in rotated pairs 0 1, 2 3, ...; otherwise row i of a
    /// head is rotated with row i + HeadWidth / 2.
    /// </summary>
    public required bool IsRotaryInterleaved { get; init; }

    /// <summary>The number that norms add to the mean square or the variance.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Whether the embedding is the output matrix as well; then there is no "output".</summary>
    public required bool IsTied { get; init; }

    /// <summary>Whether norms take off the mean and have biases (GPT-2); otherwise they are RMS norms.</summary>
    public required bool IsLayerNorm { get; init; }

    /// <summary>Whether the feed-forward block has a "gate".</summary>
    public required bool IsGated { get; init; }

    /// <summary>Whether each head's query and key are normalised before they are rotated (Qwen3).</summary>
    public required bool HasQueryKeyNorm { get; init; }

    /// <summary>Whether q, k, v must have biases.</summary>
    public required bool HasAttentionBias { get; init; }

    /// <summary>Between the two halves of the feed-forward block.</summary>
    public required Activation Activation { get; init; }
}
