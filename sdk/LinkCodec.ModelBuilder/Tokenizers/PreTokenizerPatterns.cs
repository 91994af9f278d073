using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Tokenizers;

/// <summary>
/// The names and the expressions under which files know a <see cref="PreTokenizerPattern"/>. Only importers ask; words
/// are cut by <see cref="PreTokenizer"/>.
/// </summary>
internal static class PreTokenizerPatterns
{
    /// <summary>GPT-2's expression, as its own files have it. Its matches are the words.</summary>
    internal const string Gpt2Text = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3's.</summary>
    internal const string Llama3Text =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen 2's.</summary>
    internal const string Qwen2Text =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Tekken's.</summary>
    internal const string TekkenText = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>
    /// The pattern that a GGUF file means by its <c>tokenizer.ggml.pre</c>; null for a name that is not known.
    /// </summary>
    internal static PreTokenizerPattern? Named(string name) => name switch
    {
        "gpt-2" or "default" or "" or "phi-2" or "mpt" or "olmo" or "jais" => PreTokenizerPattern.Gpt2,
        "smollm" or "starcoder" or "refact" or "command-r" or "codeshell" or "exaone" => PreTokenizerPattern.Gpt2Digits,
        "llama-bpe" or "llama3" or "llama-v3" or "dbrx" or "smaug-bpe" or "falcon3" => PreTokenizerPattern.Llama3,
        "qwen2" or "stablelm2" or "deepseek-r1-qwen" => PreTokenizerPattern.Qwen2,
        "tekken" => PreTokenizerPattern.Tekken,
        _ => null,
    };

    /// <summary>
    /// The pattern that an expression of a <c>tokenizer.json</c> spells; null for one that is not known.
    /// </summary>
    internal static PreTokenizerPattern? Spelled(string expression) => expression switch
    {
        Gpt2Text => PreTokenizerPattern.Gpt2,
        Llama3Text => PreTokenizerPattern.Llama3,
        Qwen2Text => PreTokenizerPattern.Qwen2,
        TekkenText => PreTokenizerPattern.Tekken,
        _ => null,
    };
}
