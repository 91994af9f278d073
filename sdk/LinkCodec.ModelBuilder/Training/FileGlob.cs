using System.IO.Enumeration;

namespace LinkCodec.ModelBuilder.Training;

/// <summary>The pattern by which a recipe names files: <c>*</c> for any characters, <c>?</c> for one.</summary>
internal static class FileGlob
{
    /// <summary>
    /// Whether a glob fits a file's name with or without its ending: "handbook-*", "logs" and "adsb-frames.lp" all may.
    /// </summary>
    internal static bool Fits(string glob, string name) =>
        Matches(glob, name) || Matches(glob, Path.GetFileNameWithoutExtension(name));

    private static bool Matches(string glob, string name) =>
        FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false);
}
