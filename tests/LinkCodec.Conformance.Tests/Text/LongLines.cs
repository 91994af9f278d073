using System.Text.RegularExpressions;

namespace LinkCodec.Conformance.Tests.Text;

/// <summary>
/// Numbers of the lines that are too long and could be broken. What may stay long is told by its kind alone.
/// </summary>
internal static class LongLines
{
    public const int Columns = 120;

    private const string RawQuotes = "\"\"\"";

    /// <summary>Lines of C#. Raw and verbatim strings may be longer: a break would change them.</summary>
    public static IEnumerable<int> OfCode(string[] lines)
    {
        bool inRaw = false;
        for (int i = 0; i < lines.Length; i++)
        {
            int quotes = Regex.Count(lines[i], RawQuotes + "+");
            bool mayBeLong = inRaw || quotes > 0 || lines[i].Contains("@\"", StringComparison.Ordinal);
            if (!mayBeLong && IsTooLong(lines[i]))
            {
                yield return i + 1;
            }

            inRaw ^= quotes % 2 != 0;
        }
    }

    /// <summary>Lines of Markdown. Tables, headings, link targets and fenced blocks may be longer.</summary>
    public static IEnumerable<int> OfProse(string[] lines)
    {
        bool isFenced = false;
        for (int i = 0; i < lines.Length; i++)
        {
            isFenced ^= Regex.IsMatch(lines[i], @"^\s*(```|~~~)");
            if (!isFenced && !Regex.IsMatch(lines[i], @"^\s*(\||#|\[[^\]]+\]:\s)") && IsTooLong(lines[i]))
            {
                yield return i + 1;
            }
        }
    }

    /// <summary>Lines of shell scripts.</summary>
    public static IEnumerable<int> OfScript(string[] lines) =>
        Enumerable.Range(1, lines.Length).Where(line => IsTooLong(lines[line - 1]));

    // Behind the mark of a comment or list item, one word alone cannot be broken.
    private static bool IsTooLong(string line) =>
        line.Length > Columns && !Regex.IsMatch(line, @"^\s*(///?|#|[-*+]|\d+\.)?\s*\S+\s*$");
}
