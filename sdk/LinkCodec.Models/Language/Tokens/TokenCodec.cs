namespace LinkCodec.Models.Language.Tokens;

/// <summary>Bytes to tokens and back, without loss for any bytes. Immutable; safe from many threads.</summary>
/// <remarks>
/// Encoding need not be the same everywhere: the decoder joins the bytes of the tokens that it is told. A token below zero is an escape: <c>~b</c> (that is, -1-b) is the single
/// byte b, which no token of the vocabulary spells.
/// </remarks>
internal sealed class TokenCodec(TokenTable table)
{
    private static readonly byte[] Single = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    /// <summary>Tokens: ids are 0 to this, exclusive.</summary>
    internal int Count => table.Count;

    /// <summary>The token that stands before a message.</summary>
    internal int BeginToken => table.BeginToken;

    /// <summary>The bytes that a token or an escape stands for; none for control tokens, which the encoder never gives.</summary>
    internal ReadOnlySpan<byte> Bytes(int token) => token < 0 ? Single.AsSpan(~token, 1) : table.Of(token);

    /// <summary>Whether a token's bytes begin with a line feed or a carriage return.</summary>
    internal bool EndsLine(int token) => Bytes(token) is [(byte)'\n' or (byte)'\r', ..];

    /// <summary>Appends the tokens and escapes whose bytes, joined, are exactly the message.</summary>
    internal void Encode(ReadOnlySpan<byte> message, List<int> tokens)
    {
        foreach (byte value in message)
        {
            tokens.Add(~value);
        }
    }
}
