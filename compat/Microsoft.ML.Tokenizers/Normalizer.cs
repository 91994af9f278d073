namespace Microsoft.ML.Tokenizers;

/// <summary>Changes a text before it is encoded.</summary>
public abstract class Normalizer
{
    public abstract string Normalize(string original);

    public abstract string Normalize(ReadOnlySpan<char> original);
}
