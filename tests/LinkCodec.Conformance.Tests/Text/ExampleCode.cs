using System.Text.RegularExpressions;

namespace LinkCodec.Conformance.Tests.Text;

/// <summary>The C# blocks of a Markdown text, and whether a source holds one.</summary>
internal static class ExampleCode
{
    public static IReadOnlyList<string> Blocks(string markdown) =>
        [.. Regex.Matches(markdown.ReplaceLineEndings("\n"), @"^```csharp\n(.*?)^```",
            RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value)];

    /// <summary>
    /// Whether the source holds the block's lines one after another, indentation and blank lines aside.
    /// </summary>
    public static bool Holds(string source, string block) =>
        ("\n" + Trimmed(source) + "\n").Contains("\n" + Trimmed(block) + "\n", StringComparison.Ordinal);

    private static string Trimmed(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim())
            .Where(line => line.Length > 0));
}
