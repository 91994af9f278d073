using System.Globalization;
using System.Text.Json;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.Tests.ModelBuilder.Tokenizers;

/// <summary>A byte-level vocabulary as the files of models carry it.</summary>
internal static class TinyTokenizer
{
    /// <summary>The fields of a GGUF file.</summary>
    internal static Dictionary<string, object> Gguf(VocabularyData data) => new()
    {
        ["tokenizer.ggml.model"] = "gpt2",
        ["tokenizer.ggml.pre"] = "smollm",
        ["tokenizer.ggml.tokens"] = data.Tokens.ToArray(),
        ["tokenizer.ggml.merges"] = data.Merges.Select(merge => $"{merge.Left} {merge.Right}").ToArray(),
        ["tokenizer.ggml.token_type"] = data.Kinds
            .Select(kind => kind switch { TokenType.Control => 3, TokenType.UserDefined => 4, _ => 1 }).ToArray(),
        ["tokenizer.ggml.bos_token_id"] = (uint)data.BeginToken,
    };

    /// <summary>The text of tokenizer.json.</summary>
    internal static string Json(VocabularyData data)
    {
        (string Text, int Id, TokenType Kind)[] all = [.. data.Tokens.Select((text, id) => (text, id, data.Kinds[id]))];
        return JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = all.Where(token => token.Kind != TokenType.Normal).Select(
                token => new { id = token.Id, content = token.Text, special = token.Kind == TokenType.Control }),
            pre_tokenizer = new
            {
                type = "Sequence",
                pretokenizers = new object[] { new { type = "Digits", individual_digits = true },
                    new { type = "ByteLevel", add_prefix_space = false, use_regex = true } },
            },
            model = new
            {
                type = "BPE",
                vocab = all.Where(token => token.Kind == TokenType.Normal)
                    .ToDictionary(token => token.Text, token => token.Id),
                merges = data.Merges
                    .Select(merge => string.Create(CultureInfo.InvariantCulture, $"{merge.Left} {merge.Right}")),
            },
        });
    }
}
