namespace NSec.Cryptography;

/// <summary>Keeps a handle alive while its bytes are in use, even if another thread disposes the key meanwhile.</summary>
internal readonly ref struct SecretScope
{
    private readonly SecureMemoryHandle _handle;

    internal SecretScope(SecureMemoryHandle handle, object owner)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, owner);
        bool added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
    }

    internal ReadOnlySpan<byte> Bytes => _handle.DangerousSpan;

    public void Dispose() => _handle.DangerousRelease();
}
