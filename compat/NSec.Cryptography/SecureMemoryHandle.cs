using System.Runtime.InteropServices;

namespace NSec.Cryptography;

/// <summary>Secret bytes outside the garbage collector's reach (it would copy them); zeroed when released, by a finalizer if need be.</summary>
internal sealed unsafe class SecureMemoryHandle : SafeHandle
{
    private readonly int _length;

    internal SecureMemoryHandle(int length)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        Libsodium.EnsureInitialized();
        _length = length;
        SetHandle((IntPtr)NativeMemory.AllocZeroed((nuint)length));
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    internal int Length => _length;

    /// <summary>The bytes; valid while the caller holds a reference (<see cref="SafeHandle.DangerousAddRef"/>) or has just made the handle.</summary>
    internal Span<byte> DangerousSpan => new((void*)handle, _length);

    internal static SecureMemoryHandle CopyOf(ReadOnlySpan<byte> bytes)
    {
        SecureMemoryHandle copy = new(bytes.Length);
        bytes.CopyTo(copy.DangerousSpan);
        return copy;
    }

    protected override bool ReleaseHandle()
    {
        Libsodium.sodium_memzero((void*)handle, (nuint)_length);
        NativeMemory.Free((void*)handle);
        return true;
    }
}
