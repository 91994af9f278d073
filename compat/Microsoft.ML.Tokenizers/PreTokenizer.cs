using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>Cuts a text into words, across whose borders no merge goes.</summary>
public abstract partial class PreTokenizer
{
    private const int TimeoutMilliseconds = 30_000;

    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(string text);

    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text);

    /// <summary>Words of letters, digits and underscores; each punctuation mark alone.</summary>
    public static PreTokenizer CreateWordOrPunctuation(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        new RegexPreTokenizer(WordOrPunctuation(), specialTokens);

    /// <summary>Words of letters, digits and underscores; runs of everything else but white space.</summary>
    public static PreTokenizer CreateWordOrNonWord(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        new RegexPreTokenizer(WordOrNonWord(), specialTokens);

    /// <summary>Runs of anything but white space.</summary>
    public static PreTokenizer CreateWhiteSpace(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        new RegexPreTokenizer(WhiteSpace(), specialTokens);

    [GeneratedRegex(@"\w+|[\p{P}]", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex WordOrPunctuation();

    [GeneratedRegex(@"\w+|[^\w\s]+", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex WordOrNonWord();

    [GeneratedRegex(@"\S+", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex WhiteSpace();
}
