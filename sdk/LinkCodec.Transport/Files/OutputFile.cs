namespace LinkCodec.Transport.Files;

/// <summary>
/// A file that takes its name when it is whole: it is written beside, and renamed by <see cref="Commit"/>. Until then a
/// file that has the name stays as it is.
/// </summary>
/// <remarks>
/// Symbolic links are followed. A pipe or a device is written to directly, and so is standard output, which is also
/// named <c>-</c>: there is nothing to rename. Not thread-safe. A process that is killed leaves
/// <c>.linkcodec-*.part</c> behind.
/// </remarks>
internal sealed class OutputFile : IDisposable, IAsyncDisposable
{
    private const int MostLinks = 40;

    private readonly string? _draft;
    private readonly string _target;
    private readonly Stream _stream;
    private readonly bool _replaces;
    private bool _done;

    private OutputFile(Stream stream, string? draft, string target, bool replaces) =>
        (_stream, _draft, _target, _replaces) = (stream, draft, target, replaces);

    /// <summary>The stream that the content goes to; closed by <see cref="Commit"/> and on disposal.</summary>
    public Stream Stream => _stream;

    /// <summary>Begins a file.</summary>
    /// <param name="path">The name that it is to have.</param>
    /// <param name="inputs">Files that it must not be, under any of their names. Checked before anything is
    /// written.</param>
    /// <exception cref="IOException">The file is one of the inputs, a directory, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static OutputFile Create(string path, params ReadOnlySpan<string> inputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireOther(path, inputs);
        if (StandardFiles.IsOutput(path))
        {
            return new OutputFile(StandardFiles.OpenOutput(), null, path, replaces: true);
        }

        FileKind? kind = UnixFiles.Identify(path)?.Kind;
        if (kind == FileKind.Folder || Directory.Exists(path))
        {
            throw new UnauthorizedAccessException($"'{path}' is a directory.");
        }

        if (kind is not (null or FileKind.Regular))
        {
            return new OutputFile(new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite,
                bufferSize: 0, FileOptions.Asynchronous), null, path, replaces: true);
        }

        string target = Resolve(path);
        string folder = Path.GetDirectoryName(target) is { Length: > 0 } named ? named : ".";
        if (UnixFiles.IsRaw(folder))
        {
            folder = UnixFiles.OpenPath(folder)
                ?? throw new DirectoryNotFoundException($"'{path}': there is no such directory.");
        }

        target = Path.Combine(folder, Path.GetFileName(target));
        UnixFileMode? mode = OldMode(target);
        string draft = DraftIn(folder);
        FileStream stream = new(draft, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16,
            FileOptions.Asynchronous);
        if (mode is { } same && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(stream.SafeFileHandle, same);
        }

        return new OutputFile(stream, draft, target, replaces: true);
    }

    /// <summary>
    /// Begins a file whose name nobody may have when it is committed. Its content stays in no buffer of this process.
    /// </summary>
    /// <param name="path">The name.</param>
    /// <param name="mode">The file's permissions, from the first byte on; null for what is usual.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static OutputFile CreateNew(string path, UnixFileMode? mode = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string draft = DraftIn(Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return new OutputFile(new FileStream(draft, options), draft, path, replaces: false);
    }

    /// <summary>Refuses an output that is an input too, also through hard or symbolic links. Opens nothing.</summary>
    /// <exception cref="IOException">The output is one of the inputs.</exception>
    public static void RequireOther(string path, params ReadOnlySpan<string> inputs)
    {
        path = StandardFiles.IsOutput(path) ? "/dev/stdout" : path;
        FileIdentity? own = UnixFiles.Identify(path);
        foreach (string given in inputs)
        {
            string input = StandardFiles.IsInput(given) ? "/dev/stdin" : given;
            bool isSame = own is null
                ? Path.GetFullPath(Resolve(path)) == Path.GetFullPath(Resolve(input))
                : own is { Kind: FileKind.Regular } && own == UnixFiles.Identify(input);
            if (isSame && (own is not null || File.Exists(input)))
            {
                throw new IOException($"'{path}' is the input '{input}' too: nothing was written.");
            }
        }
    }

    /// <summary>Says that the content is whole: writes it out, closes the file, and gives it its name.</summary>
    /// <exception cref="IOException">The file could not be written; the old one is as it was.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_done, this);
        if (_draft is null)
        {
            _stream.Flush();
            Dispose();
            return;
        }

        // A lost file may have an older one's place, and then both would be gone.
        ((FileStream)_stream).Flush(flushToDisk: _replaces);
        _stream.Dispose();
        if (UnixFiles.IsRaw(_target))
        {
            UnixFiles.Rename(_draft, _target);
        }
        else
        {
            File.Move(_draft, _target, _replaces);
        }

        _done = true;
    }

    /// <summary>Closes the file; without <see cref="Commit"/>, what was written is removed.</summary>
    public void Dispose()
    {
        if (_done)
        {
            return;
        }

        _done = true;
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // A full disk, most likely: it is given up anyway, and whoever wrote was told.
        }

        if (_draft is not null)
        {
            File.Delete(_draft);
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static string DraftIn(string folder) => Path.Combine(folder, $".linkcodec-{Path.GetRandomFileName()}.part");

    /// <summary>The file that a path leads to: it need not be there.</summary>
    private static string Resolve(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        }

        for (int i = 0; i < MostLinks && UnixFiles.ReadLink(path) is { } next; i++)
        {
            path = Path.Combine(Path.GetDirectoryName(path) ?? "", next);
        }

        return path;
    }

    /// <summary>The permissions of the file that is replaced, which must be one that may be written.</summary>
    private static UnixFileMode? OldMode(string target)
    {
        string path = UnixFiles.IsRaw(target) ? UnixFiles.OpenPath(target) ?? target : target;
        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            return null;
        }

        using FileStream old = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        return File.GetUnixFileMode(old.SafeFileHandle);
    }
}
