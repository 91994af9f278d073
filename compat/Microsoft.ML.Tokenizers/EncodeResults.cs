namespace Microsoft.ML.Tokenizers;

/// <summary>What encoding gives.</summary>
public struct EncodeResults<T>
{
    public IReadOnlyList<T> Tokens { get; set; }

    public string? NormalizedText { get; set; }

    public int CharsConsumed { get; set; }
}
