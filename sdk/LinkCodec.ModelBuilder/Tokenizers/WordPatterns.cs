using LinkCodec.Models.Language.Tokens;

namespace LinkCodec.ModelBuilder.Tokenizers;

/// <summary>The names and the expressions under which files know a <see cref="WordPattern"/>. Only importers ask; words are cut by <see cref="WordCutter"/>.</summary>
internal static class WordPatterns
{
    /// <summary>GPT-2's expression, as its own files have it. Its matches are the words.</summary>
    internal const string Gpt2Text = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3's.</summary>
    internal const string Llama3Text = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen 2's.</summary>
    internal const string Qwen2Text = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Tekken's.</summary>
    internal const string TekkenText = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The pattern that a GGUF file means by its <c>tokenizer.ggml.pre</c>; null for a name that is not known.</summary>
    internal static WordPattern? Named(string name) => name switch
    {
        "gpt-2" or "default" or "" or "phi-2" or "mpt" or "olmo" or "jais" => WordPattern.Gpt2,
        "smollm" or "starcoder" or "refact" or "command-r" or "codeshell" or "exaone" => WordPattern.Gpt2Digits,
        "llama-bpe" or "llama3" or "llama-v3" or "dbrx" or "smaug-bpe" or "falcon3" => WordPattern.Llama3,
        "qwen2" or "stablelm2" or "deepseek-r1-qwen" => WordPattern.Qwen2,
        "tekken" => WordPattern.Tekken,
        _ => null,
    };

    /// <summary>The pattern that an expression of a <c>tokenizer.json</c> spells; null for one that is not known.</summary>
    internal static WordPattern? Spelled(string expression) => expression switch
    {
        Gpt2Text => WordPattern.Gpt2,
        Llama3Text => WordPattern.Llama3,
        Qwen2Text => WordPattern.Qwen2,
        TekkenText => WordPattern.Tekken,
        _ => null,
    };
}
