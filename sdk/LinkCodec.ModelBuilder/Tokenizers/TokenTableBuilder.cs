using System.Globalization;
using System.Text;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Tokenizers;

/// <summary>Builds a token table from the texts of a vocabulary: bytes and ids.</summary>
internal sealed class TokenTableBuilder(VocabularyData data)
{
    private readonly Dictionary<string, int> _normal = new(StringComparer.Ordinal);
    private readonly TokenType[] _kinds = [.. data.Kinds];

    internal TokenTable Build()
    {
        Limit(data.Tokens.Count, TokenTable.MaxTokens, "tokens");
        Limit(data.Merges.Count, TokenTable.MaxMerges, "merges");
        if (_kinds.Length != data.Tokens.Count || (data.Scores.Count > 0 && data.Scores.Count != data.Tokens.Count))
        {
            throw VocabularyData.Refusal(data.Name,
                $"{data.Tokens.Count} tokens have {_kinds.Length} types and {data.Scores.Count} scores");
        }

        int[] starts = new int[_kinds.Length + 1];
        using MemoryStream bytes = new();
        for (int id = 0, user = 0; id < _kinds.Length; id++)
        {
            byte[] token = Bytes(id, ref user);
            Limit(token.Length, TokenTable.LongestToken, $"bytes in token {id}");
            bytes.Write(token);
            Limit(bytes.Length, TokenTable.MaxBytes, "bytes in tokens");
            starts[id + 1] = (int)bytes.Length;
        }

        TokenTable table = new()
        {
            Family = data.Family,
            Pattern = data.Pattern,
            Classes = UnicodeCharacterClasses.Table,
            BeginToken = data.BeginToken,
            Kinds = _kinds,
            Starts = starts,
            Bytes = bytes.ToArray(),
            Merges = [.. data.Merges.Count == 0 && data.Scores.Count > 0 ? MergesByScore() : MergesByName()],
        };
        string fault = table.Fault();
        return fault.Length == 0 ? table : throw VocabularyData.Refusal(data.Name, fault);
    }

    /// <summary>
    /// A token's bytes. One that could never come out of merging becomes a control token: a twin, letters that stand
    /// for no byte, a user token too many.
    /// </summary>
    private byte[] Bytes(int id, ref int user)
    {
        string text = data.Tokens[id];
        byte[]? bytes = _kinds[id] switch
        {
            TokenType.Byte => [ByteOf(text, id)],
            TokenType.UserDefined => user++ < TokenTable.MaxUserDefinedTokens ? Plain(text) : null,
            TokenType.Normal => data.Family == TokenizerFamily.ByteLevel ? ByteLevelAlphabet.Read(text) : Plain(text),
            _ => null,
        };
        if (bytes is null or [] || (_kinds[id] == TokenType.Normal && !_normal.TryAdd(Key(text), id)))
        {
            _kinds[id] = TokenType.Control;
            return [];
        }

        return bytes;
    }

    private byte[] Plain(string text) => Encoding.UTF8.GetBytes(
        data.Family == TokenizerFamily.SentencePiece ? text.Replace(TokenTable.SpaceMark, ' ') : text);

    // Two texts with the same bytes have the same key.
    private string Key(string text) =>
        data.Family == TokenizerFamily.SentencePiece ? text.Replace(' ', TokenTable.SpaceMark) : text;

    private byte ByteOf(string text, int id) =>
        text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
        && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out byte value)
            ? value
            : throw VocabularyData.Refusal(data.Name, $"token {id} is called a byte but not written as one");

    private List<(int Left, int Right)> MergesByName()
    {
        HashSet<string> all = new(data.Tokens.Count, StringComparer.Ordinal);
        for (int id = 0; id < data.Tokens.Count; id++)
        {
            all.Add(Key(data.Tokens[id]));
        }

        List<(int, int)> merges = new(data.Merges.Count);
        HashSet<(int, int)> seen = new(data.Merges.Count);
        for (int i = 0; i < data.Merges.Count; i++)
        {
            (string left, string right) = (Key(data.Merges[i].Left), Key(data.Merges[i].Right));
            if (left.Length + right.Length > TokenTable.LongestToken || !all.Contains(left) || !all.Contains(right)
                || !all.Contains(left + right))
            {
                throw VocabularyData.Refusal(data.Name, $"merge {i} names no token");
            }

            // Tokens that are taken whole or never sent may stand in the list too: nothing reaches them here.
            if (_normal.TryGetValue(left, out int first) && _normal.TryGetValue(right, out int second)
                && _normal.ContainsKey(left + right) && seen.Add((first, second)))
            {
                merges.Add((first, second));
            }
        }

        return merges;
    }

    /// <summary>
    /// Every way to cut a token into two others; the token of the highest score first, as SentencePiece merges.
    /// </summary>
    private List<(int Left, int Right)> MergesByScore()
    {
        List<(int, int)> merges = [];
        var normal = _normal.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string text, int id) in _normal.OrderByDescending(pair => data.Scores[pair.Value])
            .ThenBy(pair => pair.Value))
        {
            for (int cut = 1; cut < text.Length; cut++)
            {
                if (normal.TryGetValue(text.AsSpan(0, cut), out int left)
                    && normal.TryGetValue(text.AsSpan(cut), out int right))
                {
                    merges.Add((left, right));
                }
            }

            Limit(merges.Count, TokenTable.MaxMerges, $"merges, up to token {id}");
        }

        return merges;
    }

    private void Limit(long count, long most, string what)
    {
        if (count > most)
        {
            throw VocabularyData.Refusal(data.Name, $"{count} {what}, more than {most}", LinkErrorCode.LimitExceeded);
        }
    }
}
