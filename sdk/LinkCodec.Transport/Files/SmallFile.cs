using System.Security.Cryptography;

namespace LinkCodec.Transport.Files;

/// <summary>Reads files that are small: keys, recipes, scenarios.</summary>
internal static class SmallFile
{
    /// <summary>
    /// The whole of a regular file. Never waits, and never takes more than it says; the bytes stand nowhere else
    /// afterwards.
    /// </summary>
    /// <exception cref="IOException">The file is missing, longer, or a pipe or device, which may have no
    /// end.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static byte[] Read(string path, int most)
    {
        if (UnixFiles.Identify(path) is { Kind: not (FileKind.Regular or FileKind.Folder) })
        {
            throw new IOException($"'{path}' is no regular file: a pipe or a device is not read.");
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] bytes = new byte[(int)Math.Min(file.Length, most) + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        byte[] content = bytes[..length];
        CryptographicOperations.ZeroMemory(bytes);
        return length == bytes.Length
            ? throw new IOException(string.Create(null, $"'{path}' is longer than {most} bytes."))
            : content;
    }
}
