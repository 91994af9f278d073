namespace LinkCodec.ModelBuilder.Import;

/// <summary>
/// A large file that is needed for a while: the system removes it with the process, however that ends.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private TemporaryFile(FileStream stream, string path) => (Stream, Path) = (stream, path);

    /// <summary>Takes the bytes.</summary>
    internal FileStream Stream { get; }

    /// <summary>Opens the file for reading, in this process.</summary>
    internal string Path { get; }

    /// <summary>Makes a file in a folder's file system.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    internal static TemporaryFile Create(string folder)
    {
        string path = System.IO.Path.Combine(folder, $".linkcodec-{System.IO.Path.GetRandomFileName()}.part");
        FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete,
            1 << 16, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsLinux())
        {
            return new TemporaryFile(stream, path);
        }

        File.Delete(path);
        return new TemporaryFile(stream,
            string.Create(null, $"/proc/self/fd/{stream.SafeFileHandle.DangerousGetHandle()}"));
    }

    /// <inheritdoc/>
    public void Dispose() => Stream.Dispose();
}
