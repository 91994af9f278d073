namespace LinkCodec.Fuzz;

/// <summary>
/// The committed inputs of a target: corpus/TARGET/, one input a file. Good ones, bad ones, and every finding once
/// fixed.
/// </summary>
public static class Corpus
{
    /// <summary>The folder of all of them.</summary>
    internal static string Root { get; } = Repository.PathOf("tests/LinkCodec.Fuzz/corpus");

    /// <summary>The inputs by file name, in order; empty where the target has none.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Of(string target)
    {
        string folder = Path.Combine(Root, target);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
                .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))]
            : [];
    }

    /// <summary>The names of the folders that there are.</summary>
    public static IEnumerable<string> Folders() =>
        Directory.EnumerateDirectories(Root).Select(path => Path.GetFileName(path)!);
}
