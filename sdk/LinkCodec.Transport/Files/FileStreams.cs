using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Files;

/// <summary>Opening files, and turning the system's errors into one clear line.</summary>
internal static class FileStreams
{
    // No buffer of its own: the pipe has one.
    public static Stream Open(string path) =>
        Open(path, _ => StandardFiles.IsInput(path) ? StandardFiles.OpenInput() : new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0,
            FileOptions.SequentialScan | FileOptions.Asynchronous));

    public static OutputFile Create(string path) => Open(path, _ => OutputFile.Create(path));

    private static T Open<T>(string path, Func<string, T> open)
    {
        try
        {
            return open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failed(path, e);
        }
    }

    public static LinkException Failed(string name, Exception cause)
    {
        string reason = cause switch
        {
            FileNotFoundException => "there is no such file.",
            DirectoryNotFoundException => "there is no such directory.",
            UnauthorizedAccessException => "access is denied, or it is a directory.",
            _ => cause.Message.ReplaceLineEndings(" "),
        };
        return new LinkException(LinkErrorCode.TransportFailed, $"{name}: {reason}", cause);
    }
}
