using System.IO.Pipelines;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Transport.Files;

/// <summary>Opening files, and turning the system's errors into one clear line.</summary>
internal static class FileStreams
{
    public static FileStream Open(LinkEndpoint endpoint, FileMode mode, FileAccess access)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.Scheme != LinkScheme.File)
        {
            throw new ArgumentException($"{endpoint} is not a file.", nameof(endpoint));
        }

        try
        {
            // No buffer of its own: the pipe has one.
            return new FileStream(endpoint.Target, mode, access, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failed(endpoint.Target, e);
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

    /// <summary>Completes a writer that has already failed: the first cause was told, and the same disk may fail once more.</summary>
    public static async ValueTask CompleteQuietlyAsync(PipeWriter writer, LinkException cause)
    {
        try
        {
            await writer.CompleteAsync(cause).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The stream is closed either way.
        }
    }
}
