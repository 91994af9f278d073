using System.Text.RegularExpressions;

namespace LinkCodec.Conformance.Tests.Trace;

/// <summary>Finds requirements in the specification's text, and the places in code and tests that cite them.</summary>
internal static class SpecText
{
    private const string Id = @"\d+(?:\.\d+)*-\d+";

    /// <summary>Paragraphs that begin with an id in bold, as <c>**4.2-3** The sender MUST ...</c>.</summary>
    public static IEnumerable<Requirement> Requirements(string file, string text) =>
        from match in Regex.Matches(WithoutFences(text), @"^\*\*(" + Id + @")\*\*", RegexOptions.Multiline)
        select new Requirement(match.Groups[1].Value, file);

    /// <summary>Paragraphs and list items that say MUST, but begin with no id.</summary>
    public static IEnumerable<string> Unnumbered(string text) =>
        Regex.Split(WithoutFences(text), @"\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.)\s)|\n(?=\*\*\d)")
            .Where(part => Regex.IsMatch(part, @"\bMUST\b")
                && !Regex.IsMatch(part.TrimStart(), @"^\*\*" + Id + @"\*\*"))
            .Select(part => part.Trim());

    /// <summary>Requirements that do not say MUST, or say it twice where two ids are due.</summary>
    public static IEnumerable<string> WithoutMust(string text) =>
        Regex.Split(WithoutFences(text), @"\n\s*\n|\n(?=\*\*\d)")
            .Where(part => Regex.IsMatch(part.TrimStart(), @"^\*\*" + Id + @"\*\*")
                && !Regex.IsMatch(part, @"\bMUST\b"))
            .Select(part => part.Trim());

    /// <summary>Comments that cite: <c>// spec 4.2-3</c>, several ids parted by commas.</summary>
    public static IEnumerable<Requirement> CodeCitations(string file, string text) =>
        from match in Regex.Matches(text, @"//[^\n]*?\bspec\s+(" + Id + @"(?:\s*,\s*" + Id + @")*)")
        from id in match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)
        select new Requirement(id, file);

    /// <summary>Attributes that cite: <c>[Spec("4.2-3")]</c>. Comments do not count.</summary>
    public static IEnumerable<Requirement> TestCitations(string file, string text) =>
        from match in Regex.Matches(text, @"^(?!\s*//)[^\n]*?\[[^\n]*?\bSpec\(""[^\n]*", RegexOptions.Multiline)
        from id in Regex.Matches(match.Value, @"\bSpec\(""([^""]*)""\)")
        select new Requirement(id.Groups[1].Value, file);

    /// <summary>Waivers: <c>- 4.2-3: the reason</c>.</summary>
    public static IEnumerable<(string Id, string Reason)> Waivers(string text) =>
        from match in Regex.Matches(text, @"^- (" + Id + @"):(.*)$", RegexOptions.Multiline)
        select (match.Groups[1].Value, match.Groups[2].Value.Trim());

    private static string WithoutFences(string text) =>
        Regex.Replace(text.ReplaceLineEndings("\n"), @"^```.*?^```", "",
            RegexOptions.Multiline | RegexOptions.Singleline);
}
