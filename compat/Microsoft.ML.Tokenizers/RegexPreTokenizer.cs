using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>Words are the matches of an expression; special tokens stand alone. What nothing matches is left out.</summary>
public sealed class RegexPreTokenizer : PreTokenizer
{
    private readonly Regex _regex;
    private readonly Regex? _special;

    public RegexPreTokenizer(Regex regex, IReadOnlyDictionary<string, int>? specialTokens)
    {
        ArgumentNullException.ThrowIfNull(regex);
        _regex = regex;
        if (specialTokens is { Count: > 0 })
        {
            _special = new Regex(string.Join('|', specialTokens.Keys.Select(Regex.Escape)), RegexOptions.CultureInvariant);
        }
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) =>
        string.IsNullOrEmpty(text) ? [] : PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        List<(int Offset, int Length)> words = [];
        int start = 0;
        if (_special is not null)
        {
            foreach (ValueMatch special in _special.EnumerateMatches(text))
            {
                Split(text[..special.Index], start, words);
                words.Add((special.Index, special.Length));
                start = special.Index + special.Length;
            }
        }

        Split(text, start, words);
        return words;
    }

    private void Split(ReadOnlySpan<char> text, int start, List<(int Offset, int Length)> words)
    {
        foreach (ValueMatch match in _regex.EnumerateMatches(text[start..]))
        {
            words.Add((start + match.Index, match.Length));
        }
    }
}
