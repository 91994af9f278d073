using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Fuzz.Targets;

/// <summary>
/// Files of tokens: refused with a reason, or written again with the same bytes and good for a round trip.
/// </summary>
internal static class TokenFileFuzz
{
    public static void Run(ReadOnlySpan<byte> data)
    {
        TokenTable table;
        try
        {
            table = TokenizerFile.Read(data, "fuzz");
        }
        catch (LinkException)
        {
            return;
        }

        Require(TokenizerFile.Write(table).AsSpan().SequenceEqual(data), "a second spelling");
        RoundTrip(table, data);
    }

    /// <summary>Whether a message comes back from the tokens of a table.</summary>
    internal static void RoundTrip(TokenTable table, ReadOnlySpan<byte> message)
    {
        BytePairTokenizer codec = new(table);
        List<int> tokens = [];
        codec.Encode(message, tokens);
        foreach (int token in tokens)
        {
            ReadOnlySpan<byte> bytes = codec.Bytes(token);
            Require(!bytes.IsEmpty && message.StartsWith(bytes), "another message");
            message = message[bytes.Length..];
        }

        Require(message.IsEmpty, "a shorter message");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
