using System.Text;

namespace LinkCodec.Models.Language.Tokenization;

/// <summary>
/// A vocabulary as encoder and decoder need it: bytes of tokens, merges by id. Immutable by custom; whoever makes one
/// asks <see cref="Fault"/> before using it.
/// </summary>
internal sealed class TokenTable
{
    /// <summary>More tokens are refused.</summary>
    internal const int MaxTokens = 1 << 18;

    /// <summary>More merges are refused.</summary>
    internal const int MaxMerges = 1 << 20;

    /// <summary>Bytes of a token at most.</summary>
    internal const int LongestToken = 1024;

    /// <summary>Bytes of all tokens at most.</summary>
    internal const int MaxBytes = 1 << 24;

    /// <summary>User-defined tokens at most: each is tried at each place of a text.</summary>
    internal const int MaxUserDefinedTokens = 256;

    private Dictionary<string, int> _texts = [];

    /// <summary>The way in which tokens write bytes.</summary>
    internal required TokenizerFamily Family { get; init; }

    /// <summary>The pattern that says where words end.</summary>
    internal required PreTokenizerPattern Pattern { get; init; }

    /// <summary>The class of each UTF-16 unit for the pattern.</summary>
    internal required CharacterClassTable Classes { get; init; }

    /// <summary>The token before a message.</summary>
    internal required int BeginToken { get; init; }

    /// <summary>The kinds of the tokens, by id.</summary>
    internal required TokenType[] Kinds { get; init; }

    /// <summary>
    /// The starts of each token's bytes in <see cref="Bytes"/>, and at the end the end of the last one's.
    /// </summary>
    internal required int[] Starts { get; init; }

    /// <summary>The bytes of all tokens, one after the other.</summary>
    internal required byte[] Bytes { get; init; }

    /// <summary>
    /// Pairs of normal tokens that merge into the normal token of their joined bytes, first come first merged.
    /// </summary>
    internal required (int Left, int Right)[] Merges { get; init; }

    /// <summary>The number of tokens.</summary>
    internal int Count => Kinds.Length;

    /// <summary>The normal tokens by their text (<see cref="Text"/>); filled by <see cref="Fault"/>.</summary>
    internal IReadOnlyDictionary<string, int> Texts => _texts;

    /// <summary>The bytes of a token.</summary>
    internal ReadOnlySpan<byte> Of(int id) => Bytes.AsSpan(Starts[id]..Starts[id + 1]);

    /// <summary>A token as a tokenizer's vocabulary writes it.</summary>
    internal string Text(int id) => Family == TokenizerFamily.ByteLevel
        ? ByteLevelAlphabet.Write(Of(id))
        : Encoding.UTF8.GetString(Of(id)).Replace(' ', SpaceMark);

    /// <summary>The character that SentencePiece writes for a space.</summary>
    internal const char SpaceMark = '\u2581';

    /// <summary>
    /// The table's fault, in words, or nothing: kinds and lengths that do not go together, twins, merges that lead
    /// nowhere or come twice.
    /// </summary>
    internal string Fault()
    {
        if (BeginToken < 0 || BeginToken >= Count)
        {
            return $"the token before a message is {BeginToken} of {Count}";
        }

        Dictionary<string, int> texts = new(Count, StringComparer.Ordinal);
        int user = 0;
        for (int id = 0; id < Count; id++)
        {
            int length = Starts[id + 1] - Starts[id];
            bool fits = Kinds[id] switch
            {
                TokenType.Normal => length is > 0 and <= LongestToken
                    && (Family == TokenizerFamily.ByteLevel || System.Text.Unicode.Utf8.IsValid(Of(id))),
                TokenType.Byte => length == 1,
                TokenType.UserDefined => length is > 0 and <= LongestToken && ++user <= MaxUserDefinedTokens
                    && System.Text.Unicode.Utf8.IsValid(Of(id)),
                TokenType.Control => length == 0,
                _ => false,
            };
            if (!fits)
            {
                return $"token {id} of kind {(int)Kinds[id]} has {length} bytes that do not suit it";
            }

            if (Kinds[id] == TokenType.Normal && !texts.TryAdd(Text(id), id))
            {
                return $"token {id} has the bytes of an earlier one";
            }
        }

        if (texts.Count == 0)
        {
            return "no token has bytes";
        }

        _texts = texts;
        return MergeFault(texts);
    }

    private string MergeFault(Dictionary<string, int> texts)
    {
        string?[] byId = new string?[Count];
        foreach ((string text, int id) in texts)
        {
            byId[id] = text;
        }

        var joined = texts.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> buffer = stackalloc char[2 * LongestToken];
        HashSet<(int, int)> seen = new(Merges.Length);
        for (int i = 0; i < Merges.Length; i++)
        {
            (int left, int right) = Merges[i];
            if (left < 0 || left >= Count || right < 0 || right >= Count || byId[left] is not { } first
                || byId[right] is not { } second)
            {
                return $"merge {i} is of a token that does not merge";
            }

            first.CopyTo(buffer);
            second.CopyTo(buffer[first.Length..]);
            if (!joined.ContainsKey(buffer[..(first.Length + second.Length)]) || !seen.Add((left, right)))
            {
                return $"merge {i} leads to no token or comes twice";
            }
        }

        return "";
    }
}
