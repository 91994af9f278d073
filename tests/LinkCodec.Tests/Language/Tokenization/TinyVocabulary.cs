using System.Text;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Tests.Language.Tokenization;

/// <summary>
/// Small vocabularies of both families: single bytes or characters, and words that merge from the left.
/// </summary>
internal static class TinyVocabulary
{
    internal const string Control = "<|endoftext|>";
    internal const string User = "<tag>";

    private static readonly string[] Words = [" the", " a", "hello", " world", "    ", "\n\n", "\r\n", "日本", "éé", "🚀",
        "123", "aaaa"];

    /// <summary>Token 0 is a control token, 1 is taken whole, then come the bytes that are not missing.</summary>
    internal static VocabularyData ByteLevel(params byte[] missing)
    {
        List<string> tokens = [Control, User];
        List<(string, string)> merges = [];
        tokens.AddRange(Enumerable.Range(0, 256).Select(value => (byte)value).Except(missing)
            .Select(value => ByteLevelAlphabet.Write([value])));
        foreach (byte[] bytes in Words.Select(Encoding.UTF8.GetBytes).Where(bytes => !bytes.Intersect(missing).Any()))
        {
            for (int i = 1; i < bytes.Length; i++)
            {
                Merge(ByteLevelAlphabet.Write(bytes.AsSpan(0, i)), ByteLevelAlphabet.Write(bytes.AsSpan(i, 1)),
                    tokens, merges);
            }
        }

        return new VocabularyData
        {
            Name = "tiny",
            Family = TokenizerFamily.ByteLevel,
            Pattern = PreTokenizerPattern.Gpt2Digits,
            Tokens = tokens,
            Kinds = [TokenType.Control, TokenType.UserDefined,
                .. Enumerable.Repeat(TokenType.Normal, tokens.Count - 2)],
            Merges = merges,
            BeginToken = 0,
        };
    }

    /// <summary>
    /// Three control tokens, 256 tokens of bytes, then characters and words by score. "the" is worth more than "he",
    /// "he" more than "th".
    /// </summary>
    internal static VocabularyData SentencePiece()
    {
        (string Text, float Score)[] pieces =
        [
            ("▁", -9), ("t", -9), ("h", -9), ("e", -9), ("l", -9), ("o", -9), ("é", -9), ("日", -9), ("本", -9),
            ("A", -9), ("▁▁", -1), ("▁▁▁▁", -2), ("he", -3), ("th", -4), ("the", -5), ("▁the", -6),
            ("ll", -7), ("日本", -8),
        ];
        List<string> tokens = ["<unk>", "<s>", "</s>"];
        tokens.AddRange(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"));
        tokens.AddRange(pieces.Select(piece => piece.Text));
        return VocabularyData.FromGguf(
            "tiny",
            "llama",
            null,
            tokens,
            [],
            [.. Enumerable.Repeat(0f, 259), .. pieces.Select(piece => piece.Score)],
            [2, 3, 3, .. Enumerable.Repeat(6, 256), .. pieces.Select(_ => 1)],
            1);
    }

    /// <summary>The bytes of tokens and escapes, joined.</summary>
    internal static byte[] Join(BytePairTokenizer tokenizer, IEnumerable<int> tokens) =>
        [.. tokens.SelectMany(token => tokenizer.Bytes(token).ToArray())];

    /// <summary>The tokens of a message, each as text.</summary>
    internal static string[] Pieces(BytePairTokenizer tokenizer, string message) =>
        [.. Encode(tokenizer, Encoding.UTF8.GetBytes(message))
            .Select(token => Encoding.UTF8.GetString(tokenizer.Bytes(token)))];

    internal static List<int> Encode(BytePairTokenizer tokenizer, byte[] message)
    {
        List<int> tokens = [];
        tokenizer.Encode(message, tokens);
        return tokens;
    }

    private static void Merge(string left, string right, List<string> tokens, List<(string, string)> merges)
    {
        if (!merges.Contains((left, right)))
        {
            merges.Add((left, right));
            tokens.Add(left + right);
        }
    }
}
