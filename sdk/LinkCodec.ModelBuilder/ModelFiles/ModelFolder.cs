namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>Looks for files in a folder.</summary>
internal static class ModelFolder
{
    /// <summary>Paths of the files that match, in order, at most two: more is one too many anyway.</summary>
    /// <exception cref="Core.Primitives.LinkException">The folder cannot be read.</exception>
    internal static string[] Find(string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal).Take(2)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelFileError.Refused(folder, "cannot be read: " + ModelFileError.Shown(e.Message), e);
        }
    }
}
