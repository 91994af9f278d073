using System.IO.MemoryMappedFiles;

namespace LinkCodec.ModelBuilder.ModelFiles;

/// <summary>A file seen by memory map: the system reads what is touched, and nothing of it is copied here.</summary>
/// <remarks>
/// Reads may run side by side; none may run during <see cref="Dispose"/>. The file must keep its length while it is
/// mapped: the system ends a process that touches pages which another program cut off.
/// </remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    /// <summary>Takes over a map.</summary>
    /// <param name="path">The file's name in messages.</param>
    /// <param name="map">Owned from here on.</param>
    /// <param name="length">Bytes of the file, 1 or more.</param>
    internal MappedFile(string path, MemoryMappedFile map, long length)
    {
        Path = path;
        Length = length;
        _map = map;
        _view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>The path where the file was opened.</summary>
    internal string Path { get; }

    /// <summary>The file's bytes.</summary>
    internal long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="Core.Primitives.LinkException">The file is not there, is empty, or cannot be read.</exception>
    internal static MappedFile Open(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length > 0
                ? new MappedFile(path, MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, length,
                    MemoryMappedFileAccess.Read), length)
                : throw ModelFileError.Refused(path, "the file is empty");
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ModelFileError.Refused(path, "cannot be read: " + ModelFileError.Shown(e.Message), e);
        }
    }

    /// <summary>Bytes of the file, valid until <see cref="Dispose"/>.</summary>
    internal ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    public void Dispose()
    {
        if (_start is not null)
        {
            _start = null;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _map.Dispose();
        }
    }
}
