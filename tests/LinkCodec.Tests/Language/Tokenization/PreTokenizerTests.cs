using System.Text;
using System.Text.RegularExpressions;
using LinkCodec.Core.Primitives;
using LinkCodec.ModelBuilder.Tokenizers;
using LinkCodec.Models.Language.Tokenization;
using Xunit;

namespace LinkCodec.Tests.Language.Tokenization;

/// <summary>
/// The preTokenizer against the expressions that it stands for, with the classes of the runtime that these run on.
/// </summary>
public sealed class PreTokenizerTests
{
    private const string Data = "data/dev";

    private static readonly string[] Parts =
    [
        "'", "'s", "'S", "'re", "'Re", "'VE", "'ll", "'lL", "'d", "'\u017F", "'x", "\u2019s", "a", "b", "the", "Word",
        "WORD", "camelCase", "é", "É", "ß", "\u01C5", "\u02B0", "ª", "日本", "я", "Я", "ع", "\u0301", "\u0903", "\u20DD",
        "\uFE0F", "1", "23", "4567", "٣", "Ⅷ", "½", "²", "〇", " ", " ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", "\r",
        "\v", "\f", "\u001C", "\u0085", "\u00A0", "\u1680", "\u180E", "\u2003", "\u200B", "\u2028", "\u202F", "\u3000",
        "\uFEFF", "!", "...", "/", "//", "\n/", "-", "_", "$", "+", "€", "\u0000", "\uE000", "\uFFFF", "🚀", "𝐀", "𐐷",
        "\uD83D", "\uDE80", "\u0378",
    ];

    private static readonly Func<string, IEnumerable<string>> Digits = Matches(@"\p{N}|\P{N}+");

    private static readonly Dictionary<PreTokenizerPattern, Func<string, IEnumerable<string>>> Expected = new()
    {
        [PreTokenizerPattern.None] = text => [text],
        [PreTokenizerPattern.Gpt2] = Matches(PreTokenizerPatterns.Gpt2Text),
        [PreTokenizerPattern.Gpt2Digits] = DigitsFirst,
        [PreTokenizerPattern.Llama3] = Matches(PreTokenizerPatterns.Llama3Text),
        [PreTokenizerPattern.Qwen2] = Matches(PreTokenizerPatterns.Qwen2Text),
        [PreTokenizerPattern.Tekken] = Matches(PreTokenizerPatterns.TekkenText),
        [PreTokenizerPattern.Spaces] = Matches(" *[^ ]+| +"),
    };

    [Fact]
    [Spec("11.10-4")]
    [Spec("11.10-5")]
    [Spec("11.10-6")]
    [Spec("11.10-7")]
    [Spec("11.10-8")]
    public void Random_texts_are_cut_as_the_expressions_cut_them()
    {
        RandomSource random = RandomSource.FromSeed(31);
        byte[] draws = new byte[26];
        for (int i = 0; i < 6000; i++)
        {
            random.Fill(draws);
            SameWords(string.Concat(draws[..(1 + (draws[0] % 25))].Select(draw => Parts[draw % Parts.Length])));
        }
    }

    [Fact]
    [Spec("11.10-2")]
    public void Every_unit_is_of_the_class_that_the_expressions_give_it()
    {
        StringBuilder text = new();
        for (int unit = 0; unit < CharacterClassTable.Units; unit++)
        {
            char c = (char)unit;
            text.Append($"'{c}x{c}a {c}{c}1{c}\n{c} {c}'l{c}Ea{c}Z{c}{c}\u0301");
        }

        SameWords(text.ToString());
    }

    [SharedFact(Data)]
    public void Development_texts_are_cut_as_the_expressions_cut_them()
    {
        foreach (string path in ((string[])["text", "weather", "telemetry"])
            .SelectMany(group => Directory.GetFiles(SharedFactAttribute.Find(Data + "/" + group)!, "*.xz")))
        {
            SameWords(Encoding.UTF8.GetString(SmolVocabularyTests.Start(path)));
        }
    }

    [Theory]
    [Spec("11.10-4")]
    [Spec("11.10-5")]
    [Spec("11.10-6")]
    [Spec("11.10-7")]
    [Spec("11.10-8")]
    [InlineData(1, "It's 42,  IT'S\n\n x", "It|'s| 42|,| | IT|'|S|\n\n| x")]
    [InlineData(2, "we'll a 42  7 x", "we|'ll| a| |4|2|  |7| x")]
    [InlineData(3, "IT'S 12345\t(tab \n  x", "IT|'S| |123|45|\t|(tab| \n| | x")]
    [InlineData(4, "a 12!\n\n?  ", "a| |1|2|!\n\n|?|  ")]
    [InlineData(5, "camelCase URLs a//\n/b AÉ 12", "camel|Case| URLs| a|//\n/|b| AÉ| |1|2")]
    [InlineData(6, "  a b\nc  ", "  a| b\nc|  ")]
    [InlineData(0, "a b", "a b")]
    public void Patterns_cut_as_written_down(int pattern, string text, string words) =>
        Assert.Equal(words.Split('|'), Cut((PreTokenizerPattern)pattern, UnicodeCharacterClasses.Table, text));

    [Fact]
    [Spec("11.2-1")]
    [Spec("11.10-2")]
    public void The_file_decides_and_not_the_runtime()
    {
        byte[] runs = UnicodeCharacterClasses.Table.Write();
        int small = Enumerable.Range(0, runs.Length / 3).First(run => runs[3 * run] == 'z' && runs[(3 * run) + 1] == 0);
        runs[(3 * small) + 2] = (byte)CharacterClass.Number;
        Assert.Equal(["A", "b", "c", "D"], Cut(PreTokenizerPattern.Qwen2, CharacterClassTable.Read(runs)!, "AbcD"));
        Assert.Equal(["AbcD"], Cut(PreTokenizerPattern.Qwen2, UnicodeCharacterClasses.Table, "AbcD"));
    }

    private static void SameWords(string text)
    {
        foreach ((PreTokenizerPattern pattern, Func<string, IEnumerable<string>> cut) in Expected)
        {
            Assert.Equal(cut(text), Cut(pattern, UnicodeCharacterClasses.Table, text));
        }
    }

    private static List<string> Cut(PreTokenizerPattern pattern, CharacterClassTable classes, string text)
    {
        PreTokenizer preTokenizer = new(pattern, classes);
        List<string> words = [];
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = preTokenizer.First(text.AsSpan(at));
            words.Add(text.Substring(at, length));
        }

        return words;
    }

    private static Func<string, IEnumerable<string>> Matches(string expression)
    {
        Regex regex = new(expression, RegexOptions.CultureInvariant | RegexOptions.Compiled);
        return text => regex.Matches(text).Select(match => match.Value);
    }

    // As trainers do it, in two steps.
    private static IEnumerable<string> DigitsFirst(string text) =>
        Digits(text).SelectMany(part => Expected[PreTokenizerPattern.Gpt2](part));
}
