namespace LinkCodec.Tests.Snapshots;

/// <summary>Finds the vectors of the spec from wherever the tests run.</summary>
internal static class VectorFiles
{
    public static string Root { get; } = FindRoot();

    public static string Read(string name) => File.ReadAllText(Path.Combine(Root, "protocol-spec", "vectors", name));

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "LinkCodec.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
