using System.Buffers;
using System.Text;

namespace LinkCodec.Models.Language.Tokenization;

/// <summary>
/// Finds the tokens that are taken whole (user-defined ones), before a text is cut into words. Immutable.
/// </summary>
internal sealed class AddedTokens
{
    private readonly (string Text, int Id)[] _longestFirst;
    private readonly SearchValues<char> _starts;

    internal AddedTokens(TokenTable table)
    {
        _longestFirst =
        [
            .. from id in Enumerable.Range(0, table.Count)
               where table.Kinds[id] == TokenType.UserDefined
               orderby table.Of(id).Length descending, id
               select (Encoding.UTF8.GetString(table.Of(id)), id),
        ];
        _starts = SearchValues.Create([.. _longestFirst.Select(token => token.Text[0])]);
    }

    /// <summary>The characters of all of them.</summary>
    internal IEnumerable<Rune> Runes => _longestFirst.SelectMany(token => token.Text.EnumerateRunes());

    /// <summary>
    /// The first in a text, the longest of those that begin there; at its end, of length 0, where there is none.
    /// </summary>
    internal (int At, int Length, int Id) First(ReadOnlySpan<char> text)
    {
        for (int at = 0; ; at++)
        {
            int next = text[at..].IndexOfAny(_starts);
            if (next < 0)
            {
                return (text.Length, 0, 0);
            }

            at += next;
            foreach ((string token, int id) in _longestFirst)
            {
                if (text[at..].StartsWith(token.AsSpan()))
                {
                    return (at, token.Length, id);
                }
            }
        }
    }
}
