using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NSec.Cryptography;

/// <summary>Room for libsodium's BLAKE2b state (384 bytes, aligned to 64) or its SHA-256 state (104 bytes), copied by value.</summary>
[InlineArray(Size)]
internal struct IncrementalHashState
{
    /// <summary>The larger of the two states.</summary>
    internal const int Size = 384;

    private byte _first;

    /// <summary>Runs <paramref name="action"/> on an aligned copy of the state, since a field of a managed struct has no alignment.</summary>
    internal unsafe void WithAligned(delegate*<void*, byte*, int, int, void> action, ReadOnlySpan<byte> bytes, int hashSize)
    {
        byte* room = stackalloc byte[Size + 64];
        byte* aligned = (byte*)(((nuint)room + 63) & ~(nuint)63);
        Span<byte> state = MemoryMarshal.CreateSpan(ref Unsafe.As<IncrementalHashState, byte>(ref this), Size);
        state.CopyTo(new Span<byte>(aligned, Size));
        fixed (byte* p = bytes)
        {
            action(aligned, p, bytes.Length, hashSize);
        }

        new Span<byte>(aligned, Size).CopyTo(state);
        Libsodium.sodium_memzero(aligned, Size);
    }

    /// <summary>Wipes the state: it may depend on a secret.</summary>
    internal unsafe void Clear()
    {
        fixed (byte* p = &_first)
        {
            Libsodium.sodium_memzero(p, Size);
        }
    }
}
