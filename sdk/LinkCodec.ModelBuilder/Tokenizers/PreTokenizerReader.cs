using System.Text.Json;
using LinkCodec.Models.Language.Tokenization;

namespace LinkCodec.ModelBuilder.Tokenizers;

/// <summary>
/// Reads the "pre_tokenizer" of a <c>tokenizer.json</c>, as a family and one of the patterns that are known.
/// </summary>
internal static class PreTokenizerReader
{
    /// <summary>
    /// Reads a pre-tokenizer; <paramref name="fallback"/> says whether the model falls back to bytes.
    /// </summary>
    /// <exception cref="LinkCodec.Core.Primitives.LinkException">Steps or expressions that are not
    /// supported.</exception>
    internal static (TokenizerFamily Family, PreTokenizerPattern Pattern) Read(
        JsonElement? rule, bool fallback, string name)
    {
        List<JsonElement> steps = [];
        Flatten(rule, steps);
        bool byteLevel = false, digits = false;
        PreTokenizerPattern pattern = PreTokenizerPattern.None;
        foreach (JsonElement step in steps)
        {
            string type = step.GetProperty("type").GetString() ?? "";
            switch (type)
            {
                case "ByteLevel":
                    byteLevel = true;
                    pattern = Flag(step, "use_regex", otherwise: true)
                        ? Join(pattern, PreTokenizerPattern.Gpt2, name)
                        : pattern;
                    break;
                case "Digits" when Flag(step, "individual_digits", otherwise: false):
                    digits = true;
                    break;
                case "Split" when Expression(step) is @"\p{N}" or @"\d" or "[0-9]":
                    digits = true;
                    break;
                case "Split" when PreTokenizerPatterns.Spelled(Expression(step)) is { } known:
                    pattern = Join(pattern, known, name);
                    break;
                case "Metaspace" when fallback:
                    break;
                case "Split" when fallback && !byteLevel && step.GetProperty("pattern")
                    .TryGetProperty("String", out JsonElement split) && split.GetString() is " ":
                    break;
                case "Split":
                    throw VocabularyData.Refusal(name,
                        $"words by the expression '{VocabularyData.Shown(Expression(step))}' are not supported");
                default:
                    throw VocabularyData.Refusal(name,
                        $"the pre-tokenizer '{VocabularyData.Shown(type)}' is not supported as it is set");
            }
        }

        return (byteLevel, fallback, digits, pattern) switch
        {
            (true, _, false, _) => (TokenizerFamily.ByteLevel, pattern),
            (true, _, true, PreTokenizerPattern.Gpt2) => (TokenizerFamily.ByteLevel, PreTokenizerPattern.Gpt2Digits),
            (false, true, false, PreTokenizerPattern.None) =>
                (TokenizerFamily.SentencePiece, PreTokenizerPattern.Spaces),
            (false, false, _, _) => throw VocabularyData.Refusal(name,
                "a vocabulary that is neither of bytes nor falls back to bytes is not supported"),
            _ => throw VocabularyData.Refusal(name,
                "single digits together with another pattern than GPT-2's are not supported"),
        };
    }

    private static void Flatten(JsonElement? rule, List<JsonElement> steps)
    {
        if (rule is not { } some)
        {
            return;
        }

        if (some.TryGetProperty("pretokenizers", out JsonElement list))
        {
            foreach (JsonElement step in list.EnumerateArray())
            {
                Flatten(step, steps); // No deeper than the document may be.
            }
        }
        else
        {
            steps.Add(some);
        }
    }

    private static PreTokenizerPattern Join(PreTokenizerPattern before, PreTokenizerPattern next, string name) =>
        before == PreTokenizerPattern.None || before == next
            ? next
            : throw VocabularyData.Refusal(name, $"words by {before} and then by {next} are not supported");

    private static bool Flag(JsonElement step, string property, bool otherwise) =>
        step.TryGetProperty(property, out JsonElement value) ? value.GetBoolean() : otherwise;

    private static string Expression(JsonElement step) =>
        step.TryGetProperty("pattern", out JsonElement pattern) && pattern.TryGetProperty("Regex", out JsonElement text)
            ? text.GetString() ?? ""
            : "";
}
