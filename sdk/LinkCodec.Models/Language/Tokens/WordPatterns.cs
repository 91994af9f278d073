using System.Text.RegularExpressions;

namespace LinkCodec.Models.Language.Tokens;

/// <summary>The expressions of <see cref="WordPattern"/>, and the names and spellings under which files know them.</summary>
/// <remarks>
/// Each takes time linear in the text. Letters beyond U+FFFF count as marks here, since .NET matches halves of them: the encoder then finds other words than the trainer
/// did, which costs a few bits in rare scripts and no byte.
/// </remarks>
internal static partial class WordPatterns
{
    private const string Gpt2Text = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const string Llama3Text = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2Text = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string TekkenText = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // Digits are cut out first there, so white space before one is at the end of its text: it has no space to leave to the next word.
    private const string Gpt2DigitsText = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+";

    /// <summary>The expression whose matches are the words.</summary>
    internal static Regex Expression(WordPattern pattern) => pattern switch
    {
        WordPattern.Gpt2 => Gpt2(),
        WordPattern.Gpt2Digits => Gpt2Digits(),
        WordPattern.Llama3 => Llama3(),
        WordPattern.Qwen2 => Qwen2(),
        WordPattern.Tekken => Tekken(),
        WordPattern.Spaces => Spaces(),
        _ => Everything(),
    };

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

    [GeneratedRegex(Gpt2Text)]
    private static partial Regex Gpt2();

    [GeneratedRegex(Gpt2DigitsText)]
    private static partial Regex Gpt2Digits();

    [GeneratedRegex(Llama3Text, RegexOptions.CultureInvariant)]
    private static partial Regex Llama3();

    [GeneratedRegex(Qwen2Text, RegexOptions.CultureInvariant)]
    private static partial Regex Qwen2();

    [GeneratedRegex(TekkenText)]
    private static partial Regex Tekken();

    [GeneratedRegex(" *[^ ]+| +")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[\s\S]+")]
    private static partial Regex Everything();
}
