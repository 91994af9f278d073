using System.Buffers;

namespace LinkCodec.Core.Session;

/// <summary>Bytes in a rented array, exactly as long as their content; goes back to its pool, erased, at the first <see cref="Dispose"/>.</summary>
internal sealed class PooledBytes : IMemoryOwner<byte>
{
    private readonly ArrayPool<byte> _pool;
    private readonly int _length;
    private byte[]? _array;

    public PooledBytes(ArrayPool<byte> pool, ReadOnlySpan<byte> content)
    {
        _pool = pool;
        _length = content.Length;
        _array = pool.Rent(Math.Max(1, content.Length)); // The empty array is shared by all who rent nothing.
        content.CopyTo(_array);
    }

    public Memory<byte> Memory => (_array ?? throw new ObjectDisposedException(nameof(PooledBytes))).AsMemory(0, _length);

    public void Dispose()
    {
        byte[]? array = _array;
        _array = null;
        if (array is not null)
        {
            _pool.Return(array, clearArray: true); // It held plaintext, and the pool is everybody's.
        }
    }
}
