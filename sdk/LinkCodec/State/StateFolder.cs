using LinkCodec.Transport.Files;

namespace LinkCodec.State;

/// <summary>
/// A folder on a disk, which one process has at a time. Made with mode 0700 if it is missing, its files with 0600:
/// messages stand in them as they are.
/// </summary>
internal sealed class StateFolder : IStateFiles
{
    private const string LockName = "lock";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly FileStream _lock;

    private StateFolder(string path, FileStream taken) => (_path, _lock) = (path, taken);

    /// <summary>Opens the folder, and keeps all other processes out.</summary>
    /// <exception cref="LinkStateException">Another process has it, or it cannot be made or written.</exception>
    public static StateFolder Take(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            Make(full);
            return new StateFolder(full, OpenFile(Path.Combine(full, LockName), FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException e) when (IsTaken(e))
        {
            throw new LinkStateException($"The state '{path}' is in use by another process.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LinkStateException($"The state '{path}' cannot be used: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    public IReadOnlyList<string> Names() => [.. Directory.EnumerateFiles(_path).Select(Path.GetFileName)
        .OfType<string>().Where(name => name != LockName)];

    public IStateFile Create(string name) => new DiskFile(OpenFile(Path.Combine(_path, name), FileMode.Create));

    public IStateFile Open(string name) => new DiskFile(OpenFile(Path.Combine(_path, name), FileMode.Open));

    public void Delete(string name) => File.Delete(Path.Combine(_path, name));

    public void SyncNames() => UnixFiles.SyncFolder(_path);

    public void Dispose() => _lock.Dispose();



    private static void Make(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
        }

        if (Path.GetDirectoryName(path) is { } parent)
        {
            UnixFiles.SyncFolder(parent);
        }
    }

    private static FileStream OpenFile(string path, FileMode mode, FileShare share = FileShare.ReadWrite)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
        {
            options.UnixCreateMode = Owner;
        }

        return new FileStream(path, options);
    }

    // .NET tells a lock of another process by the error of the system call alone.
    private static bool IsTaken(IOException e) =>
        e.GetType() == typeof(IOException)
            && e.Message.Contains("being used by another process", StringComparison.Ordinal);

    private sealed class DiskFile(FileStream file) : IStateFile
    {
        public long Length => RandomAccess.GetLength(file.SafeFileHandle);

        public int Read(Span<byte> buffer, long at)
        {
            int got = 0;
            while (got < buffer.Length
                && RandomAccess.Read(file.SafeFileHandle, buffer[got..], at + got) is > 0 and int more)
            {
                got += more;
            }

            return got;
        }

        public void Write(ReadOnlySpan<byte> bytes, long at) => RandomAccess.Write(file.SafeFileHandle, bytes, at);

        public void Truncate(long length) => RandomAccess.SetLength(file.SafeFileHandle, length);

        public void Sync() => RandomAccess.FlushToDisk(file.SafeFileHandle);

        public void Dispose() => file.Dispose();
    }
}
