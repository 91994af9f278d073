namespace LinkCodec.Benchmarks;

/// <summary>The part of a document that a command writes: what stands between two comments.</summary>
internal static class MarkedText
{
    private const int Columns = 120;

    /// <summary>Replaces the part.</summary>
    /// <param name="path">A Markdown file with the lines <c>&lt;!-- NAME: begin --&gt;</c> and <c>&lt;!-- NAME: end
    /// --&gt;</c>.</param>
    /// <param name="name">The part's name.</param>
    /// <param name="text">The text that is to stand there.</param>
    /// <exception cref="IOException">The file does not exist or has no such part.</exception>
    public static void Replace(string path, string name, string text)
    {
        (string begin, string end) = ($"<!-- {name}: begin -->", $"<!-- {name}: end -->");
        string document = File.ReadAllText(path);
        int from = document.IndexOf(begin, StringComparison.Ordinal);
        int to = document.IndexOf(end, StringComparison.Ordinal);
        if (from < 0 || to < from)
        {
            throw new IOException($"{path} has no lines '{begin}' and '{end}'.");
        }

        File.WriteAllText(path, $"{document[..from]}{begin}\n\n{Wrapped(text.Trim())}\n\n{document[to..]}");
    }

    // Prose of the documents ends at this column. A list item goes on under its text; rows of tables stay whole.
    private static string Wrapped(string text) => string.Join('\n', text.Split('\n').SelectMany(Wrap));

    private static IEnumerable<string> Wrap(string line)
    {
        string indent = line.StartsWith("- ", StringComparison.Ordinal) ? "  " : "";
        while (line.Length > Columns && !line.StartsWith('|') && line.LastIndexOf(' ', Columns) is int at and > 2)
        {
            yield return line[..at];
            line = indent + line[(at + 1)..];
        }

        yield return line;
    }
}
