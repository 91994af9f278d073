namespace LinkCodec.Models.Language.Tokenization;

/// <summary>Bytes to tokens and back, without loss for any bytes. Immutable; safe from many threads.</summary>
/// <remarks>
/// A receiver joins the bytes of the tokens that it decodes; but what a context absorbs is cut at both ends, so
/// <see cref="Encode"/> gives the same tokens on every machine (spec 11.2-1).
/// </remarks>
internal interface ITokenizer
{
    /// <summary>Tokens: ids are 0 to this, exclusive.</summary>
    int Count { get; }

    /// <summary>The token that stands before a message; it spells nothing.</summary>
    int BeginToken { get; }

    /// <summary>The bytes that a token, or <c>~b</c> for a byte b, stands for; none for control tokens.</summary>
    ReadOnlySpan<byte> Bytes(int token);

    /// <summary>
    /// Appends tokens whose bytes, joined, are the message: ids of tokens that have bytes, and <c>~b</c> for a byte b
    /// that no token spells.
    /// </summary>
    void Encode(ReadOnlySpan<byte> message, List<int> tokens);
}
