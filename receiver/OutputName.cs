using LinkCodec.CommandLine;

namespace LinkCodec.Receiver;

/// <summary>Where messages go, as the command line names it.</summary>
/// <param name="Path">The path of the file or folder.</param>
/// <param name="IsStandard">Whether it is standard output.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
internal readonly record struct OutputName(string Path, bool IsStandard, bool IsFolder)
{
    private const string FileScheme = "file:";

    public static OutputName Read(string text)
    {
        bool isNamed = text.StartsWith(FileScheme, StringComparison.Ordinal);
        string path = isNamed ? text[FileScheme.Length..] : text;
        bool isStandard = StandardStreams.IsOutput(path);
        return path.Length == 0
            ? throw new UsageException("--output needs a folder, file:PATH or -")
            : new OutputName(path, isStandard, !isStandard && !isNamed && !File.Exists(path));
    }
}
