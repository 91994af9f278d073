using Xunit;

namespace LinkCodec.Tests.Language.Tokenization;

/// <summary>
/// A fact about files that are too large to commit; skipped, with a line that says so, where they are not on the
/// machine.
/// </summary>
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(params string[] paths)
    {
        if (paths.FirstOrDefault(path => Find(path) is null) is { } missing)
        {
            Skip = $"There is no shared/{missing} here (LINKCODEC_SHARED names another place).";
        }
    }

    /// <summary>
    /// A file or folder below the shared folder: the variable's, or one beside a folder around the tests.
    /// </summary>
    internal static string? Find(string path)
    {
        if (Environment.GetEnvironmentVariable("LINKCODEC_SHARED") is { Length: > 0 } named)
        {
            return Existing(Path.Combine(named, path));
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", path)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static string? Existing(string path) => Path.Exists(path) ? path : null;
}
