using System.Text.Json;
using LinkCodec.Core.Primitives;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Tokenizers;

/// <summary>
/// Reads a Hugging Face <c>tokenizer.json</c>: byte pair encoding over bytes, or over characters with a fallback to
/// bytes. Memory: at most some ten times the file.
/// </summary>
/// <remarks>Normalizers, post-processors and decoders are not asked: what is sent are the bytes as they are.</remarks>
internal static class TokenizerJsonReader
{
    /// <summary>Longer files are refused before they are read.</summary>
    internal const int MaxBytes = 1 << 26;

    private const int MaxDepth = 24;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="beginToken">The <c>bos_token_id</c> of the model's <c>config.json</c>, if known.</param>
    /// <exception cref="LinkException">The file is too large, malformed, or of a kind that is not supported; the
    /// message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static VocabularyData ReadFile(string path, int? beginToken = null)
    {
        using FileStream stream = File.OpenRead(path);
        string name = Path.GetFileName(path);
        if (stream.Length > MaxBytes)
        {
            throw VocabularyData.Refusal(name, $"{stream.Length} bytes, more than {MaxBytes}",
                LinkErrorCode.LimitExceeded);
        }

        byte[] json = new byte[stream.Length];
        stream.ReadExactly(json);
        return Read(json, name, beginToken);
    }

    /// <summary>Reads the bytes of such a file.</summary>
    /// <exception cref="LinkException">The bytes are too many, malformed, or of a kind that is not
    /// supported.</exception>
    internal static VocabularyData Read(ReadOnlyMemory<byte> json, string name, int? beginToken = null)
    {
        if (json.Length > MaxBytes)
        {
            throw VocabularyData.Refusal(name, $"{json.Length} bytes, more than {MaxBytes}",
                LinkErrorCode.LimitExceeded);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json,
                new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return Read(document.RootElement, name, beginToken);
        }
        catch (JsonException e)
        {
            throw VocabularyData.Refusal(name,
                $"it is no JSON, is nested deeper than {MaxDepth} or has a name twice, near line {e.LineNumber + 1}");
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException)
        {
            throw VocabularyData.Refusal(name,
                "a value is missing, of another kind than its name asks for, or is no Unicode text");
        }
    }

    // An element of another kind than a call asks for throws InvalidOperationException, as does text with half a
    // character.
    private static VocabularyData Read(JsonElement root, string name, int? beginToken)
    {
        JsonElement model = Get(root, "model") ?? throw VocabularyData.Refusal(name, "it has no model");
        JsonElement vocabulary = Get(model, "vocab")
            ?? throw VocabularyData.Refusal(name, "its model has no vocabulary");
        string kind = Get(model, "type")?.GetString() ?? "BPE";
        if (kind != "BPE")
        {
            throw VocabularyData.Refusal(name,
                $"models of the type '{VocabularyData.Shown(kind)}' are not supported, BPE is");
        }

        foreach (string affix in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (Get(model, affix)?.GetString() is { Length: > 0 })
            {
                throw VocabularyData.Refusal(name, $"a model with '{affix}' is not supported");
            }
        }

        bool fallback = Get(model, "byte_fallback")?.GetBoolean() ?? false;
        (TokenizerFamily family, PreTokenizerPattern pattern) = PreTokenizerReader.Read(Get(root, "pre_tokenizer"),
            fallback, name);
        TokenList tokens = new(name);
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            bool isByte = family == TokenizerFamily.SentencePiece && entry.Name is { Length: 6 } text
                && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>';
            tokens.Add(entry.Name, Id(entry.Value, name), isByte ? TokenType.Byte : TokenType.Normal);
        }

        if (Get(root, "added_tokens") is { } added)
        {
            foreach (JsonElement token in added.EnumerateArray())
            {
                string content = Get(token, "content")?.GetString()
                    ?? throw VocabularyData.Refusal(name, "an added token has no content");
                JsonElement id = Get(token, "id") ?? throw VocabularyData.Refusal(name, "an added token has no id");
                tokens.Mark(content, Id(id, name),
                    Get(token, "special")?.GetBoolean() is true ? TokenType.Control : TokenType.UserDefined);
            }
        }

        string[] texts = tokens.Close();
        return new VocabularyData
        {
            Name = name,
            Family = family,
            Pattern = pattern,
            Tokens = texts,
            Kinds = tokens.Kinds,
            Merges = Merges(Get(model, "merges"), name),
            BeginToken = VocabularyData.ChooseBeginToken(texts, beginToken),
        };
    }

    private static List<(string, string)> Merges(JsonElement? list, string name)
    {
        List<(string, string)> merges = [];
        if (list is { } all)
        {
            foreach (JsonElement merge in all.EnumerateArray())
            {
                if (merges.Count == TokenTable.MaxMerges)
                {
                    throw VocabularyData.Refusal(name, $"more than {TokenTable.MaxMerges} merges",
                        LinkErrorCode.LimitExceeded);
                }

                merges.Add(merge.ValueKind == JsonValueKind.Array
                    ? merge.GetArrayLength() == 2 ? (merge[0].GetString() ?? "", merge[1].GetString() ?? "")
                        : throw VocabularyData.Refusal(name, $"merge {merges.Count} is no pair")
                    : VocabularyData.Pair(name, merge.GetString() ?? "", merges.Count));
            }
        }

        return merges;
    }

    private static int Id(JsonElement value, string name) =>
        value.TryGetInt32(out int id) && id is >= 0 and < TokenTable.MaxTokens
            ? id
            : throw VocabularyData.Refusal(name, $"a token's id is not from 0 to {TokenTable.MaxTokens - 1}",
                LinkErrorCode.LimitExceeded);

    private static JsonElement? Get(JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Tokens by id, which must come out without twins and gaps.</summary>
    private sealed class TokenList(string name)
    {
        private readonly List<string?> _texts = [];

        internal List<TokenType> Kinds { get; } = [];

        internal void Add(string text, int id, TokenType kind)
        {
            while (_texts.Count <= id)
            {
                _texts.Add(null);
                Kinds.Add(TokenType.Control);
            }

            if (_texts[id] is not null)
            {
                throw VocabularyData.Refusal(name, $"two tokens have the id {id}");
            }

            (_texts[id], Kinds[id]) = (text, kind);
        }

        /// <summary>An added token: new, or one of the vocabulary that is no normal one after all.</summary>
        internal void Mark(string text, int id, TokenType kind)
        {
            if (id < _texts.Count && _texts[id] == text)
            {
                Kinds[id] = kind;
            }
            else
            {
                Add(text, id, kind);
            }
        }

        internal string[] Close()
        {
            int gap = _texts.IndexOf(null);
            return gap < 0
                ? [.. _texts.Select(text => text!)]
                : throw VocabularyData.Refusal(name, $"no token has the id {gap}");
        }
    }
}
