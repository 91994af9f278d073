using System.Buffers;
using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Text;
using LinkCodec.Core.Primitives;

namespace LinkCodec.Models.Language.Store;

/// <summary>
/// Tensors of a file in the layout of <see cref="TensorStoreLayout"/>, where they lie: nothing is copied. Thread-safe
/// until it is disposed of.
/// </summary>
/// <remarks>
/// Strict: one layout is read, so that offsets, overlaps and gaps need no rule of their own. Memory grows with the list
/// of names alone. Spans and addresses hold as long as the reader is not disposed of.
/// </remarks>
internal sealed unsafe class TensorStoreReader : IDisposable
{
    /// <summary>More tensors than this are refused.</summary>
    internal const int MaxTensors = 8192;

    private const int LongestName = 64;
    private const int MaxDimensions = 4;
    private readonly Dictionary<string, StoredTensor> _byName = new(StringComparer.Ordinal);
    private readonly List<StoredTensor> _tensors = [];
    private readonly string _where;
    private readonly byte* _bytes;
    private readonly long _length;
    private readonly IDisposable[] _owned;
    private readonly SafeBuffer? _view;
    private bool _disposed;

    private TensorStoreReader(byte* bytes, long length, string where, SafeBuffer? view, params IDisposable[] owned)
    {
        _bytes = bytes;
        (_length, _where, _view, _owned) = (length, where, view, owned);
        try
        {
            ReadList();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The store's name in errors.</summary>
    internal string Where => _where;

    /// <summary>The tensors, in the file's order.</summary>
    internal IReadOnlyList<StoredTensor> Tensors => _tensors;

    /// <summary>Opens a file by memory map: pages are read when they are touched.</summary>
    /// <exception cref="LinkException">SnapshotNotFound: the file cannot be read, or is no store.</exception>
    internal static TensorStoreReader Open(string path)
    {
        MemoryMappedFile? file = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long length = stream.Length;
            file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read,
                HandleInheritability.None, leaveOpen: false);
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* bytes = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref bytes);
            return new TensorStoreReader(bytes, length, path, view.SafeMemoryMappedViewHandle, view, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException
            or ArgumentException)
        {
            view?.Dispose();
            file?.Dispose();
            throw new LinkException(LinkErrorCode.SnapshotNotFound, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Opens a store in memory; the bytes are kept where they are and must not change.</summary>
    /// <param name="store">The whole file.</param>
    /// <param name="where">The store's name in errors.</param>
    /// <exception cref="LinkException">SnapshotNotFound: it is no store.</exception>
    internal static TensorStoreReader Read(ReadOnlyMemory<byte> store, string where)
    {
        MemoryHandle pin = store.Pin();
        return new TensorStoreReader((byte*)pin.Pointer, store.Length, where, null, pin);
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    internal bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>A tensor that must be there in just this form.</summary>
    /// <exception cref="LinkException">SnapshotNotFound: it is not, or in another form.</exception>
    internal StoredTensor Find(string name, TensorType type, params ReadOnlySpan<int> dimensions)
    {
        if (!_byName.TryGetValue(name, out StoredTensor? tensor))
        {
            throw Bad($"expected a tensor '{name}', found none");
        }

        return tensor.Type == type && dimensions.SequenceEqual(tensor.Dimensions)
            ? tensor
            : throw Bad($"expected '{name}' as {type} [{string.Join(',', dimensions.ToArray())}], found {tensor.Type} "
                + $"[{string.Join(',', tensor.Dimensions)}]");
    }

    /// <summary>The numbers of a tensor of signed bytes.</summary>
    /// <exception cref="LinkException">SnapshotNotFound: it is not there, or in another form.</exception>
    internal ReadOnlySpan<sbyte> Int8(string name, params ReadOnlySpan<int> dimensions) =>
        MemoryMarshal.Cast<byte, sbyte>(Bytes(Find(name, TensorType.Int8, dimensions)));

    /// <summary>The numbers of a tensor of floats, on a machine that stores them little-endian.</summary>
    /// <exception cref="LinkException">SnapshotNotFound: it is not there, or in another form.</exception>
    internal ReadOnlySpan<float> Float32(string name, params ReadOnlySpan<int> dimensions) =>
        MemoryMarshal.Cast<byte, float>(Bytes(Find(name, TensorType.Float32, dimensions)));

    /// <summary>The bytes of a tensor of this store.</summary>
    /// <exception cref="LinkException">LimitExceeded: they are more than one span holds.</exception>
    internal ReadOnlySpan<byte> Bytes(StoredTensor tensor) => tensor.Size <= int.MaxValue
        ? new ReadOnlySpan<byte>((byte*)Address(tensor), (int)tensor.Size)
        : throw new LinkException(LinkErrorCode.LimitExceeded,
            $"{_where}: '{tensor.Name}' has {tensor.Size} bytes, at most {int.MaxValue} fit one span.");

    /// <summary>The address of a tensor of this store, for native code that only reads.</summary>
    internal nint Address(StoredTensor tensor)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return (nint)(_bytes + tensor.Offset);
    }

    /// <summary>An error about this store.</summary>
    internal LinkException Bad(string what) => new(LinkErrorCode.SnapshotNotFound, $"{_where}: {what}.");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _view?.ReleasePointer();
            foreach (IDisposable owned in _owned)
            {
                owned.Dispose();
            }
        }
    }

    // spec 11.9-2
    private void ReadList()
    {
        if (_length < TensorStoreLayout.TailLength)
        {
            throw Bad($"{_length} bytes are no tensor store");
        }

        var tail = new ReadOnlySpan<byte>(_bytes + _length - TensorStoreLayout.TailLength,
            TensorStoreLayout.TailLength);
        long list = BinaryPrimitives.ReadInt64LittleEndian(tail), listEnd = _length - TensorStoreLayout.TailLength;
        int count = BinaryPrimitives.ReadInt32LittleEndian(tail[8..]);
        if (BinaryPrimitives.ReadUInt64LittleEndian(tail[12..]) != TensorStoreLayout.Magic)
        {
            throw Bad("no tensor store of this version ends so");
        }

        if (count is < 0 or > MaxTensors || list < 0 || list > listEnd
            || listEnd - list > MaxTensors * (long)(LongestName + 11 + (4 * MaxDimensions)))
        {
            throw Bad("the list of tensors does not fit the file");
        }

        var names = new ReadOnlySpan<byte>(_bytes + list, (int)(listEnd - list));
        long end = 0; // end of the tensors so far
        for (int i = 0; i < count; i++)
        {
            StoredTensor tensor = ReadEntry(ref names, i);
            long begin = (end + TensorStoreLayout.Alignment - 1) & -TensorStoreLayout.Alignment;
            if (tensor.Offset != begin || tensor.Size > list - begin)
            {
                throw Bad($"'{tensor.Name}' does not lie where its turn is");
            }

            end = begin + tensor.Size;
            _tensors.Add(tensor);
            if (!_byName.TryAdd(tensor.Name, tensor))
            {
                throw Bad($"'{tensor.Name}' comes twice");
            }
        }

        if (end != list || !names.IsEmpty)
        {
            throw Bad("bytes that belong to no tensor");
        }
    }

    private StoredTensor ReadEntry(ref ReadOnlySpan<byte> names, int index)
    {
        int length = names.IsEmpty ? 0 : names[0];
        if (length is 0 or > LongestName || names.Length < length + 3
            || names.Slice(1, length).ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            throw Bad($"tensor {index} has no name");
        }

        string name = Encoding.ASCII.GetString(names.Slice(1, length));
        int type = names[1 + length], rank = names[2 + length];
        names = names[(3 + length)..];
        if (type > (int)TensorType.Float32 || rank is 0 or > MaxDimensions || names.Length < (4 * rank) + 8)
        {
            throw Bad($"'{name}' has an unknown form");
        }

        int[] dimensions = new int[rank];
        long numbers = 1;
        for (int d = 0; d < rank; d++)
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(names[(4 * d)..]);
            if (size < 1 || numbers > _length / size)
            {
                throw Bad($"'{name}' is larger than the file");
            }

            (dimensions[d], numbers) = (size, numbers * size);
        }

        long offset = BinaryPrimitives.ReadInt64LittleEndian(names[(4 * rank)..]);
        names = names[((4 * rank) + 8)..];
        return new StoredTensor(name, (TensorType)type, dimensions, offset);
    }
}
