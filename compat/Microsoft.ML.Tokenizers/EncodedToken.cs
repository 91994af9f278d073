namespace Microsoft.ML.Tokenizers;

/// <summary>A token: its id, its text in the vocabulary, and which characters of the encoded text it covers.</summary>
public readonly struct EncodedToken
{
    public EncodedToken(int id, string value, Range offset)
    {
        Id = id;
        Value = value;
        Offset = offset;
    }

    public int Id { get; }

    public string Value { get; }

    public Range Offset { get; }
}
