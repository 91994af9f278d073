namespace LinkCodec.State;

/// <summary>The files of a state folder: what the logs ask of a disk. Not thread-safe.</summary>
/// <remarks>
/// What is written is safe from a power cut once <see cref="IStateFile.Sync"/> has returned, and that a file is there,
/// or is gone, once <see cref="SyncNames"/> has. All members throw <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/> where the system refuses.
/// </remarks>
internal interface IStateFiles : IDisposable
{
    /// <summary>The names of the files that are there, in no order.</summary>
    IReadOnlyList<string> Names();

    /// <summary>Makes an empty file, in place of one that has the name.</summary>
    IStateFile Create(string name);

    /// <summary>Opens a file that is there.</summary>
    IStateFile Open(string name);

    /// <summary>Removes a file.</summary>
    void Delete(string name);

    /// <summary>Makes durable which files there are.</summary>
    void SyncNames();
}

/// <summary>A file of a state folder. Not thread-safe, but for <see cref="Read"/> beside the others.</summary>
internal interface IStateFile : IDisposable
{
    /// <summary>Bytes of the file.</summary>
    long Length { get; }

    /// <summary>Reads bytes; fewer than the buffer holds at the end of the file alone.</summary>
    int Read(Span<byte> buffer, long at);

    /// <summary>Writes all bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes, long at);

    /// <summary>Cuts the file off.</summary>
    void Truncate(long length);

    /// <summary>Makes durable what was written.</summary>
    void Sync();
}
