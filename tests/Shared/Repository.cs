namespace LinkCodec.Tests.Shared;

/// <summary>The working tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = ["bin", "obj", "artifacts", "TestResults", ".git", ".work",
        "__pycache__"];

    /// <summary>The folder that holds LinkCodec.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path that is given from the root on, with '/'.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>
    /// Files under the given folders with one of the endings, as paths relative to the root with '/', in order.
    /// </summary>
    public static IReadOnlyList<string> Files(string[] folders, params string[] endings) =>
        [.. folders.Select(PathOf).Where(Directory.Exists).SelectMany(Walk)
            .Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
            .Where(child => !Skipped.Contains(Path.GetFileName(child)) && File.ResolveLinkTarget(child, false) is null)
            .SelectMany(Walk));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LinkCodec.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException("LinkCodec.sln is in no folder above " + AppContext.BaseDirectory);
    }
}
